package dose

import "cadans/internal/record/exercise"

// bounds are the lowest and highest repetitions or minutes of a range.
type bounds struct{ low, high int }

// rangeOf returns the range of an exercise at its level in a chain, within which the dose rises before the exercise
// does. Sources: KNGF hip and knee osteoarthritis (2018) as Dutch proxy for strength and endurance, Andersen 2011 for
// neck and shoulders; the rest are design choices. Sleep and stress have none: they stay as they are.
func (l Ladder) rangeOf(e exercise.Exercise) bounds {
	level := l.library.Level(e.Slug)
	begins := level == 1 && e.Harder != ""
	switch e.Module {
	case exercise.Strength:
		return rangeOfStrength(e, level)
	case exercise.Core, exercise.Mobility:
		if e.Default.IsTimed() {
			return bounds{} // a short break stays short
		}
		return bounds{8, 10}
	case exercise.Exposure:
		return bounds{6, 8}
	case exercise.Walking, exercise.Aerobic:
		if begins {
			return bounds{10, 20}
		}
		return bounds{15, 30}
	case exercise.Relaxation:
		if begins {
			return bounds{5, 10}
		}
		return bounds{10, 15}
	default:
		return bounds{}
	}
}

// rangeOfStrength is 12 to 15 for neck and shoulders, which need endurance, and by level elsewhere. An exercise of a
// practice's own has level 0 and begins like the first.
func rangeOfStrength(e exercise.Exercise, level int) bounds {
	if e.Region == "neck" {
		return bounds{12, 15}
	}
	return []bounds{{8, 10}, {10, 12}, {8, 12}}[min(max(level, 1), 3)-1]
}

// Start returns the dose that an exercise begins with: the first level of its module, or the second for strength that
// has an easier exercise below it. Sources: as for the ranges.
func Start(e exercise.Exercise) exercise.Dose {
	d := e.Default
	switch e.Module {
	case exercise.Strength:
		if e.Region != "neck" {
			d.Sets, d.Reps = 2, 8
			if e.Easier != "" {
				d.Reps = 10
			}
		}
	case exercise.Core:
		d.Sets, d.Reps = min(d.Sets, 2), min(d.Reps, 8)
	case exercise.Mobility:
		d.Sets, d.Reps = min(d.Sets, 2), min(d.Reps, 10)
	case exercise.Walking, exercise.Aerobic:
		d.Minutes = 10
	case exercise.Exposure:
		d.Sets, d.Reps = 1, min(d.Reps, 8)
	}
	return d
}
