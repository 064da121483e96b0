package dose_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
)

func library(t testing.TB) *exercise.Library {
	t.Helper()
	l, err := exercise.Load()
	require.NoError(t, err)
	return l
}

func reps(slug string, sets, n int) dose.Rung {
	return dose.Rung{Exercise: slug, Dose: exercise.Dose{Sets: sets, Reps: n}}
}

func minutes(slug string, n int) dose.Rung {
	return dose.Rung{Exercise: slug, Dose: exercise.Dose{Sets: 1, Minutes: n}}
}

func show(r dose.Rung) string {
	if r.Dose.IsTimed() {
		return fmt.Sprintf("%s %d min", r.Exercise, r.Dose.Minutes)
	}
	return fmt.Sprintf("%s %dx%d", r.Exercise, r.Dose.Sets, r.Dose.Reps)
}

// a step and what is expected of it; no step when it leads nowhere.
type expected struct {
	from dose.Rung
	to   string
	held []dose.Limit
}

func (e expected) check(t *testing.T, got dose.Step) {
	t.Helper()
	require.Equal(t, e.held, got.Held, show(e.from))
	if e.to == "" {
		require.False(t, got.Taken, "%s went to %s", show(e.from), show(got.Rung))
		require.Equal(t, e.from, got.Rung)
		return
	}
	require.True(t, got.Taken, show(e.from))
	require.Equal(t, e.to, show(got.Rung))
}

// Up: repetitions or minutes to the top of the range, then the harder exercise with no more work than there was.
func TestUp(t *testing.T) {
	t.Parallel()
	ladder := dose.On(library(t))
	for _, e := range []expected{
		{reps("bridge-small", 2, 5), "bridge-small 2x6", []dose.Limit{dose.Rise}},
		{reps("bridge-small", 2, 8), "bridge-small 2x9", []dose.Limit{dose.Rise}},
		{reps("bridge-small", 2, 9), "bridge-small 2x10", []dose.Limit{dose.Rise}},
		{reps("bridge-small", 2, 10), "bridge 2x9", []dose.Limit{dose.Range, dose.Work}},
		{reps("bridge", 3, 10), "bridge 3x12", nil},
		{reps("bridge", 3, 11), "bridge 3x12", []dose.Limit{dose.Range}},
		{reps("bridge", 3, 12), "bridge-single-leg 2x8", []dose.Limit{dose.Range}},
		{reps("bridge-single-leg", 3, 12), "", []dose.Limit{dose.Range, dose.Chain}},
		{reps("side-arm-raise", 2, 12), "side-arm-raise 2x14", nil},
		{reps("side-arm-raise", 3, 15), "band-side-raise 2x12", []dose.Limit{dose.Range}},
		{reps("heel-slide-brace", 3, 10), "dead-bug-legs 2x8", []dose.Limit{dose.Range}},
		{reps("pelvic-tilt-lying", 2, 10), "cat-camel 2x7", []dose.Limit{dose.Range, dose.Work}},
		{reps("seated-forward-bend", 1, 6), "roll-down-standing 1x4", []dose.Limit{dose.Range, dose.Work}},
		{reps("roll-down-standing", 1, 4), "roll-down-standing 1x5", []dose.Limit{dose.Rise}},
		{reps("roll-down-standing", 1, 5), "roll-down-standing 1x6", []dose.Limit{dose.Rise}},
		{reps("roll-down-standing", 1, 7), "floor-pick-up-light 1x6", []dose.Limit{dose.Range}},
		{reps("floor-pick-up-loaded", 2, 6), "", []dose.Limit{dose.Range, dose.Chain}},
		{reps("sit-to-stand-raised", 1, 4), "sit-to-stand-raised 1x5", []dose.Limit{dose.Rise}},
		{reps("neck-press-hands", 3, 15), "", []dose.Limit{dose.Range, dose.Chain}},
		{minutes("walk-easy", 3), "walk-easy 4 min", []dose.Limit{dose.Rise}},
		{minutes("walk-easy", 10), "walk-easy 12 min", []dose.Limit{dose.Rise}},
		{minutes("walk-easy", 19), "walk-easy 20 min", nil},
		{minutes("walk-easy", 20), "walk-brisk 15 min", []dose.Limit{dose.Range}},
		{minutes("walk-brisk", 15), "walk-brisk 18 min", []dose.Limit{dose.Rise}},
		{minutes("walk-brisk", 30), "", []dose.Limit{dose.Range, dose.Chain}},
		{minutes("cycle-steady", 25), "cycle-steady 30 min", nil},
		{minutes("belly-breathing", 5), "belly-breathing 6 min", []dose.Limit{dose.Rise}},
		{minutes("belly-breathing", 10), "slow-breathing 10 min", []dose.Limit{dose.Range}},
		{minutes("evening-wind-down", 15), "", []dose.Limit{dose.Range, dose.Chain}},
		{minutes("movement-snack", 2), "", []dose.Limit{dose.Range, dose.Chain}},
		{reps("handstand", 1, 3), "", []dose.Limit{dose.Chain}},
	} {
		e.check(t, ladder.Up(e.from))
	}
}

