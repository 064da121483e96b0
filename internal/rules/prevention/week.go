package prevention

import (
	"slices"
	"strconv"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/kernel/words"
	"cadans/internal/record/activity"
	"cadans/internal/record/alert"
	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// course is a plan with its patient and program.
type course struct {
	tx      *database.Tx
	plan    Stored
	person  people.Patient
	history program.History
}

// load returns the course of a patient, or ErrNoPlan.
func load(tx *database.Tx, patient id.Patient) (course, error) {
	plan, err := newStore(tx).current(patient)
	if err != nil {
		return course{}, err
	}
	return courseOf(tx, patient, plan)
}

func courseOf(tx *database.Tx, patient id.Patient, plan Stored) (c course, err error) {
	c = course{tx: tx, plan: plan}
	if c.person, err = people.ByID(tx, patient); err != nil {
		return c, err
	}
	c.history, err = program.HistoryOf(tx, patient)
	return c, err
}

func (c course) today() localtime.Date { return c.person.Today(c.tx.Now()) }

// Week decides about the weeks that have ended and sets the minutes from tomorrow on. It handles JobKind.
func (s *Service) Week(tx *database.Tx, key string) error {
	if err := tx.LockPatient(key); err != nil {
		return err
	}
	c, err := load(tx, id.Patient(key))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	tomorrow := c.today().AddDays(1)
	decisions, minutes, err := c.decisionsUntil(tomorrow)
	if err != nil {
		return err
	}
	if tomorrow == tomorrow.Monday() {
		if err := c.raiseAlerts(decisions); err != nil {
			return err
		}
	}
	if err := s.setMinutes(c, tomorrow, len(decisions)+1, minutes); err != nil {
		return err
	}
	return queue.Schedule(tx, JobKind, key, c.nextRun(tx.Now().Add(time.Minute)))
}

// raiseAlerts raises the alerts of the week that begins: a planned contact, or a new start after a long pause.
func (c course) raiseAlerts(decisions []Decision) error {
	if n := len(decisions); n > 0 && decisions[n-1].Restart {
		if err := alert.Raise(c.tx, c.person.ID, alert.Raised{
			Kind:        RestartKind,
			Urgency:     alert.ThisWeek,
			RuleVersion: RuleVersion,
			Pair:        words.Keep("walking.restart"),
		}); err != nil {
			return err
		}
	}
	return raiseContact(c.tx, c.person, len(decisions))
}

// setMinutes makes the program of a day ask for the minutes of its week.
func (s *Service) setMinutes(c course, from localtime.Date, week, minutes int) error {
	if c.history.IsLightened(from) || from.Before(c.plan.StartOn) {
		return nil
	}
	version, _ := c.history.On(from)
	wanted := s.walk(c.plan.Item, minutes)
	items := version.With(wanted)
	switch item, there := version.Item(c.plan.Item); {
	case there && item.Dose.Minutes == wanted.Dose.Minutes && item.Schedule.Quota == wanted.Schedule.Quota &&
		item.Exercise == wanted.Exercise:
		return nil
	case !there && (wasPlaced(c.history, c.plan.Item) || len(items) >= program.MaxItems):
		return nil // a therapist removed the walk, or used its place
	case !there:
		items = append(items, wanted)
	}
	planned := []program.Planned{{
		From: from, Items: items, Origin: program.ByWalking, Reason: reason(week, minutes), Regardless: true,
	}}
	for _, later := range c.history.Ahead(from) { // a version that a member has published keeps its day
		planned = append(planned, program.Planned{
			From: later.EffectiveFrom, Items: later.With(wanted), Origin: program.ByWalking, Reason: later.Reason,
			Regardless: true,
		})
	}
	return s.programs.Plan(c.tx, c.person.ID, c.plan.StartedBy, planned...)
}

// wasPlaced reports whether the walk has ever been in the program. It may come late, because nothing is decided while a
// server is down.
func wasPlaced(h program.History, item id.ProgramItem) bool {
	return slices.ContainsFunc(
		h.Versions,
		func(v program.Version) bool { _, there := v.Item(item); return there && v.Origin == program.ByWalking },
	)
}

func raiseContact(tx *database.Tx, p people.Patient, week int) error {
	set, err := settings.Of(tx, p.Practice)
	if err != nil {
		return err
	}
	c, planned := contactIn(week, set.ContactWeeks)
	if !planned {
		return nil
	}
	return alert.Raise(tx, p.ID, alert.Raised{
		Kind:        ContactKind,
		Subject:     strconv.Itoa(week),
		Urgency:     alert.ThisWeek,
		RuleVersion: RuleVersion,
		Pair:        c.text(),
	})
}

// nextRun returns when to look next: the night before the plan begins, the end of Sunday, the end of Tuesday for late
// logs, or the end of the last day of a pause.
func (c course) nextRun(now time.Time) time.Time {
	zone := c.person.HomeZone(now)
	sunday := localtime.Today(now, zone).Monday().AddDays(6)
	first := c.plan.StartOn.AddDays(-1) // when the walk enters the program
	var next time.Time
	for _, day := range []localtime.Date{sunday.AddDays(lateDays - 7), sunday, sunday.AddDays(lateDays), first} {
		if at := localtime.Resolve(day, decideAt, zone); !day.Before(first) && at.After(now) &&
			(next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	for _, pause := range c.history.Pauses {
		if at := localtime.Resolve(pause.End, decideAt, zone); !pause.IsEndless() && at.After(now) && at.Before(next) &&
			!pause.End.Before(c.plan.StartOn) {
			next = at
		}
	}
	return next
}

// decisionsUntil returns the decisions about the weeks that end before a day, and the minutes of that day's week.
func (c course) decisionsUntil(day localtime.Date) ([]Decision, int, error) {
	facts, err := c.facts(day)
	if err != nil {
		return nil, 0, err
	}
	var weeks []Week
	monday := c.plan.StartOn
	for ; monday.AddDays(6).Before(day); monday = monday.AddDays(7) {
		weeks = append(weeks, facts.week(monday, day))
	}
	decisions, minutes := c.plan.Decide(weeks)
	return decisions, Resumed(minutes, facts.week(monday, day).PauseEnded), nil
}

// facts holds what was logged since a plan began.
type facts struct {
	history  program.History
	sessions []session.Session
	walked   map[localtime.Date]int // from the phone's health store or by hand
	events   []localtime.Date       // complaints of foot, knee or hip
}

func (c course) facts(until localtime.Date) (f facts, err error) {
	f = facts{history: c.history, walked: map[localtime.Date]int{}}
	if f.sessions, err = session.Between(c.tx, c.person.ID, c.plan.StartOn, until); err != nil {
		return f, err
	}
	totals, err := activity.Totals(c.tx, c.person.ID, c.plan.StartOn, until)
	if err != nil {
		return f, err
	}
	for _, t := range totals {
		if t.Minutes != nil {
			f.walked[t.Date] = *t.Minutes
		}
	}
	f.events, err = newStore(c.tx).lowerLimb(c.person.ID, c.plan.StartOn)
	return f, err
}

// week summarises the part of a week before a day.
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
		w.Done += max(inSessions[day], f.walked[day]) // a walk logged and recorded by the phone counts once
		if _, paused := f.history.PauseOn(day); paused {
			w.PausedDays++
		}
		w.LowerLimb = w.LowerLimb || slices.Contains(f.events, day)
	}
	for _, pause := range f.history.Pauses {
		if ended := pause.End; !ended.Before(monday.AddDays(-1)) && ended.Before(monday.AddDays(6)) &&
			ended.Before(until) {
			w.PauseEnded = max(w.PauseEnded, pause.End.DaysSince(pause.Start)+1)
		}
	}
	return w
}

// walk returns the minutes walked in a session, and 1 if walking hurt more than acceptable: above 5, or a rise of more
// than 2 if pain was at least 4 before the session.
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
		if done.Pain != nil && dose.IsTooMuch(s.PainBefore, *done.Pain) {
			broken = 1
		}
	}
	return minutes, broken
}

// Observer decides again when a pause has changed, and tonight when the program has, because a change of the program
// replaces what the rule planned for tomorrow.
type Observer struct{}

var _ program.Observer = Observer{}

// ExpectationChanged implements program.Observer.
func (Observer) ExpectationChanged(tx *database.Tx, patient id.Patient, _, _ localtime.Date) error {
	c, err := load(tx, patient)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	next := c.nextRun(tx.Now())
	tonight := localtime.Resolve(c.today(), decideAt, c.person.HomeZone(tx.Now()))
	if tonight.After(tx.Now()) && tonight.Before(next) && !c.today().Before(c.plan.StartOn) {
		next = tonight
	}
	return queue.Schedule(tx, JobKind, string(patient), next)
}
