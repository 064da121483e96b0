package dose

import "cadans/internal/record/exercise"

// Up takes one step up: more repetitions or minutes up to the top of the range, then the harder exercise. Sets stay:
// another set would be a third more, or a half. An exercise against fear goes to the next one from the bottom of its
// range, as its steps are movements and not repetitions (graded exposure, KNGF low back pain 2021).
func (l Ladder) Up(from Rung) Step {
	e, err := l.library.Find(from.Exercise)
	if err != nil {
		return Step{Rung: from, Held: []Limit{Chain}}
	}
	b := l.rangeOf(e)
	if e.Module == exercise.Exposure {
		b.high = b.low
	}
	if step := more(from, b); step.Taken {
		return step
	}
	harder := l.find(e.Harder)
	step := l.to(from, harder, min(harder.Default.Sets, from.Dose.Sets), l.rangeOf(harder).low)
	step.Held = append([]Limit{Range}, step.Held...)
	return step
}

// more adds repetitions or minutes, up to the top of a range.
func more(from Rung, b bounds) Step {
	step := Step{Rung: from}
	amount, add := amountOf(&step.Dose), mostRepetitions
	if from.Dose.IsTimed() {
		add = max(b.high-*amount, 0)
	}
	if most := max(1, *amount*maxRise/100); add > most {
		add, step.Held = most, append(step.Held, Rise)
	}
	if most := b.high - *amount; add > most {
		add, step.Held = most, append(step.Held, Range)
	}
	if add <= 0 {
		return Step{Rung: from}
	}
	*amount, step.Taken = *amount+add, true
	return step
}

// Down takes one step down: 30 % off, or at three repetitions a set.
func Down(from Rung) Step {
	step := Step{Rung: from}
	amount, least := amountOf(&step.Dose), leastOf(from.Dose)
	switch {
	case *amount > least:
		*amount = max(*amount*leftOver/100, least)
		step.Held = held(*amount == least, Floor)
	case *amount == least && !from.Dose.IsTimed() && from.Dose.Sets > 1:
		step.Dose.Sets--
	default:
		return Step{Rung: from, Held: []Limit{Floor}}
	}
	step.Taken = true
	return step
}

// Easier goes back to the easier exercise, at the top of its range, from where it was left on the way up. One set may
// have been several there, so the work decides.
func (l Ladder) Easier(from Rung) Step {
	easier := l.find(l.find(from.Exercise).Easier)
	sets := easier.Default.Sets
	if from.Dose.Sets > 1 {
		sets = min(sets, from.Dose.Sets)
	}
	return l.to(from, easier, sets, l.rangeOf(easier).high)
}

// to changes the exercise. It begins with so many sets and an amount of its range, or less where that would be more
// work than there was; it is not taken where even the least would be.
func (l Ladder) to(from Rung, e exercise.Exercise, sets, amount int) Step {
	if e.Slug == "" {
		return Step{Rung: from, Held: []Limit{Chain}}
	}
	step := Step{Rung: Rung{Exercise: e.Slug, Dose: e.Default}, Taken: true}
	step.Dose.Sets, *amountOf(&step.Dose) = max(sets, 1), amount
	for limit := l.WorkOf(from); l.WorkOf(step.Rung) > limit; {
		if !takeOne(&step.Dose) {
			return Step{Rung: from, Held: []Limit{Work, Floor}}
		}
		step.Held = []Limit{Work}
	}
	return step
}

// NoMoreThan returns the dose of another exercise in the place of one: with no more work, or the least there is.
func (l Ladder) NoMoreThan(from, to Rung) exercise.Dose {
	for l.WorkOf(to) > l.WorkOf(from) && takeOne(&to.Dose) {
	}
	return to.Dose
}

// takeOne takes the smallest unit off: a minute, a repetition of each set, or at three repetitions a set.
func takeOne(d *exercise.Dose) bool {
	amount, least := amountOf(d), leastOf(*d)
	switch {
	case *amount > least:
		*amount--
		return true
	case d.IsTimed() || d.Sets <= 1:
		return false
	default:
		d.Sets--
		return true
	}
}

// Scaled returns a share of a dose, in percent, for a while that is easier. It never goes below the floor, nor above
// the dose.
func Scaled(d exercise.Dose, percent int) exercise.Dose {
	amount := amountOf(&d)
	*amount = max(*amount*percent/100, min(leastOf(d), *amount))
	return d
}

// Shorter returns a dose that takes less time: a minute or a set less; the same where nothing is left to take.
func Shorter(d exercise.Dose) exercise.Dose {
	if d.IsTimed() {
		d.Minutes = max(d.Minutes-1, min(leastMinutes, d.Minutes))
	} else {
		d.Sets = max(d.Sets-1, 1)
	}
	return d
}

// Least returns what still counts on a bad day: one set, or two minutes; nil where that is the dose itself.
func Least(d exercise.Dose) *exercise.Dose {
	least := d
	least.Sets = 1
	if d.IsTimed() {
		least.Minutes = min(leastMinutes, d.Minutes)
	}
	if least == d {
		return nil
	}
	return &least
}

func amountOf(d *exercise.Dose) *int {
	if d.IsTimed() {
		return &d.Minutes
	}
	return &d.Reps
}

func leastOf(d exercise.Dose) int {
	if d.IsTimed() {
		return leastMinutes
	}
	return leastReps
}

func held(is bool, l Limit) []Limit {
	if is {
		return []Limit{l}
	}
	return nil
}

// find returns an exercise, or none for a slug that the library does not know.
func (l Ladder) find(slug string) exercise.Exercise {
	e, err := l.library.Find(slug)
	if err != nil {
		return exercise.Exercise{}
	}
	return e
}
