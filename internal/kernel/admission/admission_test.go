package admission

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/kernel/clock"
)

// alone is a processor with one request at a time.
func alone(each time.Duration) (int, func(int) time.Duration) {
	return 1, func(int) time.Duration { return each }
}

// together is a writer that commits in groups.
func together(commit, each time.Duration) (int, func(int) time.Duration) {
	return 128, func(n int) time.Duration { return commit + time.Duration(n)*each }
}

func milliseconds(t *rapid.T, name string, least, most float64) time.Duration {
	return time.Duration(rapid.Float64Range(least, most).Draw(t, name) * float64(time.Millisecond))
}

func TestTenTimesOverload(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		each := milliseconds(t, "each", 10, 40)
		capacity := float64(time.Second) / float64(each)
		m := newModel(alone(each))
		m.offer(Writes, capacity*rapid.Float64Range(0.2, 10).Draw(t, "writes"), 20*time.Second)
		m.offer(Reads, 10*capacity, 20*time.Second)
		m.run(10 * time.Second)
		m.forget()
		m.run(10 * time.Second)
		require.GreaterOrEqual(t, float64(m.answered()), 0.9*10*capacity, "goodput")
		require.Less(t, m.p99(), 1500*time.Millisecond)
	})
}

func TestAfterAnOverloadEverybodyIsLetInAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		each := milliseconds(t, "each", 10, 20)
		capacity := float64(time.Second) / float64(each)
		m := newModel(alone(each))
		m.offer(Reads, 10*capacity, 10*time.Second)
		m.run(12 * time.Second)
		m.forget()
		m.offer(Reads, capacity/2, 10*time.Second)
		m.run(5 * time.Second)
		m.forget()
		m.run(5 * time.Second)
		require.Zero(t, m.refused[Reads])
		require.Less(t, m.p99(), 3*each)
		require.GreaterOrEqual(t, m.l.Limit(), initial*9/10)
	})
}

// A writer that commits in groups takes longer for more, and gets more done: that is no overload.
func TestSixtyFourClientsOfOneWriterLoseNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		commit, each := milliseconds(t, "commit", 5, 300), milliseconds(t, "each", 0.05, 2)
		m := newModel(together(commit, each))
		m.clients(Writes, 64)
		m.run(10 * time.Second)
		require.Zero(t, m.refused[Writes])
	})
}

// A disk that becomes slow makes everybody wait. Refusing them would not make it faster.
func TestADiskThatBecomesSlow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		commit := 10 * time.Millisecond
		slow := milliseconds(t, "slow", 20, 300)
		m := newModel(128, func(n int) time.Duration { return commit + time.Duration(n)*100*time.Microsecond })
		m.clients(Writes, 64)
		m.run(3 * time.Second)
		commit = slow
		m.run(20 * time.Second)
		m.forget()
		m.run(20 * time.Second)
		inBatches := float64(20*time.Second) / float64(m.takes(64)) * 32 // half of them wait for the next one
		require.Greater(t, float64(m.answered()), 0.9*inBatches)
	})
}

func TestWhoGoesFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		each := milliseconds(t, "each", 10, 20)
		capacity := float64(time.Second) / float64(each)
		writes := capacity * rapid.Float64Range(0.1, 0.6).Draw(t, "writes")
		m := newModel(alone(each))
		m.offer(Writes, writes, 20*time.Second)
		m.offer(Reads, 5*capacity, 20*time.Second)
		m.offer(Rest, 5*capacity, 20*time.Second)
		m.run(10 * time.Second)
		m.forget()
		m.run(10 * time.Second)
		require.Zero(t, m.refused[Writes], "patients' writes fit, so each is let in")
		require.Greater(t, m.done[Reads], 10*m.done[Rest])
		require.Greater(t, float64(m.answered()), 0.9*10*capacity)
	})
}

