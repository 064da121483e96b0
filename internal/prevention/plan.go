package prevention

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cadans/internal/access"
	"cadans/internal/activity"
	"cadans/internal/alert"
	"cadans/internal/database"
	"cadans/internal/exercise"
	"cadans/internal/fault"
	"cadans/internal/id"
	"cadans/internal/intake"
	"cadans/internal/people"
	"cadans/internal/program"
	"cadans/internal/queue"
	"cadans/internal/safety"
	"cadans/internal/session"
	"cadans/internal/settings"
	"cadans/pkg/localtime"
)

// RuleVersion is the number of the rules in this package.
const RuleVersion = 1

// Errors of this package.
var (
	ErrNoPlan = fault.New(fault.NotFound, "not-found", "no walking plan")
	ErrFull   = fault.New(fault.Conflict, "program-full", "the program has four items and none of them is a walk")
)

// JobKind is the job that decides about the week.
const JobKind queue.Kind = "walking_week"

// The kinds of alerts of this package.
const (
	ContactKind    alert.Kind = "walking_contact"
	RestartKind    alert.Kind = "walking_restart"
	LowerLimbKind  alert.Kind = "adverse_event"
	RecurrenceKind alert.Kind = "recurrence"
)

// deciding is when a week is decided: the last minute of Sunday, and once more two days later, when a session of Sunday
// that arrives late still counts as prompt.
var deciding = localtime.MustParseTimeOfDay("23:59")

const lateDays = 2

// Stored is a plan with whom and when.
type Stored struct {
	Plan
	ID        id.WalkingPlan
	Item      id.ProgramItem
	StartedBy id.Member
	StartedAt time.Time
}

// NewPlan is a plan to be started. Nil leaves a number to the last intake, an empty track to the rule.
type NewPlan struct {
	ID          id.WalkingPlan
	Track       Track
	WeekMinutes *int
	Comfortable *int
}

// Service is the use cases of this package.
type Service struct {
	db       *database.DB
	policy   *access.Policy
	library  *exercise.Library
	programs *program.Service
}

// NewService returns the service.
func NewService(db *database.DB, policy *access.Policy, library *exercise.Library, programs *program.Service) *Service {
	return &Service{db: db, policy: policy, library: library, programs: programs}
}

// Start begins a walking plan on the next Monday, or today when it is one, and moves the patient to prevention. A plan
// that was there gives way. The same plan again returns what is stored.
func (s *Service) Start(ctx context.Context, v access.Viewer, patient id.Patient, n NewPlan) (p Stored, created bool, err error) {
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, access.StartWalkingPlan, patient); err != nil {
			return err
		}
		if err := tx.LockPatient(string(patient)); err != nil {
			return err
		}
		store := newStore(tx)
		if p, err = store.repeated(patient, n); err != nil || p.ID != "" {
			return err
		}
		created = true
		if p, err = s.start(tx, v, patient, n); err != nil {
			return err
		}
		return store.insert(patient, p, database.BodyHash(n))
	})
	return p, created, err
}

func (s *Service) start(tx *database.Tx, v access.Viewer, patient id.Patient, n NewPlan) (Stored, error) {
	person, err := people.ByID(tx, patient)
	if err != nil {
		return Stored{}, err
	}
	begin, err := startOf(tx, person, n)
	if err != nil {
		return Stored{}, err
	}
	today := person.Today(tx.Now())
	p := Stored{
		Plan: Plan{StartOn: today.AddDays(6).Monday(), Track: n.Track, WeekOne: begin.WeekOne()}, ID: n.ID,
		StartedBy: v.Member, StartedAt: tx.Now(),
	}
	if p.Track == "" {
		p.Track = begin.Track()
	}
	if err := people.MoveTo(tx, patient, people.Prevention); err != nil {
		return Stored{}, err
	}
	if p.Item, err = itemFor(tx, patient, today); err != nil {
		return Stored{}, err
	}
	if err := raiseContact(tx, patient, 0); err != nil {
		return Stored{}, err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return Stored{}, err
	}
	if p.StartOn == today {
		if err := s.follow(tx, patient, p, history, nil, p.WeekOne, today); err != nil {
			return Stored{}, err
		}
	}
	return p, queue.Schedule(tx, JobKind, string(patient), nextRun(p, history, person, tx.Now()))
}

