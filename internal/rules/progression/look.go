package progression

import (
	"errors"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/queue"
	"cadans/internal/record/alert"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/safety"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/rules/attention"
	"cadans/pkg/localtime"
)

// JobKind is the job that looks at a patient after a session.
const JobKind queue.Kind = "progression"

// Observer asks for a look after each session, its correction, the answer of the next morning and each check-in. The
// look itself is a job of its own: it reads back four weeks, which nobody who logs a session should wait for.
type Observer struct{}

var (
	_ session.Observer = Observer{}
	_ intake.Observer  = Observer{}
)

// SessionChanged implements session.Observer.
func (Observer) SessionChanged(tx *database.Tx, c session.Change) error {
	if c.Logged == nil && c.Settled == nil && len(c.Days) == 0 {
		return nil
	}
	return queue.Schedule(tx, JobKind, string(c.Patient), tx.Now())
}

// CheckedIn implements intake.Observer: pain may have been told.
func (Observer) CheckedIn(tx *database.Tx, patient id.Patient, _ localtime.Date) error {
	return queue.Schedule(tx, JobKind, string(patient), tx.Now())
}

// Rules decides about every exercise of a patient.
type Rules struct {
	library  *exercise.Library
	programs *program.Service
}

// NewRules returns the rules.
func NewRules(library *exercise.Library, programs *program.Service) *Rules {
	return &Rules{library: library, programs: programs}
}

// Look decides about every exercise that a patient does by today's program. It is the handler of JobKind.
func (r *Rules) Look(tx *database.Tx, key string) error {
	if err := tx.LockPatient(key); err != nil {
		return err
	}
	e, version, err := open(tx, id.Patient(key))
	if err != nil || version == nil {
		return err
	}
	if err := withdraw(tx, e); err != nil {
		return err
	}
	for _, item := range version.Items {
		if because, done := e.lastSession(item); done {
			if err := r.evaluate(tx, e, version, item, because); err != nil {
				return err
			}
		}
	}
	return nil
}

// Idle reports that a look would change nothing, as after most sessions. It only reads.
func (r *Rules) Idle(tx *database.Tx, key string) (bool, error) {
	e, version, err := open(tx, id.Patient(key))
	if err != nil || version == nil {
		return err == nil, err
	}
	if slices.ContainsFunc(e.changes, e.mayNotWait) {
		return false, nil
	}
	for _, item := range version.Items {
		because, done := e.lastSession(item)
		if !done {
			continue
		}
		change, task := r.judge(e, item, because)
		if task != nil || change != nil && !slices.ContainsFunc(e.earlier(item), change.isSaidBy) {
			return false, nil
		}
	}
	return true, nil
}

// open loads what there is to look at; without a program that rules may change the version is nil.
func open(tx *database.Tx, patient id.Patient) (evidence, *program.Version, error) {
	p, err := people.ByID(tx, patient)
	var e evidence
	if err != nil {
		return e, nil, err
	}
	history, err := program.HistoryOf(tx, patient)
	if err != nil {
		return e, nil, err
	}
	today := p.Today(tx.Now())
	inForce, is := history.On(today)
	if !is || history.IsLightened(today) {
		return e, nil, nil
	}
	e, err = load(tx, p, history, today)
	return e, &inForce, err
}

// evidence is what the exercises of one session are judged by.
type evidence struct {
	patient  id.Patient
	today    localtime.Date
	now      time.Time
	day      func(time.Time) localtime.Date // where the patient is
	history  program.History
	sessions []session.Session
	settled  map[id.Session]bool
	fear     int
	phase    intake.Phase
	auto     bool
	changes  []Change // of the last four weeks
	stopped  bool     // a session of the last 14 days, because of pain
	hurts    bool     // an alert about pain is open
	told     bool     // a check-in of the last 14 days, with pain above 5
	settings settings.Settings
}

// looked bounds how many sessions a look back reads.
const looked = 40

func load(tx *database.Tx, p people.Patient, h program.History, today localtime.Date) (e evidence, err error) {
	patient := p.ID
	e = evidence{patient: patient, today: today, now: tx.Now(), day: p.Today, history: h}
	if e.sessions, err = session.Latest(tx, patient, today.AddDays(-regressWindow), looked); err != nil {
		return e, err
	}
	e.stopped = slices.ContainsFunc(e.sessions, func(s session.Session) bool {
		return s.Status == session.Stopped && s.StoppedReason == session.StoppedByPain &&
			today.DaysSince(s.LocalDate) < window
	})
	if e.hurts, err = hurts(tx, patient); err != nil {
		return e, err
	}
	told, err := intake.PainTold(tx, patient, today.AddDays(1-window), today)
	if err != nil {
		return e, err
	}
	e.told = slices.ContainsFunc(told, func(t intake.Told) bool { return t.Pain > acceptablePain })
	if e.settled, err = session.SettledOf(tx, patient, today.AddDays(-regressWindow)); err != nil {
		return e, err
	}
	last, err := intake.LatestOf(tx, patient)
	switch {
	case errors.Is(err, intake.ErrNone):
	case err != nil:
		return e, err
	default:
		e.fear, e.phase = *last.Answers.Fear, last.Answers.Phase()
	}
	if e.settings, err = settings.Of(tx, p.Practice); err != nil {
		return e, err
	}
	if e.changes, err = newStore(tx).since(patient, e.now.AddDate(0, 0, -regressWindow)); err != nil {
		return e, err
	}
	e.auto, err = newStore(tx).auto(patient)
	return e, err
}

