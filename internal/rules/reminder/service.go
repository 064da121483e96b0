package reminder

import (
	"context"
	"slices"
	"time"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Errors of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "not-found", "no such reminder")
	// ErrActed means that there is nothing left to put off: it was done, or never sent.
	ErrActed = fault.New(fault.Conflict, "already-acted", "the reminder can no longer be put off")
)

// Planned is a reminder as the patient sees it: one that was decided, or one that
// lies ahead if nothing changes until then.
type Planned struct {
	Slot    id.Slot
	Kind    Kind
	Date    localtime.Date
	DueAt   time.Time
	Expires time.Time
	State   string // planned, due, sent, skipped, expired or undelivered
	Reason  Reason
	Opened  bool
	arm     Arm
}

// Overview is what a patient sees of reminders. Ask says that the last few were not
// opened: the app asks what would help.
type Overview struct {
	Language  people.Language
	Reminders []Planned
	Ask       bool
	Silent    bool // no more are sent until the patient answers
}

// Service is the use cases of patients.
type Service struct {
	guard  *access.Guard
	loader loader
}

// NewService returns the service.
func NewService(guard *access.Guard, questions Questionnaires, lot Lot) *Service {
	return &Service{guard: guard, loader: newLoader(questions, lot)}
}

// ahead is how many days a patient sees ahead, back how many behind.
const (
	ahead = 2
	back  = 7
)

// Mine returns the viewer's reminders of the last 7 days and of the next 2, the earliest first.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (Overview, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListMyReminders), func(tx *database.Tx) (Overview, error) {
		folders, err := s.loader.load(tx, []id.Patient{v.Patient})
		if err != nil {
			return Overview{}, err
		}
		f, today := folders[v.Patient], localtime.Today(tx.Now(), folders[v.Patient].zone)
		decided, err := newStore(tx).slotsSince(v.Patient, today.AddDays(-back))
		if err != nil {
			return Overview{}, err
		}
		o := Overview{Language: f.patient.Language}
		for _, sl := range decided {
			o.Reminders = append(o.Reminders, seen(sl))
		}
		err = s.preview(tx, f, today, decided, &o)
		slices.SortStableFunc(o.Reminders, func(a, b Planned) int { return a.DueAt.Compare(b.DueAt) })
		return o, err
	})
}

// seen is a slot in the patient's words for how it stands.
func seen(sl slot) Planned {
	p := Planned{
		Slot: sl.ID, Kind: sl.Kind, Date: sl.Date, DueAt: sl.DueAt, Expires: sl.ExpiresAt, State: string(sl.State),
		Reason: sl.Reason, Opened: sl.Opened, arm: sl.Arm,
	}
	switch sl.State {
	case stateSending:
		p.State = string(stateDue)
	case stateDead:
		p.State = "undelivered"
	}
	return p
}

// preview adds what lies ahead. A slot whose lot leaves it out is not planned: a phone that shows it
// by itself would spoil what is measured.
func (s *Service) preview(tx *database.Tx, f *folder, today localtime.Date, decided []slot, o *Overview) error {
	for days := range ahead + 1 {
		for _, kind := range scheduled {
			sl := f.slotOn(kind, today.AddDays(days))
			known := slices.ContainsFunc(decided, func(other slot) bool { return other.ID == sl.ID })
			if known || !sl.ExpiresAt.After(tx.Now()) || !localtime.Exists(sl.Date, f.zone) {
				continue
			}
			facts, err := s.loader.facts(tx, f, sl)
			if err != nil {
				return err
			}
			o.Ask, o.Silent = facts.Ignored >= f.policy.HalveAfter, facts.Ignored >= f.policy.SilenceAfter
			if p, is := s.planned(facts, sl); is {
				o.Reminders = append(o.Reminders, p)
				f.sent = append([]sentSlot{{id: sl.ID, kind: kind, date: sl.Date, at: p.DueAt}}, f.sent...)
			}
		}
	}
	return nil
}

func (s *Service) planned(f Facts, sl slot) (Planned, bool) {
	if !triggers[sl.Kind].applies(f) {
		return Planned{}, false
	}
	f.LastSeen = sl.DueAt.Add(-f.Policy.AppRest) // the app is open now; it will not be then
	v := Decide(f, sl.DueAt)
	at := sl.DueAt
	if v.Outcome == Hold && v.Until.Before(sl.ExpiresAt) {
		at = v.Until
	} else if v.Outcome != Send {
		return Planned{}, false
	}
	arm := Draw(Chances(f), s.loader.lot(sl.ID))
	if arm == Nothing {
		return Planned{}, false
	}
	return Planned{
		arm:     arm,
		Slot:    sl.ID,
		Kind:    sl.Kind,
		Date:    sl.Date,
		DueAt:   at,
		Expires: sl.ExpiresAt,
		State:   "planned",
		Reason:  Due,
	}, true
}

// Text is what the phone shows of a planned reminder.
func (p Planned) Text(l people.Language) string { return p.Kind.text(p.arm, l) }

// Event is something that happened to a push on the phone.
type Event string

// The events.
const (
	Delivered Event = "delivered"
	Opened    Event = "opened"
	Acted     Event = "acted"
	Dismissed Event = "dismissed"
)

// Receive notes what happened to a reminder on the viewer's phone, once: the first moment stays. One that was
// acted on or opened was delivered too.
func (s *Service) Receive(ctx context.Context, v access.Viewer, reminder id.Slot, event Event, at time.Time) error {
	return access.Change(ctx, s.guard, v.AsksOwn(access.RecordReminderReceipt).Alone(), func(tx *database.Tx) error {
		sl, err := newStore(tx).slot(v.Patient, reminder)
		if err != nil {
			return err
		}
		received := at
		if received.After(tx.Now()) {
			received = tx.Now() // a phone's clock may run ahead
		}
		return newStore(tx).receive(sl.ID, event, received)
	})
}

const (
	maxSnoozes = 3              // how often one reminder can be put off
	snoozable  = 12 * time.Hour // after it expired; then it is yesterday's
)

// Snooze sends a reminder again after some time, however many there were: the patient asked for it.
// The same request again changes nothing.
func (s *Service) Snooze(
	ctx context.Context, v access.Viewer, reminder id.Slot, snooze id.Snooze, wait time.Duration,
) (time.Time, bool, error) {
	ask := v.AsksOwn(access.SnoozeReminder).Alone()
	return access.Create(ctx, s.guard, ask, func(tx *database.Tx) (time.Time, bool, error) {
		store := newStore(tx)
		sl, err := store.slot(v.Patient, reminder)
		if err != nil {
			return time.Time{}, false, err
		}
		hash := database.BodyHash([]any{sl.ID, wait})
		if until, err := store.repeatedSnooze(v.Patient, snooze, hash); err != nil || !until.IsZero() {
			return until, false, err
		}
		isOver := tx.Now().Sub(sl.ExpiresAt) > snoozable
		if isOver || sl.State != stateSent || sl.Acted || sl.Kind == Feedback || sl.Snoozes >= maxSnoozes {
			return time.Time{}, false, ErrActed
		}
		until := tx.Now().Add(wait)
		return until, true, store.snooze(sl, snooze, until, hash)
	})
}
