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
	// ErrActed means that the reminder can no longer be snoozed: the exercises were done, or it was never sent.
	ErrActed = fault.New(fault.Conflict, "already-acted", "the reminder can no longer be put off")
)

// Planned is a reminder as the patient sees it: already decided, or expected if nothing changes until then.
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

// Overview is what a patient sees of reminders. Ask means that the last few were not opened, so the app asks what would
// help.
type Overview struct {
	Language  people.Language
	Reminders []Planned
	Ask       bool
	Silent    bool // no more are sent until the patient responds
}

// Service implements the use cases of patients.
type Service struct {
	guard  *access.Guard
	loader loader
}

// NewService returns the service.
func NewService(guard *access.Guard, questions Questionnaires, seedOf SeedOf) *Service {
	return &Service{guard: guard, loader: newLoader(questions, seedOf)}
}

// ahead is how many future days a patient sees, back how many past ones.
const (
	ahead = 2
	back  = 7
)

// Mine returns the viewer's reminders of the last 7 days and the next 2, earliest first.
func (s *Service) Mine(ctx context.Context, v access.Viewer) (Overview, error) {
	return access.Read(ctx, s.guard, v.AsksOwn(access.ListMyReminders), func(tx *database.Tx) (Overview, error) {
		loaded, err := s.loader.load(tx, []id.Patient{v.Patient})
		if err != nil {
			return Overview{}, err
		}
		f, today := loaded[v.Patient], localtime.Today(tx.Now(), loaded[v.Patient].zone)
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

// seen describes a slot for the patient.
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

// preview adds future slots. It leaves out slots that chance will not send, because a phone that showed them anyway
// would spoil the measurement.
func (s *Service) preview(tx *database.Tx, f *patientData, today localtime.Date, decided []slot, o *Overview) error {
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
	if !occasions[sl.Kind].applies(f) {
		return Planned{}, false
	}
	f.LastSeen = sl.DueAt.Add(-f.Policy.AppRest) // the app is in use now, but will not be then
	v := Decide(f, sl.DueAt)
	at := sl.DueAt
	if v.Outcome == Hold && v.Until.Before(sl.ExpiresAt) {
		at = v.Until
	} else if v.Outcome != Send {
		return Planned{}, false
	}
	arm := Draw(Chances(f), s.loader.seedOf(sl.ID))
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

// Text is the text of a planned reminder on the phone.
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

// Receive stores an event of a reminder on the viewer's phone; the first time of each stays. A reminder that was opened
// or acted on was also delivered.
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
	maxSnoozes = 3              // how often one reminder can be snoozed
	snoozable  = 12 * time.Hour // after it expired; later it belongs to yesterday
)

// Snooze sends a reminder again after some time. No limit applies, because the patient asked for it. Repeating it
// changes nothing.
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
