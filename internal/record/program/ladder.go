package program

import (
	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
)

// Harder returns the item one step up, or false at the top; see package dose.
func (i Item) Harder(library *exercise.Library) (Item, bool) {
	return i.stepped(library, dose.On(library).Up(i.rung()))
}

// Lighter returns an item with 30 % less, a set less at three repetitions, or false when nothing can be taken off.
func (i Item) Lighter() (Item, bool) {
	step := dose.Down(i.rung())
	return i.WithDose(step.Dose), step.Taken
}

// Down returns a step down: less of the exercise or, where nothing can be taken off, the easier one.
func (i Item) Down(library *exercise.Library) (Item, bool) {
	if lighter, ok := i.Lighter(); ok {
		return lighter, true
	}
	return i.Easier(library)
}

// Easier returns the item with the easier exercise, or false at the start of its chain.
func (i Item) Easier(library *exercise.Library) (Item, bool) {
	return i.stepped(library, dose.On(library).Easier(i.rung()))
}

// Scaled returns the item with a share of its dose, in percent.
func (i Item) Scaled(percent int) Item { return i.WithDose(dose.Scaled(i.Dose, percent)) }

// Shorter returns the item with a set or a minute less; the same when nothing is left to take.
func (i Item) Shorter() Item { return i.WithDose(dose.Shorter(i.Dose)) }

// WithDose returns the item with another dose, and without a minimum that would be more than that.
func (i Item) WithDose(dose exercise.Dose) Item {
	i.Dose = dose
	i.keepMinimum()
	return i
}

// Week returns what a change of dose makes of an item's work in a week.
func (i Item) Week(library *exercise.Library, after Item) dose.Week {
	ladder := dose.On(library)
	return dose.Week{
		Before: ladder.WorkOf(i.rung()) * i.Schedule.InWeek(),
		After:  ladder.WorkOf(after.rung()) * after.Schedule.InWeek(),
	}
}

func (i Item) rung() dose.Rung { return dose.Rung{Exercise: i.Exercise, Dose: i.Dose} }

// stepped returns the item after a step. Another exercise has its own smallest dose, where there was one.
func (i Item) stepped(library *exercise.Library, step dose.Step) (Item, bool) {
	if !step.Taken || step.Exercise == i.Exercise {
		return i.WithDose(step.Dose), step.Taken
	}
	next := NewItem{ID: i.ID, Exercise: step.Exercise, Dose: step.Dose, Schedule: i.Schedule}
	if i.Minimum != nil {
		next.Minimum = dose.Least(step.Dose)
	}
	return next.In(library), true
}

// keepMinimum removes a minimum that now exceeds the dose.
func (i *Item) keepMinimum() {
	if i.Minimum != nil && !less(*i.Minimum, i.Dose) {
		i.Minimum = nil
	}
}