// Whatever happens, the limit stays within its bounds, nobody is let in above it, and a class goes in where a lower one
// does.
func TestBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := clock.NewManual(midnight)
		l := New(c, 4)
		var inside []Ticket
		t.Repeat(map[string]func(*rapid.T){
			"enter": func(t *rapid.T) {
				class := rapid.SampledFrom(Classes).Draw(t, "class")
				ticket, ok := l.Enter(class)
				if ok {
					inside = append(inside, ticket)
					require.LessOrEqual(t, int64(len(inside)), max(1, int64(l.Limit())*class.share()/4))
				}
			},
			"leave": func(t *rapid.T) {
				if len(inside) == 0 {
					t.Skip()
				}
				c.Advance(milliseconds(t, "took", 0, 10000))
				if rapid.Bool().Draw(t, "measured") {
					l.Leave(inside[0], rapid.IntRange(0, 3).Draw(t, "kind"))
				} else {
					l.LeaveUnmeasured(inside[0])
				}
				inside = inside[1:]
			},
			"": func(t *rapid.T) {
				require.Equal(t, len(inside), l.InFlight())
				require.GreaterOrEqual(t, l.Limit(), floor)
				require.LessOrEqual(t, l.Limit(), ceiling)
				goesFirst(t, l)
			},
		})
	})
}

// goesFirst requires that where a class is refused, those below it are as well.
func goesFirst(t *rapid.T, l *Limiter) {
	refused := false
	for _, class := range Classes {
		ticket, ok := l.Enter(class)
		require.False(t, ok && refused, "%s goes in where a higher class does not", class)
		if refused = !ok; ok {
			l.LeaveUnmeasured(ticket)
		}
	}
}

// Lists and pages alone may fill half the limit. Where they do and are answered soon, more of them fit.
func TestTheRestAloneRaisesTheLimit(t *testing.T) {
	t.Parallel()
	for _, class := range Classes {
		m := newModel(together(50*time.Millisecond, 0))
		m.clients(class, 200)
		m.run(20 * time.Second)
		require.GreaterOrEqual(t, m.l.Limit(), 200, class)
		m.forget()
		m.run(10 * time.Second)
		require.Zero(t, m.refused[class], class)
	}
}

// Those who are being refused count for nothing meanwhile: they would take the places of others who fit.
func TestARefusalTakesNoPlace(t *testing.T) {
	t.Parallel()
	l := New(clock.System{}, 1)
	for range initial / 2 {
		_, ok := l.Enter(Rest)
		require.True(t, ok)
	}
	var all sync.WaitGroup
	var above atomic.Bool
	for range 8 {
		all.Go(func() {
			for range 200000 {
				_, _ = l.Enter(Rest)
				if l.InFlight() > initial/2 {
					above.Store(true)
				}
			}
		})
	}
	all.Wait()
	require.False(t, above.Load())
}

// A password is checked in a tenth of a second, and much else at once is as slow as that.
func TestWhatIsSlowByNatureIsNoOverload(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := clock.NewManual(midnight)
		l := New(c, 2)
		before := l.Limit()
		for range 100 {
			ticket, ok := l.Enter(Rest)
			require.True(t, ok)
			c.Advance(milliseconds(t, "took", 500, 700))
			l.Leave(ticket, 1)
		}
		require.GreaterOrEqual(t, l.Limit(), before)
	})
}

func TestStreamsAndFilmsSayNothing(t *testing.T) {
	t.Parallel()
	c := clock.NewManual(midnight)
	l := New(c, 1)
	for range 1000 {
		ticket, ok := l.Enter(Rest)
		require.True(t, ok)
		c.Advance(time.Minute)
		l.LeaveUnmeasured(ticket)
	}
	require.Equal(t, initial, l.Limit())
}

func TestManyAtOnceAreCountedOnce(t *testing.T) {
	t.Parallel()
	l := New(clock.System{}, 1)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for range 1000 {
				if ticket, ok := l.Enter(Reads); ok {
					l.Leave(ticket, 0)
				}
			}
		})
	}
	all.Wait()
	require.Zero(t, l.InFlight())
}

// What a request costs while nobody is refused.
func BenchmarkEnterAndLeave(b *testing.B) {
	l := New(clock.System{}, 1)
	for b.Loop() {
		ticket, _ := l.Enter(Writes)
		l.Leave(ticket, 0)
	}
}

// What a refusal costs.
func BenchmarkRefuse(b *testing.B) {
	l := New(clock.System{}, 1)
	for range initial {
		_, _ = l.Enter(Writes)
	}
	for b.Loop() {
		_, _ = l.Enter(Writes)
	}
}
