// Package dose is how much of an exercise somebody is asked to do, and the steps from one dose to the next. Proposals,
// progression, flares, lighter programs, therapists' steps and the walking plan all take their steps here.
//
// It promises, for every exercise, dose and order of steps:
//
//   - A step changes one variable: repetitions, minutes, sets, or the exercise.
//   - Total work rises by at most a fifth, or by one smallest unit: one repetition in each set, or one minute.
//   - Two exercises that rise in one week rise by at most a fifth together.
//   - No step goes below one set of three repetitions, or two minutes.
//   - The harder exercise comes only after the top of the present one's range, and begins with no more total work.
//     The way back leads to that top, with no more total work either.
//   - Up again after a way back, the harder exercise begins with no more work than it began with before.
//
// It decides nothing about when a step is due; see package progression. Total work is sets × repetitions × seconds of
// a repetition, or sets × minutes. The limit of a fifth is the common advice to raise volume by 10 to 20 % a week; a
// smallest unit may be more than that, because there is none smaller.
package dose

import (
	"cadans/internal/record/exercise"
	"cadans/internal/record/rulebook"
)

// Rung is an exercise with how much of it is asked.
type Rung struct {
	Exercise string
	Dose     exercise.Dose
}

// Limits of every step, from the rulebook.
var (
	limits          = rulebook.Current().Dose.Limits
	maxRise         = limits.MostRise.Value // percent of total work
	mostRepetitions = limits.MostRepetitions.Value
	leastReps       = limits.LeastRepetitions.Value
	leastMinutes    = limits.LeastMinutes.Value
	leftOver        = limits.LeftOver.Value // percent of a dose
)

// Limit is what stops or shortens a step.
type Limit string

// The limits.
const (
	Range    Limit = "range"    // the top of the range of an exercise is reached
	Rise     Limit = "rise"     // a fifth, or one smallest unit, is the most
	Work     Limit = "work"     // another exercise begins with no more work than there was
	Floor    Limit = "floor"    // one set of three, or two minutes, is the least
	Chain    Limit = "chain"    // there is no harder or easier exercise
	Together Limit = "together" // two exercises rise by a fifth together at most
)

// Limits are all limits, in the order of the promises.
var Limits = []Limit{Rise, Together, Floor, Range, Work, Chain}

// Step is where a step leads. Without a step Rung is where it would have begun. Held names what stopped it, or made
// it smaller than it would have been.
type Step struct {
	Rung
	Taken bool
	Held  []Limit
}

// Ladder is the doses of a library and the steps between them.
type Ladder struct{ library *exercise.Library }

// On returns the ladder of a library.
func On(library *exercise.Library) Ladder { return Ladder{library} }

// WorkOf returns the total work of one session, in hundredths of a second at a calm pace. An exercise that the
// library does not know counts its minutes only.
func (l Ladder) WorkOf(r Rung) int {
	if r.Dose.IsTimed() {
		return 100 * 60 * r.Dose.Sets * r.Dose.Minutes
	}
	e, err := l.library.Find(r.Exercise)
	if err != nil || e.Default.Reps == 0 {
		return 0
	}
	return 100 * e.SecondsPerSet * r.Dose.Sets * r.Dose.Reps / e.Default.Reps
}

// Most returns the most that total work may become in one step from what it is; unit is the smallest unit of work.
func Most(work, unit int) int { return max(work*(100+maxRise)/100, work+unit) }

// Week is what an exercise asks for in a week, before and after a step, in any unit of work.
type Week struct{ Before, After int }

// MayRiseTogether reports whether steps of several exercises fit into one week. One exercise alone always may: its own
// step is small enough.
func MayRiseTogether(steps ...Week) bool {
	before, after, rising := 0, 0, 0
	for _, s := range steps {
		if s.After > s.Before {
			before, after, rising = before+s.Before, after+s.After, rising+1
		}
	}
	return rising < 2 || after*100 <= before*(100+maxRise)
}
