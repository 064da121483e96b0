package program

import (
	"cadans/internal/record/exercise"
)

// bounds of repetitions or minutes at each level of a chain. Sources: KNGF's doses for hip and knee osteoarthritis as
// the Dutch substitute for strength and endurance; Andersen 2011 for the neck; the rest are design choices.
type bounds struct{ low, high int }

func boundsOf(e exercise.Exercise, level int, last bool) bounds {
	switch e.Module {
	case exercise.Strength:
		if e.Region == "neck" {
			return bounds{12, 15}
		}
		return []bounds{{8, 10}, {10, 12}, {8, 12}}[min(max(level, 1), 3)-1] // a practice's own exercise has level 0
	case exercise.Core:
		return bounds{8, 10}
	case exercise.Mobility:
		return bounds{8, 10}
	case exercise.Exposure:
		return bounds{6, 8}
	case exercise.Walking, exercise.Aerobic:
		if level == 1 && !last {
			return bounds{10, 20}
		}
		return bounds{15, 30}
	case exercise.Relaxation:
		if level == 1 && !last {
			return bounds{5, 10}
		}
		return bounds{10, 15}
	default:
		return bounds{} // sleep and stress do not change
	}
}

// maxRise is the most that one step may increase the effort of an item, in percent. One more repetition or minute is
// always allowed, because there is no smaller step.
const maxRise = 20

// minReps is the lower limit of any step: one set of three.
const minReps = 3

// Harder returns the item one step up, or false at the top. One variable changes at a time: first repetitions or
// minutes up to their bound, then the harder variant, which starts with no more effort than before. The number of sets
// stays, because another set would raise the effort by a third or more. A fear exercise goes straight to its next step.
func (i Item) Harder(library *exercise.Library) (Item, bool) {
	e, err := library.Find(i.Exercise)
	if err != nil {
		return i, false
	}
	if e.Module != exercise.Exposure {
		if up, ok := i.more(boundsOf(e, library.Level(e.Slug), e.Harder == "")); ok {
			return up, true
		}
	}
	return i.variant(library, e.Harder)
}

// more adds repetitions or minutes, within the bounds.
func (i Item) more(b bounds) (Item, bool) {
	up := i
	amount, most := &up.Dose.Reps, 2
	if i.Dose.IsTimed() {
		amount, most = &up.Dose.Minutes, b.high
	}
	most = max(1, min(most, *amount*maxRise/100, b.high-*amount))
	if *amount >= b.high {
		return i, false
	}
	*amount += most
	return up, true
}

// effort is the effort of doing an item once: hundredths of a second at a calm pace.
func (i Item) effort(library *exercise.Library) int {
	work := 100 * i.Work()
	if e, err := library.Find(i.Exercise); err == nil && !i.Dose.IsTimed() && e.Default.Reps > 0 {
		work = work * i.Dose.Reps / e.Default.Reps
	}
	return work
}

// variant returns the item with another exercise of its chain, at the lowest dose of that level, or less if that would
// exceed the previous effort. It returns false if even the smallest dose would.
func (i Item) variant(library *exercise.Library, slug string) (Item, bool) {
	e, err := library.Find(slug)
	if err != nil { // the end of the chain
		return i, false
	}
	other := i
	other.Exercise, other.Module, other.SecondsPerSet, other.Minimum = e.Slug, e.Module, e.SecondsPerSet, nil
	other.Dose = e.Default
	b := boundsOf(e, library.Level(slug), e.Harder == "")
	if e.Default.IsTimed() {
		other.Dose.Minutes = b.low
	} else {
		other.Dose.Reps, other.Dose.Sets = b.low, min(e.Default.Sets, max(i.Dose.Sets, 1))
	}
	limit := i.effort(library)
	for other.effort(library) > limit {
		less, ok := other.oneLess()
		if !ok {
			return i, false
		}
		other = less
	}
	return other, true
}

// oneLess subtracts the smallest unit: a minute, a repetition, or at three repetitions a set.
func (i Item) oneLess() (Item, bool) {
	switch {
	case i.Dose.IsTimed():
		i.Dose.Minutes--
		return i, i.Dose.Minutes >= 1
	case i.Dose.Reps > minReps:
		i.Dose.Reps--
		return i, true
	default:
		i.Dose.Sets--
		return i, i.Dose.Sets >= 1 && i.Dose.Reps >= minReps
	}
}

// lighter is the percentage of a dose that remains after a step down.
const lighter = 70

// Lighter returns the item with 30 % less, or at three repetitions one set less. It returns false if nothing can be
// reduced.
func (i Item) Lighter() (Item, bool) {
	down := i
	switch {
	case i.Dose.IsTimed():
		down.Dose.Minutes = max(i.Dose.Minutes*lighter/100, 1)
	case i.Dose.Reps > minReps:
		down.Dose.Reps = max(i.Dose.Reps*lighter/100, minReps)
	case i.Dose.Reps == minReps && i.Dose.Sets > 1:
		down.Dose.Sets--
	}
	down.keepMinimum()
	return down, down.Dose != i.Dose
}

// Easier returns the item with the easier variant, or false at the start of its chain.
func (i Item) Easier(library *exercise.Library) (Item, bool) {
	e, err := library.Find(i.Exercise)
	if err != nil {
		return i, false
	}
	return i.variant(library, e.Easier)
}

// keepMinimum removes a minimum that now exceeds the dose.
func (i *Item) keepMinimum() {
	if i.Minimum != nil && !less(*i.Minimum, i.Dose) {
		i.Minimum = nil
	}
}