// isTooMuch reports whether pain forbids anything harder: it stopped a session, was told in a check-in,
// or a therapist still has to look at it.
func (e evidence) isTooMuch() bool { return e.stopped || e.told || e.hurts }

// hurts reports whether an alert about pain is open.
func hurts(tx *database.Tx, patient id.Patient) (bool, error) {
	return alert.HasReason(tx, patient, attention.PainRise, attention.PainAfter, attention.StoppedPain)
}

// earlier returns what rules made of an exercise in the last four weeks.
func (e evidence) earlier(item program.Item) (changes []Change) {
	for _, c := range e.changes {
		if c.Before.ID == item.ID {
			changes = append(changes, c)
		}
	}
	return changes
}

// lastSession returns the latest session in which an exercise was done.
func (e evidence) lastSession(item program.Item) (id.Session, bool) {
	for _, s := range slices.Backward(e.sessions) {
		if _, done := e.entry(s, item); done {
			return s.ID, true
		}
	}
	return "", false
}

// judge decides about one exercise: a change, a task for the therapist, or neither.
func (r *Rules) judge(e evidence, item program.Item, because id.Session) (*Change, *alert.Raised) {
	earlier := e.earlier(item)
	if slices.ContainsFunc(earlier, func(c Change) bool {
		return (c.State == Refused || c.State == Undone) && e.today.DaysSince(e.day(c.MadeAt)) < e.settings.DaysBetween
	}) {
		return nil, nil // somebody has just said no
	}
	v := Decide(e.facts(item, earlier))
	if v.Rule == Task {
		task := v.task(item)
		return nil, &task
	}
	after, ok := v.Step(r.library, item)
	if !ok || v.Rule == Progress && e.isTooMuch() {
		return nil, nil
	}
	return &Change{
		ID: id.Progression(id.New()), Patient: e.patient, Rule: v.Rule, State: Open, Before: item, After: after,
		Because: v.Because, Session: because, MadeAt: e.now,
	}, nil
}

// evaluate does what was decided about one exercise. A change that is applied shows in version,
// so that the next exercise builds on it.
func (r *Rules) evaluate(
	tx *database.Tx, e evidence, version *program.Version, item program.Item, because id.Session,
) error {
	change, task := r.judge(e, item, because)
	switch {
	case task != nil:
		return alert.Raise(tx, e.patient, *task)
	case change != nil:
		return r.record(tx, e, version, *change, e.earlier(item))
	default:
		return nil
	}
}

// isSaidBy reports whether an earlier change that is open says the same.
func (c Change) isSaidBy(earlier Change) bool {
	return earlier.State == Open && earlier.Rule == c.Rule && earlier.Before.Dose == c.Before.Dose &&
		earlier.Before.Exercise == c.Before.Exercise
}

// waitsToGetHarder reports whether a proposal would make something harder.
func (c Change) waitsToGetHarder() bool { return c.State == Open && c.Rule == Progress }

// mayNotWait reports whether a proposal would make something harder that pain has forbidden since.
func (e evidence) mayNotWait(c Change) bool {
	return c.waitsToGetHarder() && (e.isTooMuch() || e.isPainful(c.Before))
}

// isPainful reports whether pain was above 5 before, during or after an exercise in the last 14 days.
func (e evidence) isPainful(item program.Item) bool {
	return slices.ContainsFunc(e.sessions, func(s session.Session) bool {
		entry, _ := e.entry(s, item) // without it nothing hurt
		return e.today.DaysSince(s.LocalDate) < window && entry.isPainHigh()
	})
}

// withdraw takes back what may no longer wait.
func withdraw(tx *database.Tx, e evidence) error {
	for _, c := range e.changes {
		if !e.mayNotWait(c) {
			continue
		}
		if err := newStore(tx).decide(c.Patient, c.ID, Superseded, "", ""); err != nil {
			return err
		}
		if err := quiet(tx, c, ""); err != nil {
			return err
		}
	}
	return nil
}

