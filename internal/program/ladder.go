package program

import (
	"cadans/internal/exercise"
)

// Bounds of repetitions, sets and minutes on each level of a chain. Sources: KNGF's doses for hip and knee osteoarthritis
// as Dutch proxy for strength and endurance; Andersen 2011 for the neck; the rest design choices.
type bounds struct {
	low, high int // repetitions, or minutes
	sets      int // at most
}

func boundsOf(e exercise.Exercise, level int, last bool) bounds {
	switch e.Module {
	case exercise.Strength:
		if e.Region == "neck" {
			return bounds{12, 15, 3}
		}
		return []bounds{{8, 10, 3}, {10, 12, 3}, {8, 12, 3}}[min(level, 3)-1]
	case exercise.Core:
		return bounds{8, 10, 3}
	case exercise.Mobility:
		return bounds{8, 10, 2}
	case exercise.Exposure:
		return bounds{6, 8, 1}
	case exercise.Walking, exercise.Aerobic:
		if level == 1 && !last {
			return bounds{10, 20, 1}
		}
		return bounds{15, 30, 1}
	case exercise.Relaxation:
		if level == 1 && !last {
			return bounds{5, 10, 1}
		}
		return bounds{10, 15, 1}
	default:
		return bounds{} // sleep and stress stay as they are
	}
}

// maxRise is how much the weekly effort of a program may grow with one change, in percent.
const maxRise = 20

// Harder returns an item one step up, or false at the top. One variable changes at a time: repetitions or minutes up to
// their bound, then one set more up to the most, then the harder variant at its lowest. A fear exercise goes straight to
// its next step. A step that would raise the program's weekly effort by more than 20 % is made smaller.
func (v Version) Harder(library *exercise.Library, item Item) (Item, bool) {
	e, err := library.Find(item.Exercise)
	if err != nil {
		return item, false
	}
	b := boundsOf(e, library.Level(e.Slug), e.Harder == "")
	for _, step := range []func(Item) (Item, bool){
		func(i Item) (Item, bool) { return v.moreReps(library, i, b) },
		func(i Item) (Item, bool) { return v.moreSets(library, i, b) },
		func(i Item) (Item, bool) { return v.moreMinutes(library, i, b) },
	} {
		if e.Module == exercise.Exposure {
			break
		}
		if up, ok := step(item); ok {
			return up, true
		}
	}
	return item.variant(library, e.Harder)
}

func (v Version) moreReps(library *exercise.Library, item Item, b bounds) (Item, bool) {
	for more := 2; more >= 1 && !item.Dose.IsTimed(); more-- {
		up := item
		up.Dose.Reps = min(item.Dose.Reps+more, b.high)
		if up.Dose.Reps > item.Dose.Reps && v.allows(library, item, up) {
			return up, true
		}
	}
	return item, false
}

// moreSets adds a set; repetitions may go down with it so far that the effort does not jump.
func (v Version) moreSets(library *exercise.Library, item Item, b bounds) (Item, bool) {
	if item.Dose.IsTimed() || item.Dose.Sets >= b.sets {
		return item, false
	}
	up := item
	up.Dose.Sets++
	for ; up.Dose.Reps >= b.low; up.Dose.Reps-- {
		if v.allows(library, item, up) {
			return up, true
		}
	}
	return item, false
}

func (v Version) moreMinutes(library *exercise.Library, item Item, b bounds) (Item, bool) {
	for more := max(item.Dose.Minutes*maxRise/100, 1); more >= 1 && item.Dose.IsTimed(); more-- {
		up := item
		up.Dose.Minutes = min(item.Dose.Minutes+more, b.high)
		if up.Dose.Minutes > item.Dose.Minutes && v.allows(library, item, up) {
			return up, true
		}
	}
	return item, false
}

// allows compares the weekly effort of the program with one item replaced.
func (v Version) allows(library *exercise.Library, item, up Item) bool {
	before := v.weekly(library)
	after := before - item.weekly(library) + up.weekly(library)
	return after*100 <= before*(100+maxRise)
}

func (v Version) weekly(library *exercise.Library) int {
	total := 0
	for _, item := range v.Items {
		total += item.weekly(library)
	}
	return total
}

// weekly is the effort of an item in a week, in seconds at a calm pace.
func (i Item) weekly(library *exercise.Library) int {
	work := i.Work()
	if e, err := library.Find(i.Exercise); err == nil && !i.Dose.IsTimed() && e.Default.Reps > 0 {
		work = work * i.Dose.Reps / e.Default.Reps
	}
	return work * i.Schedule.PerWeek() * i.Schedule.TimesPerDay
}

// variant returns the item with another member of its chain, at the lowest dose of that level.
func (i Item) variant(library *exercise.Library, slug string) (Item, bool) {
	e, err := library.Find(slug)
	if slug == "" || err != nil {
		return i, false
	}
	b := boundsOf(e, library.Level(slug), e.Harder == "")
	i.Exercise, i.Module, i.SecondsPerSet, i.Minimum = e.Slug, e.Module, e.SecondsPerSet, nil
	i.Dose = e.Default
	if e.Default.IsTimed() {
		i.Dose.Minutes = b.low
	} else {
		i.Dose.Reps = b.low
	}
	return i, true
}

// lighter is what is left of a dose after a step down, in percent.
const lighter = 70

// Lighter returns an item with 30 % less, or false when nothing can be taken off.
func (i Item) Lighter() (Item, bool) {
	down := i
	if i.Dose.IsTimed() {
		down.Dose.Minutes = max(i.Dose.Minutes*lighter/100, 1)
	} else {
		down.Dose.Reps = max(i.Dose.Reps*lighter/100, 1)
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

// keepMinimum drops a minimum that is more than the dose by now.
func (i *Item) keepMinimum() {
	if i.Minimum != nil && !less(*i.Minimum, i.Dose) {
		i.Minimum = nil
	}
}
