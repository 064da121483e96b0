package circuit_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/circuit"
	"cadans/internal/kernel/clock"
)

// bench is a circuit that opens when half of at least ten fail, or after three failures in a row.
type bench struct {
	*circuit.Circuit
	t     *testing.T
	clock *clock.Manual
}

func newBench(t *testing.T) *bench {
	t.Helper()
	c := clock.NewManual(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC))
	return &bench{t: t, clock: c, Circuit: circuit.New(circuit.Settings{
		Clock: c, Pause: time.Second, Longest: 8 * time.Second, Probes: 2, Needed: 2,
		Opens: func(n circuit.Counts) bool {
			return n.InARow >= 3 || n.Answered+n.Failed >= 10 && n.Failed >= n.Answered
		},
	})}
}

func (b *bench) enter() func(circuit.Result) {
	b.t.Helper()
	leave, ok := b.Enter()
	require.True(b.t, ok)
	return leave
}

// try lets tries end one after the other: a for answered, f for failed, u for unknown.
func (b *bench) try(results string) {
	b.t.Helper()
	for _, r := range results {
		b.enter()(map[rune]circuit.Result{'a': circuit.Answered(), 'f': circuit.Failed(0), 'u': circuit.Unknown()}[r])
	}
}

func TestItOpensOnTheRatioOfWhatHappenedLately(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		results string
		closed  bool
	}{
		{"few failures among many", "aaaaaaaaafaaaaaaaaafaaaaaaaaaf", true},
		{"half of enough", "afafafafaf", false},
		{"half of too few", "afafafaf", true},
		{"the last few in a row", "aaaaaaaaaaaaaaaaaaaaafff", false},
		{"not in a row", "aaaaaaaaaaaaaaaaaaaaaffaff", true},
		{"what says nothing does not count", "ffuuuuuuuuuu", true},
		{"what says nothing does not interrupt", "ffuf", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.try(tc.results)
			require.Equal(t, tc.closed, b.IsClosed())
		})
	}
}

func TestTheWindowSlides(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for range 4 {
		b.try("af")
	}
	b.clock.Advance(31 * time.Second)
	b.try("fa")
	require.True(t, b.IsClosed(), "the four are forgotten")
	b.clock.Advance(20 * time.Second)
	b.try("afafafa")
	require.True(t, b.IsClosed(), "nine in the window")
	b.try("f")
	require.False(t, b.IsClosed(), "ten")
}

func TestFailuresOfThisMorningAreNotInARowWithThoseOfTonight(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.try("ff")
	b.clock.Advance(11 * time.Minute)
	b.try("f")
	require.True(t, b.IsClosed())
	b.clock.Advance(9 * time.Minute)
	b.try("ff")
	require.False(t, b.IsClosed())
}

// A few tries after each pause; the pause doubles while they fail, and starts over once the service is well.
func TestItComesBack(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.try("fff")
	for _, pause := range []time.Duration{1, 2, 4, 8, 8} {
		require.Zero(t, b.Room())
		_, ok := b.Enter()
		require.False(t, ok)
		b.clock.Advance(pause*time.Second - time.Millisecond)
		require.Zero(t, b.Room())
		b.clock.Advance(time.Millisecond)
		require.Equal(t, 2, b.Room())
		b.try("af")
	}
	b.clock.Advance(8 * time.Second)
	first, second := b.enter(), b.enter()
	require.Zero(t, b.Room(), "two at once")
	first(circuit.Unknown())
	require.Equal(t, 1, b.Room())
	second(circuit.Answered())
	require.False(t, b.IsClosed(), "one of two")
	b.try("a")
	require.True(t, b.IsClosed())
	require.Equal(t, circuit.Unlimited, b.Room())
	b.try("ff")
	require.True(t, b.IsClosed(), "counted anew")
	b.try("f")
	b.clock.Advance(time.Second)
	require.Equal(t, 2, b.Room(), "the pause starts over")
}

func TestTheServiceMayAskForALongerPause(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.try("ff")
	b.enter()(circuit.Failed(time.Minute))
	b.clock.Advance(59 * time.Second)
	require.Zero(t, b.Room())
	b.clock.Advance(time.Second)
	require.Equal(t, 2, b.Room())
	b.enter()(circuit.Failed(5 * time.Minute))
	b.clock.Advance(5*time.Minute - time.Second)
	require.Zero(t, b.Room())
}

// What began before the circuit opened, or before it was looked at again, says nothing afterwards.
func TestLateResultsSayNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	late := []func(circuit.Result){b.enter(), b.enter(), b.enter()}
	b.try("fff")
	b.clock.Advance(time.Second)
	for _, leave := range late {
		leave(circuit.Answered())
	}
	require.False(t, b.IsClosed())
	require.Equal(t, 2, b.Room())
	slow := b.enter()
	b.try("f")
	b.clock.Advance(2 * time.Second)
	slow(circuit.Failed(time.Hour))
	require.Equal(t, 2, b.Room(), "the probe was of an earlier return")
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			for i := range 200 {
				if leave, ok := b.Enter(); ok {
					leave([]circuit.Result{circuit.Answered(), circuit.Failed(0)}[i%2])
				}
			}
		})
	}
	wait.Wait()
	require.False(t, b.IsClosed())
}
