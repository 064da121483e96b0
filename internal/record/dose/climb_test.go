package dose_test

import (
	"math/rand/v2"
	"testing"

	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
)

// climber walks the ladder at random and counts what held it.
type climber struct {
	t      *testing.T
	ladder dose.Ladder
	all    *exercise.Library
	steps  int
	held   map[dose.Limit]int
}

// Every exercise of the library with every dose on every schedule, walked up and down at random: over a million steps,
// and no step breaks a promise of the package.
func TestAMillionSteps(t *testing.T) {
	t.Parallel()
	l := library(t)
	c := climber{t: t, ladder: dose.On(l), all: l, held: map[dose.Limit]int{}}
	random := rand.New(rand.NewPCG(1, 1))
	for _, e := range l.All() {
		for sets := 1; sets <= 5; sets++ {
			for amount := 1; amount <= 60; amount++ {
				for range 12 {
					c.walk(rungOf(e, sets, amount), random)
				}
			}
		}
	}
	if c.steps < 1_000_000 {
		t.Errorf("only %d steps", c.steps)
	}
	t.Logf("%d steps; held by %v", c.steps, c.held)
	for _, limit := range []dose.Limit{dose.Rise, dose.Floor, dose.Range, dose.Work, dose.Chain} {
		if c.held[limit] == 0 {
			t.Errorf("%s held nothing", limit)
		}
	}
}

func rungOf(e exercise.Exercise, sets, amount int) dose.Rung {
	r := dose.Rung{Exercise: e.Slug, Dose: exercise.Dose{Sets: sets, Reps: amount, HoldS: e.Default.HoldS}}
	if e.Default.IsTimed() {
		r.Dose.Reps, r.Dose.Minutes = 0, amount
	}
	return r
}

// walk takes up to eight steps at random.
func (c *climber) walk(r dose.Rung, random *rand.Rand) {
	for range 8 {
		was, step, up := r, dose.Step{}, false
		switch random.IntN(5) {
		case 0:
			step = dose.Down(r)
		case 1:
			step = c.ladder.Easier(r)
		default:
			step, up = c.ladder.Up(r), true
		}
		c.steps++
		for _, limit := range step.Held {
			c.held[limit]++
		}
		c.check(was, step, up)
		r = step.Rung
	}
}

// check holds a step against the promises.
func (c *climber) check(was dose.Rung, step dose.Step, up bool) {
	c.t.Helper()
	is := step.Rung
	if !step.Taken {
		if is != was {
			c.t.Fatalf("%s: no step, but %s", show(was), show(is))
		}
		return
	}
	before, after := c.ladder.WorkOf(was), c.ladder.WorkOf(is)
	switch {
	case is.Exercise != was.Exercise && after > before:
		c.t.Fatalf("%s → %s: another exercise is more work", show(was), show(is))
	case !up && after > before:
		c.t.Fatalf("%s → %s: a step down is more work", show(was), show(is))
	case after > dose.Most(before, c.unitOf(is)):
		c.t.Fatalf("%s → %s: rises too much", show(was), show(is))
	case changes(was, is) != 1:
		c.t.Fatalf("%s → %s: changes %d things", show(was), show(is), changes(was, is))
	case !up && isBelowFloor(is.Dose):
		c.t.Fatalf("%s → %s: below the floor", show(was), show(is))
	case up && is.Exercise != was.Exercise && !c.isOnTop(was):
		c.t.Fatalf("%s → %s: not from the top", show(was), show(is))
	}
}

// unitOf is the work of one repetition in each set, or one minute; a hundredth more for rounding.
func (c *climber) unitOf(r dose.Rung) int {
	if r.Dose.IsTimed() {
		return c.ladder.WorkOf(r)/r.Dose.Minutes + 1
	}
	return c.ladder.WorkOf(r)/r.Dose.Reps + 1
}

// isOnTop reports whether no dose of the same exercise comes after.
func (c *climber) isOnTop(r dose.Rung) bool {
	e, err := c.all.Find(r.Exercise)
	if err != nil {
		c.t.Fatal(err)
	}
	top := map[exercise.Module]int{
		exercise.Core: 10, exercise.Mobility: 10, exercise.Exposure: 6, exercise.Walking: 20, exercise.Aerobic: 20,
		exercise.Relaxation: 10,
	}[e.Module]
	if e.Module == exercise.Strength {
		top = map[int]int{1: 10, 2: 12, 3: 12}[c.all.Level(e.Slug)]
		if e.Region == "neck" {
			top = 15
		}
	}
	return r.Dose.Reps+r.Dose.Minutes >= top
}

// changes counts the variables that differ; another exercise is one, whatever it begins with.
func changes(was, is dose.Rung) int {
	if was.Exercise != is.Exercise {
		return 1
	}
	n := 0
	for _, different := range []bool{
		was.Dose.Sets != is.Dose.Sets, was.Dose.Reps != is.Dose.Reps, was.Dose.HoldS != is.Dose.HoldS,
		was.Dose.Minutes != is.Dose.Minutes,
	} {
		if different {
			n++
		}
	}
	return n
}

func isBelowFloor(d exercise.Dose) bool {
	return d.IsTimed() && d.Minutes < 2 || !d.IsTimed() && d.Reps < 3 || d.Sets < 1
}

// From any exercise that begins a chain: the way back from the harder one leads to the top of the easier one or below,
// and up again the harder one begins where it began before, or a little below.
func TestTheWayBackIsTheWayUp(t *testing.T) {
	t.Parallel()
	l := library(t)
	ladder := dose.On(l)
	chains, lower := 0, []string(nil)
	for _, e := range l.All() {
		if e.Harder == "" {
			continue
		}
		chains++
		top, next := climb(t, ladder, dose.Rung{Exercise: e.Slug, Dose: dose.Start(e)})
		back := ladder.Easier(next)
		if !back.Taken || back.Exercise != e.Slug || ladder.WorkOf(back.Rung) > ladder.WorkOf(top) {
			t.Errorf("%s: the way back from %s is %s", show(top), show(next), show(back.Rung))
		}
		if _, again := climb(t, ladder, back.Rung); again != next {
			lower = append(lower, show(next)+" → "+show(again))
			if ladder.WorkOf(again) > ladder.WorkOf(next) {
				t.Errorf("%s: up again it is %s", show(next), show(again))
			}
		}
	}
	if len(lower) > 1 {
		t.Errorf("begin lower the second time: %v", lower)
	}
	if chains < 20 {
		t.Errorf("only %d steps between exercises", chains)
	}
}

// climb goes up until the exercise changes, and returns the last dose before and the first after.
func climb(t *testing.T, ladder dose.Ladder, from dose.Rung) (top, next dose.Rung) {
	t.Helper()
	for top = from; ; {
		step := ladder.Up(top)
		if !step.Taken {
			t.Fatalf("%s: the ladder ends", show(top))
		}
		if step.Exercise != top.Exercise {
			return top, step.Rung
		}
		top = step.Rung
	}
}
