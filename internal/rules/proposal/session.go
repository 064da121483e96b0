package proposal

import (
	"slices"

	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/internal/record/program"
)

// session is a program in the making: exercises with their items, the modules that it needs, and those that it keeps
// whatever the time.
type session struct {
	library   *exercise.Library
	c         Case
	exercises []exercise.Exercise
	items     []program.NewItem
	needs     []exercise.Module
	keep      []exercise.Module
}

func (s *session) add(e exercise.Exercise) {
	item := program.NewItem{
		Exercise: e.Slug, Dose: dose.Start(e),
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: daysOf(s.c, e), TimesPerDay: 1},
	}
	if e.Module == exercise.Walking || slices.Contains(marches, e.Slug) {
		item.Dose.Minutes = min(item.Dose.Minutes, s.longestWalk())
	}
	s.exercises, s.items = append(s.exercises, e), append(s.items, item)
}

// marches are the exercises that ask for as much as walking does.
var marches = []string{"march-seated", "march-standing"}

// longestWalk is how many minutes somebody begins to walk at most: no more than goes comfortably without a break.
func (s *session) longestWalk() int {
	longest := max(s.c.WalkMinutes, fewestMinutes)
	if s.c.WalkLimited {
		return min(longest, shortWalk)
	}
	return longest
}

// Minutes of what is timed, when time is short or walking is difficult.
const (
	shortWalk     = 5
	shortMinutes  = 5
	fewestMinutes = 2
)

// fit keeps the session within the patient's minutes: first what is timed gets shorter, then sets become one, then the
// last exercise goes that the case can do without, then minutes go down to two. In the end only what is needed stays:
// two needed exercises leave no time for a third in five minutes.
func (s *session) fit() {
	s.shrink(func(d *exercise.Dose) { d.Minutes = min(d.Minutes, shortMinutes) })
	s.shrink(func(d *exercise.Dose) { d.Sets = 1 })
	s.drop(s.keep)
	s.shrink(func(d *exercise.Dose) { d.Minutes = min(d.Minutes, fewestMinutes) })
	s.drop(s.needs)
}

// drop takes exercises out from the last to the first, but those of some modules, until the session fits.
func (s *session) drop(but []exercise.Module) {
	for i := len(s.items) - 1; i >= 0 && s.isLong(); i-- {
		if module := s.exercises[i].Module; s.isTimed(i) && !slices.Contains(but, module) {
			s.exercises, s.items = slices.Delete(s.exercises, i, i+1), slices.Delete(s.items, i, i+1)
		}
	}
}

// shrink makes doses smaller from the last to the first, until the session fits.
func (s *session) shrink(smaller func(*exercise.Dose)) {
	for i := len(s.items) - 1; i >= 0 && s.isLong(); i-- {
		if s.isTimed(i) {
			smaller(&s.items[i].Dose)
		}
	}
}

// fill gives the places that are left, as far as time allows: first one to walking, which belongs to every program
// unless the patient would rather not, then second exercises of the active modules, the highest first.
func (s *session) fill(active []exercise.Module) {
	if !s.walks() && !s.c.dislikes(exercise.Walking) {
		s.fillWith(exercise.Walking)
	}
	for _, module := range active {
		s.fillWith(module)
	}
}

// places is how many items a program may have for one of a module to join. Who is unsteady is given a short walk beside
// what fills the program, because the points leave walking out there; also where what is needed takes more places than
// the program has.
func (s *session) places(module exercise.Module) int {
	places := CapsOf(s.c).Items
	if module == exercise.Walking && s.c.Unsteady && !s.walks() {
		return min(max(places, len(s.items))+1, program.MaxItems)
	}
	return places
}

func (s *session) walks() bool {
	return slices.ContainsFunc(s.exercises, func(e exercise.Exercise) bool { return e.Module == exercise.Walking })
}

// fillWith adds an exercise of a module where there is a place, with fewer minutes where time is short.
func (s *session) fillWith(module exercise.Module) {
	e, ok := first(s.library, s.c, module, s.exercises)
	if !ok || len(s.items) >= s.places(module) {
		return
	}
	s.add(e)
	last := len(s.items) - 1
	for d := &s.items[last].Dose; s.isLong() && d.Minutes > fewestMinutes; {
		d.Minutes--
	}
	if s.isLong() {
		s.exercises, s.items = s.exercises[:last], s.items[:last]
	}
}

func (s *session) isTimed(i int) bool { return takesTime(s.exercises[i].Module) }

// isLong reports whether the session takes longer than the patient has.
func (s *session) isLong() bool { return Seconds(s.library, s.items) > s.c.Minutes*60 }

// takesTime reports whether a module takes of the minutes that the patient has for a session. What calms the mind has
// its own moment of the day.
func takesTime(module exercise.Module) bool { return !slices.Contains(mind, module) }

// Seconds estimates a session with all items in it that move the body.
func Seconds(library *exercise.Library, items []program.NewItem) int {
	total := 0
	for _, item := range items {
		if in := item.In(library); takesTime(in.Module) {
			total += in.Seconds()
		}
	}
	return total
}

// done returns the items, each with the least that still counts.
func (s *session) done() []program.NewItem {
	for i := range s.items {
		s.items[i].Minimum = dose.Least(s.items[i].Dose)
	}
	return s.items
}
