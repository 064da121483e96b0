package dose

import (
	"cadans/internal/record/exercise"
	"cadans/internal/record/rulebook"
)

// bounds are the lowest and highest repetitions or minutes of a range.
type bounds struct{ low, high int }

// rangeOf returns the range of an exercise at its level in a chain, within which the dose rises before the exercise
// does. Sleep and stress have none: they stay as they are, as does a short break.
func (l Ladder) rangeOf(e exercise.Exercise) bounds {
	level := l.levelOf(e)
	for _, r := range rulebook.Current().Dose.Ranges {
		isOther := e.Default.IsTimed() && r.Unit == "repetitions"
		if r.Module == string(e.Module) && fits(r.Region, "", e.Region) && fits(r.Level, 0, level) && !isOther {
			return bounds{r.Low, r.High}
		}
	}
	return bounds{}
}

// fits reports whether a row is about a value: about each, or about this one.
func fits[T comparable](row, each, value T) bool { return row == each || row == value }

// levelOf returns where the ranges place an exercise. Those of strength know three levels, and one of a practice's own
// begins like the first. Those of endurance and rest know where a chain begins, which no exercise alone does.
func (l Ladder) levelOf(e exercise.Exercise) int {
	level := l.library.Level(e.Slug)
	if e.Module == exercise.Strength {
		return min(max(level, 1), 3)
	}
	if level == 1 && e.Harder == "" {
		return 0
	}
	return level
}

// Start returns the dose that an exercise begins with: the first level of its module, or the second for strength that
// has an easier exercise below it, and never more than the library's own. Sources: as for the ranges.
func Start(e exercise.Exercise) exercise.Dose {
	switch e.Module {
	case exercise.Strength:
		if e.Region == "neck" {
			return e.Default
		}
		if e.Easier != "" {
			return atMost(e.Default, 2, 10)
		}
		return atMost(e.Default, 2, 8)
	case exercise.Core:
		return atMost(e.Default, 2, 8)
	case exercise.Mobility:
		return atMost(e.Default, 2, 10)
	case exercise.Exposure:
		return atMost(e.Default, 1, 8)
	case exercise.Walking, exercise.Aerobic:
		d := e.Default
		d.Minutes = min(d.Minutes, firstMinutes)
		return d
	default:
		return e.Default
	}
}

// firstMinutes is with how many minutes endurance begins at most.
const firstMinutes = 10

func atMost(d exercise.Dose, sets, reps int) exercise.Dose {
	d.Sets, d.Reps = min(d.Sets, sets), min(d.Reps, reps)
	return d
}
