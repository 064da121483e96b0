package progression

import (
	"errors"
	"maps"
	"slices"
	"time"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/alert"
	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/record/session"
	"cadans/internal/record/settings"
	"cadans/internal/rules/attention"
	"cadans/pkg/localtime"
)

// open loads the evidence. The version is nil if there is no program that rules may change; then the evidence is who
// it is, the history and the day only.
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
		return evidence{patient: patient, today: today, history: history}, nil, nil
	}
	e, err = load(tx, p, history, today)
	return e, &inForce, err
}

// evidence is the data by which the exercises of one session are judged.
type evidence struct {
	patient      id.Patient
	today        localtime.Date
	now          time.Time
	day          func(time.Time) localtime.Date // where the patient is
	history      program.History
	sessions     []session.Session
	settled      map[id.Session]bool
	fear         int
	phase        intake.Phase
	radicular    bool // pain of a nerve root
	cautious     intake.Cautious
	auto         bool
	changes      []Change // of the last four weeks
	stopped      bool     // a session of the last 14 days, because of pain
	hurts        bool     // an alert about pain is open
	painReported bool     // pain above 5 was reported in the last 14 days, outside sessions
	settings     settings.Settings
}

// maxSessions limits how many sessions are read.
const maxSessions = 40

// since is the first day whose sessions count.
func since(today localtime.Date) localtime.Date { return today.AddDays(-regressWindow) }

// Lately returns the entries that count on a day: those of the last 4 weeks, at most 40. They begin with the oldest.
func Lately(entries []Entry, today localtime.Date) []Entry {
	recent := slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return e.Date.Before(since(today)) })
	return recent[max(0, len(recent)-maxSessions):]
}