// record stores a change unless the same is open, and applies it where the therapist has allowed that.
func (r *Rules) record(tx *database.Tx, e evidence, version *program.Version, change Change, earlier []Change) error {
	store := newStore(tx)
	for _, c := range earlier {
		switch {
		case change.isSaidBy(c):
			return nil
		case c.State == Open:
			if err := store.decide(c.Patient, c.ID, Superseded, "", ""); err != nil {
				return err
			}
		}
	}
	if e.auto {
		err := r.programs.Plan(tx, change.Patient, "", change.asVersion(e.today, *version, change.After))
		if err == nil {
			change.State, version.Items = Applied, version.With(change.After)
		} else if !errors.Is(err, program.ErrBackwards) { // then it waits: a therapist has planned something else
			return err
		}
	}
	if err := store.insert(change); err != nil {
		return err
	}
	if change.State == Applied {
		return nil
	}
	return alert.Raise(tx, change.Patient, change.alert())
}

func (c Change) asVersion(from localtime.Date, version program.Version, item program.Item) program.Planned {
	planned := program.Planned{From: from, Items: version.With(item), Origin: program.ByProgress}
	for _, b := range c.Because {
		planned.NL, planned.EN = planned.NL+" "+b.NL, planned.EN+" "+b.EN
	}
	planned.NL, planned.EN = planned.NL[1:], planned.EN[1:]
	return planned
}

// facts collects what is known of one exercise.
func (e evidence) facts(item program.Item, earlier []Change) Facts {
	f := Facts{
		Module:    item.Module,
		Today:     e.today,
		StepSince: e.history.StepSince(item, e.today),
		Phase:     e.phase,
		Fear:      e.fear,
		Settings:  e.settings,
	}
	for _, c := range earlier {
		if c.Rule == Regress && (c.State == Applied || c.State == Accepted) {
			f.Regressed++
		}
	}
	from := f.StepSince
	if windowStart := e.today.AddDays(1 - window); from.Before(windowStart) {
		from = windowStart
	}
	for day := from; !day.After(e.today); day = day.AddDays(1) {
		if _, paused := e.history.PauseOn(day); !paused {
			f.Expected7 += item.Schedule.Expected7(day)
		}
	}
	for _, s := range e.sessions {
		if entry, ok := e.entry(s, item); ok && !s.LocalDate.Before(f.StepSince) {
			f.Entries = append(f.Entries, entry)
		}
	}
	return f
}

// settles is how long pain may take to come back to the level before.
const settles = 24 * time.Hour

// entry returns what a session says about an exercise; false when it was not done.
func (e evidence) entry(s session.Session, item program.Item) (Entry, bool) {
	i := slices.IndexFunc(s.Items, func(d session.ItemDone) bool { return d.Item == item.ID })
	if i < 0 || s.Items[i].Skipped != "" || s.Counting() == session.NotCounted {
		return Entry{}, false
	}
	done := s.Items[i]
	entry := Entry{
		Date:        s.LocalDate,
		Before:      s.PainBefore,
		Pain:        done.Pain,
		After:       s.PainAfter,
		Effort:      done.Difficulty,
		CouldDoMore: done.CouldDoMore,
		Danger:      done.DangerAfter,
		Recent:      e.now.Sub(s.PerformedAt) < settles,
	}
	if settled, answered := e.settled[s.ID]; answered {
		entry.Settled = &settled
	}
	return entry, true
}

// The kinds of alerts of this package.
const (
	ChangeKind alert.Kind = "progression"
	TaskKind   alert.Kind = "third_regression"
)

func (c Change) alert() alert.Raised {
	urgency, nl, en := safety.NextVisit, "Voorstel om zwaarder te gaan: ", "Proposal to make it harder: "
	if c.Rule == Regress {
		urgency, nl, en = safety.Today, "Voorstel om lichter te gaan: ", "Proposal to make it lighter: "
	}
	for _, b := range c.Because {
		nl, en = nl+b.NL+" ", en+b.EN+" "
	}
	return alert.Raised{
		Kind: ChangeKind, Subject: string(c.Rule), Urgency: alert.Urgency(urgency), RuleVersion: RuleVersion,
		NL: nl[:len(nl)-1], EN: en[:len(en)-1],
	}
}

func (v Verdict) task(item program.Item) alert.Raised {
	raised := alert.Raised{
		Kind:        TaskKind,
		Subject:     string(item.ID),
		Urgency:     alert.Urgency(safety.Today),
		RuleVersion: RuleVersion,
	}
	for _, b := range v.Because {
		raised.NL, raised.EN = raised.NL+b.NL+" ", raised.EN+b.EN+" "
	}
	raised.NL += "Bekijk deze oefening; er verandert niets vanzelf."
	raised.EN += "Look at this exercise; nothing changes by itself."
	return raised
}