// Down: 30 % off, at three repetitions a set, and never below one set of three or two minutes.
func TestDown(t *testing.T) {
	t.Parallel()
	for _, e := range []expected{
		{reps("bridge", 3, 10), "bridge 3x7", nil},
		{reps("bridge-small", 2, 8), "bridge-small 2x5", nil},
		{reps("bridge", 3, 4), "bridge 3x3", []dose.Limit{dose.Floor}},
		{reps("bridge", 3, 3), "bridge 2x3", nil},
		{reps("bridge", 1, 3), "", []dose.Limit{dose.Floor}},
		{reps("bridge", 2, 2), "", []dose.Limit{dose.Floor}},
		{minutes("walk-brisk", 20), "walk-brisk 14 min", nil},
		{minutes("walk-easy", 3), "walk-easy 2 min", []dose.Limit{dose.Floor}},
		{minutes("walk-easy", 2), "", []dose.Limit{dose.Floor}},
		{minutes("walk-easy", 1), "", []dose.Limit{dose.Floor}},
	} {
		e.check(t, dose.Down(e.from))
	}
}

// Easier: the exercise before, at the top of its range, with no more work than there was.
func TestEasier(t *testing.T) {
	t.Parallel()
	ladder := dose.On(library(t))
	for _, e := range []expected{
		{reps("bridge", 3, 10), "bridge-small 2x10", nil},
		{reps("bridge", 2, 9), "bridge-small 2x9", []dose.Limit{dose.Work}},
		{reps("bridge", 1, 3), "bridge-small 1x3", []dose.Limit{dose.Work}},
		{reps("bridge", 1, 10), "bridge-small 2x5", []dose.Limit{dose.Work}},
		{reps("band-side-raise", 1, 3), "side-arm-raise 1x3", []dose.Limit{dose.Work}},
		{reps("bridge", 2, 12), "bridge-small 2x10", nil},
		{reps("open-book", 1, 8), "knee-rolls-lying 2x8", []dose.Limit{dose.Work}},
		{reps("open-book", 1, 3), "knee-rolls-lying 2x3", []dose.Limit{dose.Work}},
		{reps("dead-bug-legs", 1, 3), "", []dose.Limit{dose.Work, dose.Floor}},
		{reps("bridge-small", 2, 8), "", []dose.Limit{dose.Chain}},
		{minutes("walk-brisk", 30), "walk-easy 20 min", nil},
		{minutes("walk-brisk", 14), "walk-easy 14 min", []dose.Limit{dose.Work}},
		{reps("handstand", 1, 3), "", []dose.Limit{dose.Chain}},
	} {
		e.check(t, ladder.Easier(e.from))
	}
}

// A share of a dose keeps the floor, and never asks for more than the dose.
func TestScaled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		dose    exercise.Dose
		percent int
		want    exercise.Dose
	}{
		{exercise.Dose{Sets: 2, Reps: 9, HoldS: 5}, 50, exercise.Dose{Sets: 2, Reps: 4, HoldS: 5}},
		{exercise.Dose{Sets: 2, Reps: 5}, 50, exercise.Dose{Sets: 2, Reps: 3}},
		{exercise.Dose{Sets: 2, Reps: 2}, 50, exercise.Dose{Sets: 2, Reps: 2}},
		{exercise.Dose{Sets: 2, Reps: 10}, 75, exercise.Dose{Sets: 2, Reps: 7}},
		{exercise.Dose{Sets: 1, Minutes: 12}, 50, exercise.Dose{Sets: 1, Minutes: 6}},
		{exercise.Dose{Sets: 1, Minutes: 3}, 50, exercise.Dose{Sets: 1, Minutes: 2}},
		{exercise.Dose{Sets: 1, Minutes: 1}, 50, exercise.Dose{Sets: 1, Minutes: 1}},
	} {
		require.Equal(t, c.want, dose.Scaled(c.dose, c.percent), "%d %% of %v", c.percent, c.dose)
	}
}