// itemFor returns the item that will hold the walk: the walk that is in the program, or a new item when there is room.
func itemFor(tx *database.Tx, patient id.Patient, today localtime.Date) (id.ProgramItem, error) {
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return "", err
	}
	version, _ := history.On(today)
	if i := slices.IndexFunc(version.Items, func(it program.Item) bool { return it.Module == exercise.Walking }); i >= 0 {
		return version.Items[i].ID, nil
	}
	if len(version.Items) >= program.MaxItems {
		return "", ErrFull
	}
	return id.ProgramItem(id.New()), nil
}

// startOf takes what the therapist says, else what the last intake says.
func startOf(tx *database.Tx, p people.Patient, n NewPlan) (Start, error) {
	year, _, _ := p.Today(tx.Now()).Date()
	begin := Start{Age: year - p.BirthYear}
	last, err := intake.LatestOf(tx, p.ID)
	switch {
	case err == nil:
		a := last.Answers
		begin.WeekMinutes, begin.Comfortable, begin.LowerLimb, begin.LowConfid = *a.WalkWeekMinutes, *a.WalkMinutes, *a.LowerLimb, *a.Confidence < 7
	case n.WeekMinutes == nil || n.Comfortable == nil:
		return begin, err // ErrNone, or worse
	case !fault.Is(err, fault.Conflict):
		return begin, err
	}
	if n.WeekMinutes != nil {
		begin.WeekMinutes = *n.WeekMinutes
	}
	if n.Comfortable != nil {
		begin.Comfortable = *n.Comfortable
	}
	return begin, nil
}

func words(week, minutes int) [2]string {
	return [2]string{
		fmt.Sprintf("Wandelplan week %d: %d minuten, %d keer %d.", week, minutes, Days(minutes), PerWalk(minutes)),
		fmt.Sprintf("Walking plan week %d: %d minutes, %d times %d.", week, minutes, Days(minutes), PerWalk(minutes)),
	}
}

func (s *Service) walk(item id.ProgramItem, minutes int) program.Item {
	return program.NewItem{
		ID: item, Exercise: "walk-easy", Dose: exercise.Dose{Sets: 1, Minutes: PerWalk(minutes)},
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: Days(minutes), TimesPerDay: 1},
	}.In(s.library)
}

// Week decides about the weeks that have ended and sets the minutes from tomorrow on. It is the handler of JobKind.
func (s *Service) Week(tx *database.Tx, key string) error {
	patient := id.Patient(key)
	if err := tx.LockPatient(key); err != nil {
		return err
	}
	p, err := newStore(tx).current(patient)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	person, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	tomorrow := person.Today(tx.Now()).AddDays(1)
	decisions, minutes, err := decisionsUntil(tx, patient, p, history, tomorrow)
	if err != nil {
		return err
	}
	if err := s.follow(tx, patient, p, history, decisions, minutes, tomorrow); err != nil {
		return err
	}
	return queue.Schedule(tx, JobKind, key, nextRun(p, history, person, tx.Now().Add(time.Minute)))
}

// follow sets the program and tells the therapist what belongs to the coming week.
func (s *Service) follow(tx *database.Tx, patient id.Patient, p Stored, h program.History, decisions []Decision, minutes int, from localtime.Date) error {
	week := len(decisions) + 1
	if n := len(decisions); n > 0 && decisions[n-1].Restart {
		if err := alert.Raise(tx, patient, alert.Raised{
			Kind: RestartKind, Urgency: alert.Urgency(safety.ThisWeek), RuleVersion: RuleVersion,
			NL: "Het wandelplan lag 4 weken of langer stil: maak samen een nieuw begin.", EN: "The walking plan was paused for 4 weeks or more: make a new start together.",
		}); err != nil {
			return err
		}
	}
	if from == from.Monday() {
		if err := raiseContact(tx, patient, week-1); err != nil {
			return err
		}
	}
	if h.InFlare(from) || from.Before(p.StartOn) {
		return nil
	}
	version, _ := h.On(from)
	wanted := s.walk(p.Item, minutes)
	items := version.With(wanted)
	switch item, there := version.Item(p.Item); {
	case there && item.Dose.Minutes == wanted.Dose.Minutes && item.Schedule.Quota == wanted.Schedule.Quota && item.Exercise == wanted.Exercise:
		return nil
	case !there && (wasPlaced(h, p.Item) || len(items) >= program.MaxItems):
		return nil // a therapist took the walk out, or filled its place
	case !there:
		items = append(items, wanted)
	}
	return s.programs.Plan(tx, patient, p.StartedBy, program.Planned{
		From: from, Items: items, Origin: program.ByWalking, NL: words(week, minutes)[0], EN: words(week, minutes)[1], Regardless: true,
	})
}

