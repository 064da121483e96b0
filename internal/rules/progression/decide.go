// Package progression proposes, after each logged session, to make an exercise harder, to leave it, or to make it
// lighter.
//
// It makes an exercise harder at most once in 7 days, one variable at a time, always with the reason and a way back; a
// step down comes after two bad sessions, also in the first week. Changes
// wait for the therapist, unless the therapist has allowed them for this patient. A missing answer never counts as a
// good one: if the patient did not say whether pain settled, there is no step up. Early in an episode nothing is
// increased, because exercise made no relevant difference against sham there (Cochrane 2023, CD009365).
//
//	open ──accepted──> accepted        applied ──undo──> undone
//	 ├────refused────> refused          (only where the therapist allowed it)
//	 └────overtaken──> superseded
package progression

import (
	"slices"

	"cadans/internal/kernel/words"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/settings"
	"cadans/pkg/localtime"
)

// RuleVersion is the number of the rules in this package; it changes with every change of them.
var RuleVersion = rulebook.Current().Progression.Version

// Rule is the result of the rules.
type Rule string

// The rules.
const (
	Progress Rule = "PROGRESS"
	Hold     Rule = "HOLD"
	Regress  Rule = "REGRESS"
	Task     Rule = "TASK" // third step down in 4 weeks: a therapist must look, nothing changes automatically
)

// Limits, from the rulebook; those of pain stand with what is said of a session.
var (
	limits         = rulebook.Current().Progression.Limits
	window         = limits.Window.Value // days
	enoughSessions = limits.EnoughSessions.Value
	regressWindow  = limits.RegressWindow.Value // days
	notDangerous   = limits.NotDangerous.Value  // of 10
	lastSessions   = limits.LastSessions.Value
	badOfLast      = limits.BadOfLast.Value
)

// Entry is one exercise in one session. Nil means not answered.
type Entry struct {
	Date        localtime.Date
	Before      *int // pain before the session
	Pain        *int // during the exercise
	After       *int // pain after the session
	Effort      *int
	CouldDoMore *bool // could do two repetitions more
	Danger      *int  // how dangerous it felt afterwards
	Settled     *bool // returned to the previous level within 24 hours
	Recent      bool  // less than 24 hours ago, so that Settled cannot be known
	Stopped     bool  // the session was stopped because of pain
}

// Facts is the input of a decision. Entries are those at the current step, oldest first.
type Facts struct {
	Module    exercise.Module
	Today     localtime.Date
	StepSince localtime.Date // since when the item has asked what it asks now
	Expected7 int            // sessions asked for at this step within the window, in sevenths
	Entries   []Entry
	Phase     intake.Phase
	Fear      int
	Radicular bool // pain of a nerve root: below the knee or elbow, or with numbness or weakness
	Settings  settings.Settings
	Regressed int // steps down in the last 4 weeks
	Cautious  intake.Cautious
}

// Verdict is a rule with its reasons.
type Verdict struct {
	Rule    Rule
	Easier  bool // with Regress: the easier variant instead of 30 % less
	Because []words.Pair
}

func verdict(r Rule, key string, args ...any) Verdict {
	return Verdict{Rule: r, Because: []words.Pair{words.Keep(key, args...)}}
}

// Decide returns what should happen to an exercise. A step down waits for nothing: the first week after a change is
// when it is needed most.
func Decide(f Facts) Verdict {
	if v := f.regress(); v.Rule == Regress {
		return f.escalate(v)
	}
	if f.Today.DaysSince(f.StepSince) < f.Settings.DaysBetween {
		return verdict(Hold, "progression.hold.changed", "days", f.Settings.DaysBetween)
	}
	return f.progress()
}

// regress asks for less when 2 of the last 3 sessions went badly. Pain of a nerve root may rise for a part of the day
// at most, so there one session is enough that did not settle.
func (f Facts) regress() Verdict {
	last := f.last(lastSessions)
	bad := 0
	for _, e := range last {
		if f.wentBadly(e) {
			bad++
		}
	}
	if bad >= badOfLast {
		return verdict(Regress, "progression.regress.painful", "sessions", bad)
	}
	if f.Radicular && slices.ContainsFunc(last, Entry.isUnsettled) {
		return verdict(Regress, "progression.regress.unsettled")
	}
	return Verdict{}
}

// escalate turns the second step down in 4 weeks into the easier variant and the third into a task for the therapist.
func (f Facts) escalate(v Verdict) Verdict {
	switch {
	case f.Regressed >= 2:
		v.Rule = Task
		v.Because = append(v.Because, words.Keep("progression.regress.third"))
	case f.Regressed == 1:
		v.Easier = true
		v.Because = append(v.Because, words.Keep("progression.regress.second"))
	}
	return v
}