func load(tx *database.Tx, p people.Patient, h program.History, today localtime.Date) (e evidence, err error) {
	patient := p.ID
	e = evidence{patient: patient, today: today, now: tx.Now(), day: p.Today, history: h}
	if e.sessions, err = session.Latest(tx, patient, since(today), maxSessions); err != nil {
		return e, err
	}
	e.stopped = slices.ContainsFunc(e.sessions, func(s session.Session) bool {
		return s.Status == session.Stopped && s.StoppedReason == session.StoppedByPain &&
			today.DaysSince(s.LocalDate) < window
	})
	if e.hurts, err = hurts(tx, patient); err != nil {
		return e, err
	}
	told, err := pain.Averages(tx, patient, today.AddDays(1-window), today)
	if err != nil {
		return e, err
	}
	e.painReported = slices.ContainsFunc(told, func(t pain.Point) bool { return t.Value > dose.AcceptablePain() })
	if e.settled, err = session.SettledOf(tx, patient, since(today)); err != nil {
		return e, err
	}
	last, err := intake.LatestOf(tx, patient)
	switch {
	case errors.Is(err, intake.ErrNone):
	case err != nil:
		return e, err
	default:
		e.fear, e.phase, e.radicular = *last.Answers.Fear, last.PhaseOn(today), last.Answers.IsRadicular()
		e.cautious = last.Answers.Cautious()
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

// isTooMuch reports whether pain forbids a step up, of whatever exercise.
func (e evidence) isTooMuch() bool { return e.painHolds() != "" }

// painHolds returns why pain forbids a step up of whatever exercise, as the key of what is said of it: it stopped a
// session, was reported, or a therapist still has to look at it.
func (e evidence) painHolds() string {
	switch {
	case e.stopped:
		return "progression.hold.stopped"
	case e.painReported:
		return "progression.hold.pain_told"
	case e.hurts:
		return "progression.hold.pain_alert"
	default:
		return ""
	}
}

// hurts reports whether an alert about pain is open.
func hurts(tx *database.Tx, patient id.Patient) (bool, error) {
	return alert.HasReason(tx, patient, attention.PainRise, attention.PainAfter, attention.StoppedPain)
}

// earlier returns the changes that rules made to an exercise in the last four weeks.
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

// isPainful reports whether trouble with an exercise in the last 14 days still holds its dose.
func (e evidence) isPainful(item program.Item) bool {
	var entries []Entry
	for _, s := range e.sessions {
		if entry, done := e.entry(s, item); done && e.today.DaysSince(s.LocalDate) < window {
			entry.Recent = false // what may still settle takes nothing back
			entries = append(entries, entry)
		}
	}
	return Facts{Module: item.Module}.trouble(entries) != ""
}

// mayRise reports whether a step up fits into a week beside what rises with it: what waits for a decision, and what has
// risen in the last 7 days.
func (e evidence) mayRise(library *exercise.Library, before, after program.Item) bool {
	var waiting []dose.Week
	for _, c := range e.changes {
		if c.waitsToGetHarder() && c.Before.ID != before.ID {
			waiting = append(waiting, c.Before.Week(library, c.After))
		}
	}
	return mayRise(e.history.Rises(library, e.today), library, before, after, waiting...)
}

// mayRise reports whether a step up fits into a week beside what has risen in the last 7 days, whoever raised it, and
// what waits. An exercise that has risen itself waits.
func mayRise(
	rises map[id.ProgramItem]dose.Week, library *exercise.Library, before, after program.Item, waiting ...dose.Week,
) bool {
	if _, rose := rises[before.ID]; rose {
		return false
	}
	weeks := slices.Concat(slices.Collect(maps.Values(rises)), waiting, []dose.Week{before.Week(library, after)})
	return dose.MayRiseTogether(weeks...)
}

// facts collects the facts about one exercise.
func (e evidence) facts(item program.Item, earlier []Change) Facts {
	f := Facts{
		Module:    item.Module,
		Today:     e.today,
		StepSince: e.history.StepSince(item, e.today),
		Phase:     e.phase,
		Fear:      e.fear,
		Radicular: e.radicular,
		Cautious:  e.cautious,
		Settings:  e.settings,
	}
	for _, c := range earlier {
		if c.Rule == Regress && (c.State == Applied || c.State == Accepted) {
			f.Regressed++
		}
	}
	f.Expected7 = Asked7(item, f.StepSince, e.today, func(day localtime.Date) bool {
		_, paused := e.history.PauseOn(day)
		return paused
	})
	for _, s := range e.sessions {
		if entry, ok := e.entry(s, item); ok && !s.LocalDate.Before(f.StepSince) && e.askedSame(s, item) {
			f.Entries = append(f.Entries, entry)
		}
	}
	f.Entries = Lately(f.Entries, e.today)
	return f
}

// askedSame reports whether a session followed a version that asked the same of an exercise: on the day of a step there
// may be one from before it.
func (e evidence) askedSame(s session.Session, item program.Item) bool {
	version, known := e.history.Version(s.Version)
	was, there := version.Item(item.ID)
	return !known || there && was.Exercise == item.Exercise && was.Dose == item.Dose
}

// Asked7 returns how many sessions of an item were asked for within the window since a day, in sevenths; none on days
// of a pause.
func Asked7(item program.Item, since, today localtime.Date, isPaused func(localtime.Date) bool) (asked int) {
	if start := today.AddDays(1 - window); since.Before(start) {
		since = start
	}
	for day := since; !day.After(today); day = day.AddDays(1) {
		if !isPaused(day) {
			asked += item.Schedule.Expected7(day)
		}
	}
	return asked
}

// settles is how long pain may take to return to its previous level.
const settles = 24 * time.Hour

// doneIn returns an exercise as it was done in a session, or false if it was not.
func doneIn(s session.Session, item program.Item) (session.ItemDone, bool) {
	i := slices.IndexFunc(s.Items, func(d session.ItemDone) bool { return d.Item == item.ID })
	if i < 0 || s.Items[i].Skipped != "" || s.Counting() == session.NotCounted {
		return session.ItemDone{}, false
	}
	return s.Items[i], true
}

// entry returns what a session says about an exercise, or false if it was not done.
func (e evidence) entry(s session.Session, item program.Item) (Entry, bool) {
	done, is := doneIn(s, item)
	if !is {
		return Entry{}, false
	}
	entry := Entry{
		Date:        s.LocalDate,
		Before:      s.PainBefore,
		Pain:        done.Pain,
		After:       s.PainAfter,
		Effort:      done.Difficulty,
		CouldDoMore: done.CouldDoMore,
		Danger:      done.DangerAfter,
		Recent:      e.now.Sub(s.PerformedAt) < settles,
		Stopped:     s.Status == session.Stopped && s.StoppedReason == session.StoppedByPain,
	}
	if settled, answered := e.settled[s.ID]; answered {
		entry.Settled = &settled
	}
	return entry, true
}