// wasPlaced reports whether the walk has ever been in the program. It may come late: nobody decides while a server is down.
func wasPlaced(h program.History, item id.ProgramItem) bool {
	return slices.ContainsFunc(h.Versions, func(v program.Version) bool { _, there := v.Item(item); return there && v.Origin == program.ByWalking })
}

func raiseContact(tx *database.Tx, patient id.Patient, week int) error {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	set, err := settings.Of(tx, p.Practice)
	if err != nil {
		return err
	}
	c, planned := ContactIn(week, set.ContactWeeks)
	if !planned {
		return nil
	}
	kind := [2]string{"kort", "brief"}
	if c.Full {
		kind = [2]string{"volledig", "full"}
	}
	return alert.Raise(tx, patient, alert.Raised{
		Kind: ContactKind, Subject: fmt.Sprint(week), Urgency: alert.Urgency(safety.ThisWeek), RuleVersion: RuleVersion,
		NL: fmt.Sprintf("Wandelplan week %d, contact (%s): %s.", week, kind[0], c.NL), EN: fmt.Sprintf("Walking plan week %d, contact (%s): %s.", week, kind[1], c.EN),
	})
}

// nextRun returns when to look next: the night before the plan begins, the end of Sunday, or of Tuesday for late logs, or of the last day of a pause.
func nextRun(p Stored, h program.History, person people.Patient, now time.Time) time.Time {
	zone := person.HomeZone(now)
	sunday := localtime.Today(now, zone).Monday().AddDays(6)
	first := p.StartOn.AddDays(-1) // the walk comes into the program
	var next time.Time
	for _, day := range []localtime.Date{sunday.AddDays(lateDays - 7), sunday, sunday.AddDays(lateDays), first} {
		if at := localtime.Resolve(day, deciding, zone); !day.Before(first) && at.After(now) && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, pause := range h.Pauses {
		if at := localtime.Resolve(pause.End, deciding, zone); !pause.IsEndless() && at.After(now) && at.Before(next) && !pause.End.Before(p.StartOn) {
			next = at
		}
	}
	return next
}

// decisionsUntil goes through the weeks that end before a day, and returns the minutes of that day's week.
func decisionsUntil(tx *database.Tx, patient id.Patient, p Stored, h program.History, day localtime.Date) ([]Decision, int, error) {
	facts, err := loadFacts(tx, patient, p, h, day)
	if err != nil {
		return nil, 0, err
	}
	var weeks []Week
	monday := p.StartOn
	for ; monday.AddDays(6).Before(day); monday = monday.AddDays(7) {
		weeks = append(weeks, facts.week(monday, day))
	}
	decisions, minutes := p.Decide(weeks)
	return decisions, Resumed(minutes, facts.week(monday, day).PauseEnded), nil
}

// facts is what was logged since a plan began.
type facts struct {
	history  program.History
	sessions []session.Session
	walked   map[localtime.Date]int // from the phone's health store or by hand
	events   []localtime.Date       // complaints of foot, knee or hip
}

func loadFacts(tx *database.Tx, patient id.Patient, p Stored, h program.History, until localtime.Date) (f facts, err error) {
	f = facts{history: h, walked: map[localtime.Date]int{}}
	if f.sessions, err = session.Between(tx, patient, p.StartOn, until); err != nil {
		return f, err
	}
	totals, err := activity.Totals(tx, patient, p.StartOn, until)
	if err != nil {
		return f, err
	}
	for _, t := range totals {
		if t.Minutes != nil {
			f.walked[t.Date] = *t.Minutes
		}
	}
	f.events, err = newStore(tx).lowerLimb(patient, p.StartOn)
	return f, err
}

// week sums a week up, as far as it lies before a day.
func (f facts) week(monday, until localtime.Date) Week {
	w := Week{Monday: monday}
	inSessions := map[localtime.Date]int{}
	for _, s := range f.sessions {
		if s.LocalDate.Monday() == monday && s.Counting() != session.NotCounted {
			minutes, broken := f.walk(s)
			inSessions[s.LocalDate] += minutes
			w.PainBroken += broken
		}
	}
	for i := range 7 {
		day := monday.AddDays(i)
		w.Done += max(inSessions[day], f.walked[day]) // a walk that was logged and counted by the phone is one walk
		if _, paused := f.history.PauseOn(day); paused {
			w.PausedDays++
		}
		w.LowerLimb = w.LowerLimb || slices.Contains(f.events, day)
	}
	for _, pause := range f.history.Pauses {
		if ended := pause.End; !ended.Before(monday.AddDays(-1)) && ended.Before(monday.AddDays(6)) && ended.Before(until) {
			w.PauseEnded = max(w.PauseEnded, pause.End.DaysSince(pause.Start)+1)
		}
	}
	return w
}

// walk returns the minutes walked in a session, and 1 when walking hurt more than acceptable: above 5, or a rise of more
// than 2 from 4 on.
func (f facts) walk(s session.Session) (minutes, broken int) {
	version, _ := f.history.Version(s.Version)
	for _, done := range s.Items {
		item, asked := version.Item(done.Item)
		if !asked || item.Module != exercise.Walking || done.Skipped != "" {
			continue
		}
		if done.Minutes != nil {
			minutes += *done.Minutes
		} else if done.Sets != nil {
			minutes += *done.Sets * item.Dose.Minutes
		}
		if done.Pain != nil && tooMuch(s.PainBefore, *done.Pain) {
			broken = 1
		}
	}
	return minutes, broken
}

func tooMuch(before *int, pain int) bool {
	if before != nil && *before >= 4 {
		return pain-*before > 2
	}
	return pain > 5
}

// Observer decides again when a pause has changed, and tonight when the program has: what a rule planned for tomorrow gives
// way to it.
type Observer struct{}

var _ program.Observer = Observer{}

// ExpectationChanged implements program.Observer.
func (Observer) ExpectationChanged(tx *database.Tx, patient id.Patient, _, _ localtime.Date) error {
	p, err := newStore(tx).current(patient)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	person, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return err
	}
	next := nextRun(p, history, person, tx.Now())
	tonight := localtime.Resolve(person.Today(tx.Now()), deciding, person.HomeZone(tx.Now()))
	if tonight.After(tx.Now()) && tonight.Before(next) && !person.Today(tx.Now()).Before(p.StartOn) {
		next = tonight
	}
	return queue.Schedule(tx, JobKind, string(patient), next)
}