// progress asks each condition; the first that fails holds.
func (f Facts) progress() Verdict {
	recent := f.within(window)
	switch {
	case f.Phase == intake.Acute:
		return verdict(Hold, "progression.hold.acute")
	case len(recent) < enoughSessions:
		return verdict(Hold, "progression.hold.few_sessions")
	case len(recent)*7*3 < f.Expected7*2:
		return verdict(Hold, "progression.hold.missed")
	case slices.ContainsFunc(recent, Entry.isPainUnknown):
		return verdict(Hold, "progression.hold.pain_unknown")
	case slices.ContainsFunc(recent, Entry.isSettlingUnknown):
		return verdict(Hold, "progression.hold.settling_unknown")
	}
	if trouble := f.trouble(recent); trouble != "" {
		return verdict(Hold, trouble)
	}
	if f.Module == exercise.Exposure {
		return exposure(f.Entries)
	}
	return f.effort(recent)
}

// effort checks whether there is room: median effort of at most 6 of 10, known of every session, and for strength two
// repetitions more, if that was answered.
func (f Facts) effort(recent []Entry) Verdict {
	var efforts []int
	for _, e := range recent {
		if e.Effort == nil {
			return verdict(Hold, "progression.hold.effort_unknown")
		}
		efforts = append(efforts, *e.Effort)
	}
	slices.Sort(efforts)
	middle := efforts[len(efforts)/2] // the higher of the two middle ones for an even number, to be careful
	if middle > f.Settings.HardEffort {
		return verdict(Hold, "progression.hold.effort", "effort", middle)
	}
	if more := recent[len(recent)-1].CouldDoMore; f.Module == exercise.Strength && more != nil && !*more {
		return verdict(Hold, "progression.hold.no_more")
	}
	return verdict(Progress, "progression.progress.effort", "sessions", len(recent), "effort", middle)
}

// exposure goes to the next step when a movement no longer feels dangerous: at most 3 of 10 twice in a row, or half as
// dangerous as at first. Each of the last two sessions must have been rated.
func exposure(entries []Entry) Verdict {
	if slices.ContainsFunc(entries[max(0, len(entries)-2):], func(e Entry) bool { return e.Danger == nil }) {
		return verdict(Hold, "progression.hold.danger_unknown")
	}
	var ratings []int
	for _, e := range entries {
		if e.Danger != nil {
			ratings = append(ratings, *e.Danger)
		}
	}
	n := len(ratings)
	switch {
	case n >= 2 && ratings[n-1] <= notDangerous && ratings[n-2] <= notDangerous:
		return verdict(Progress, "progression.progress.safe")
	case n >= 2 && ratings[n-1]*2 <= ratings[0]:
		return verdict(Progress, "progression.progress.safer", "first", ratings[0], "then", ratings[n-1])
	default:
		return verdict(Hold, "progression.hold.dangerous")
	}
}

// within returns the entries of the last days, today included.
func (f Facts) within(days int) []Entry {
	return slices.DeleteFunc(slices.Clone(f.Entries), func(e Entry) bool { return f.Today.DaysSince(e.Date) >= days })
}

func (f Facts) last(n int) []Entry { return f.Entries[max(0, len(f.Entries)-n):] }

// Step returns the item that a verdict asks for, or false at the end of the ladder. Less of an exercise comes before
// the easier one, or the other way round, but where there is only one of the two it is that.
func (v Verdict) Step(library *exercise.Library, item program.Item) (program.Item, bool) {
	switch {
	case v.Rule == Progress:
		return item.Harder(library)
	case v.Rule == Regress && v.Easier:
		if easier, ok := item.Easier(library); ok {
			return easier, true
		}
		return item.Lighter()
	case v.Rule == Regress:
		return item.Down(library)
	default:
		return item, false
	}
}

// Judge decides about an exercise and returns what that comes to; see On. Nothing rises to or in an exercise
// that a caution keeps from the patient: the dose is held, and a therapist may decide otherwise.
func Judge(library *exercise.Library, f Facts, item program.Item) (Verdict, program.Item, bool) {
	v, after, taken := Decide(f).On(library, item)
	if v.Rule != Progress {
		return v, after, taken
	}
	if caution, is := f.Cautious.Against(library, after.Exercise); is {
		v = verdict(Hold, "progression.hold.caution")
		v.Because = append(v.Because, caution.Text.Pair())
		return v, item, false
	}
	return v, after, taken
}

// On returns what a verdict comes to for an item: the verdict, the item that it asks for, and whether there is a step.
// Where there is none, none is promised: up, the dose is held; down, a therapist must look.
func (v Verdict) On(library *exercise.Library, item program.Item) (Verdict, program.Item, bool) {
	after, taken := v.Step(library, item)
	switch {
	case taken || v.Rule == Hold || v.Rule == Task:
	case v.Rule == Progress:
		v = verdict(Hold, "progression.hold.top")
	default:
		v.Rule, v.Because = Task, append(v.Because, words.Keep("progression.regress.floor"))
	}
	return v, after, taken
}