// Less time: a set or a minute off, and the smallest dose that counts.
func TestShorterAndLeast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ dose, shorter, least exercise.Dose }{
		{exercise.Dose{Sets: 3, Reps: 10}, exercise.Dose{Sets: 2, Reps: 10}, exercise.Dose{Sets: 1, Reps: 10}},
		{exercise.Dose{Sets: 1, Minutes: 12}, exercise.Dose{Sets: 1, Minutes: 11}, exercise.Dose{Sets: 1, Minutes: 2}},
	} {
		require.Equal(t, c.shorter, dose.Shorter(c.dose))
		require.Equal(t, c.least, *dose.Least(c.dose))
	}
	for _, smallest := range []exercise.Dose{{Sets: 1, Reps: 10}, {Sets: 1, Minutes: 2}, {Sets: 1, Minutes: 1}} {
		require.Equal(t, smallest, dose.Shorter(smallest))
		require.Nil(t, dose.Least(smallest), "%v", smallest)
	}
}

// What an exercise begins with.
func TestStart(t *testing.T) {
	t.Parallel()
	for slug, want := range map[string]dose.Rung{
		"bridge-small":      reps("bridge-small", 2, 8),
		"bridge":            reps("bridge", 2, 10),
		"side-arm-raise":    reps("side-arm-raise", 2, 12),
		"dead-bug-full":     reps("dead-bug-full", 2, 8),
		"open-book":         reps("open-book", 1, 8),
		"bridge-single-leg": reps("bridge-single-leg", 2, 8),
		"walk-brisk":        minutes("walk-brisk", 10),
		"march-seated":      minutes("march-seated", 5),
		"march-standing":    minutes("march-standing", 8),
		"cycle-steady":      minutes("cycle-steady", 10),
		"movement-snack":    minutes("movement-snack", 2),
		"evening-wind-down": minutes("evening-wind-down", 15),
	} {
		e, err := library(t).Find(slug)
		require.NoError(t, err)
		got := dose.Rung{Exercise: slug, Dose: dose.Start(e)}
		require.Equal(t, show(want), show(got))
	}
}

// No exercise begins with more than the dose that the library gives it.
func TestNothingBeginsAboveTheLibrary(t *testing.T) {
	t.Parallel()
	for _, e := range library(t).All() {
		d := dose.Start(e)
		for _, part := range [][2]int{
			{d.Sets, e.Default.Sets}, {d.Reps, e.Default.Reps}, {d.HoldS, e.Default.HoldS},
			{d.Minutes, e.Default.Minutes},
		} {
			require.LessOrEqual(t, part[0], part[1], e.Slug)
		}
		require.NotZero(t, d.Reps+d.Minutes, e.Slug)
	}
}

// Work is seconds at a calm pace, in hundredths.
func TestWork(t *testing.T) {
	t.Parallel()
	ladder := dose.On(library(t))
	require.Equal(t, 100*2*65*8/10, ladder.WorkOf(reps("bridge", 2, 8)))
	require.Equal(t, 100*2*65, ladder.WorkOf(reps("bridge", 2, 10)))
	require.Equal(t, 100*7*60, ladder.WorkOf(minutes("walk-easy", 7)))
	require.Equal(t, 0, ladder.WorkOf(reps("walk-easy", 2, 7)), "repetitions of what counts in minutes")
	require.Equal(t, 0, ladder.WorkOf(reps("handstand", 2, 7)))
}

// Two exercises rise by a fifth together at most; one alone may rise by its smallest unit.
func TestTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		steps []dose.Week
		may   bool
	}{
		{nil, true},
		{[]dose.Week{{3, 4}}, true},
		{[]dose.Week{{100, 120}, {50, 60}}, true},
		{[]dose.Week{{100, 121}, {50, 60}}, false},
		{[]dose.Week{{3, 4}, {100, 110}}, true},
		{[]dose.Week{{3, 4}, {4, 5}}, false},
		{[]dose.Week{{3, 4}, {100, 40}}, true},
		{[]dose.Week{{3, 4}, {100, 100}}, true},
	} {
		require.Equal(t, c.may, dose.MayRiseTogether(c.steps...), "%v", c.steps)
	}
	require.Equal(t, 120, dose.Most(100, 10))
	require.Equal(t, 4, dose.Most(3, 1))
}