// View is a plan as patient and therapist see it.
type View struct {
	Stored
	Decisions []Decision
	Week      int // of today, 0 before the start
	Minutes   int // of this week
	Done      int // in this week
}

// View returns the plan that runs, or ErrNoPlan. The operation says who asks.
func (s *Service) View(ctx context.Context, v access.Viewer, op access.Operation, patient id.Patient) (view View, err error) {
	err = s.db.Read(ctx, func(tx *database.Tx) error {
		if err := s.policy.Check(tx, v, op, patient); err != nil {
			return err
		}
		p, err := newStore(tx).current(patient)
		if err != nil {
			return err
		}
		view, err = viewOf(tx, patient, p)
		return err
	})
	return view, err
}

func viewOf(tx *database.Tx, patient id.Patient, p Stored) (View, error) {
	person, err := people.ByID(tx, patient)
	if err != nil {
		return View{}, err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return View{}, err
	}
	today := person.Today(tx.Now())
	view := View{Stored: p}
	if view.Decisions, view.Minutes, err = decisionsUntil(tx, patient, p, history, today); err != nil {
		return view, err
	}
	if !today.Before(p.StartOn) {
		f, err := loadFacts(tx, patient, p, history, today)
		if err != nil {
			return view, err
		}
		view.Week, view.Done = len(view.Decisions)+1, f.week(today.Monday(), today).Done
	}
	return view, nil
}
