package app

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
)

// bed is a database that a test lets hang, fail and answer.
type bed struct {
	asked, under, most atomic.Int64
	mu                 sync.Mutex
	hangs              chan struct{} // closed when it answers again; nil while it answers
	err                error
}

func (b *bed) probe(context.Context) error {
	b.asked.Add(1)
	b.most.Store(max(b.most.Load(), b.under.Add(1)))
	defer b.under.Add(-1)
	b.mu.Lock()
	hangs := b.hangs
	b.mu.Unlock()
	if hangs != nil {
		<-hangs
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

func (b *bed) hang() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hangs = make(chan struct{})
}

func (b *bed) answer(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hangs != nil {
		close(b.hangs)
	}
	b.hangs, b.err = nil, err
}

func newReadiness(b *bed) *readiness { return &readiness{probe: b.probe, clock: clock.System{}} }

// in returns what was answered, and fails when that took longer than a probe may wait.
func in(t *testing.T, r *readiness) error {
	t.Helper()
	began := time.Now()
	err := r.check()
	require.Less(t, time.Since(began), 100*time.Millisecond)
	return err
}

func TestReadiness_answers_in_time_while_the_database_hangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bed{}
		r := newReadiness(b)
		require.NoError(t, in(t, r))
		b.hang()
		<-clock.System{}.After(probeTTL)
		for range 100 {
			_ = in(t, r)
			<-clock.System{}.After(100 * time.Millisecond)
		}
		require.ErrorIs(t, in(t, r), errNoAnswer)
		require.Equal(t, int64(2), b.asked.Load(), "who hangs is not asked again")

		b.answer(nil)
		synctest.Wait()
		require.NoError(t, in(t, r))
	})
}

func TestReadiness_many_ask_at_once_and_one_probe_runs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bed{}
		b.hang()
		r := newReadiness(b)
		var all sync.WaitGroup
		for range 200 {
			all.Go(func() { require.ErrorIs(t, in(t, r), errNoAnswer) })
		}
		all.Wait()
		require.Equal(t, int64(1), b.most.Load())
		b.answer(nil)
		synctest.Wait()
	})
}

// A database that is busy answers the probe late: it is ready, as it answered a moment ago.
func TestReadiness_a_slow_answer_is_an_answer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bed{}
		r := newReadiness(b)
		for range 20 {
			require.NoError(t, in(t, r))
			b.hang()
			<-clock.System{}.After(probeTTL)
			require.NoError(t, in(t, r))
			<-clock.System{}.After(hangsAfter - 3*probeWait)
			require.NoError(t, in(t, r))
			b.answer(nil)
			synctest.Wait()
		}
	})
}

// Who asks seldom begins a probe each time, and hears of a slow one what the probe before it found.
func TestReadiness_whoever_asks_seldom(t *testing.T) {
	t.Parallel()
	for _, period := range []time.Duration{time.Second, 5 * time.Second, 10 * time.Second, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			r := &readiness{clock: clock.System{}, probe: func(context.Context) error {
				<-clock.System{}.After(150 * time.Millisecond)
				return nil
			}}
			require.ErrorIs(t, in(t, r), errNoAnswer, "nothing is known yet")
			for range 20 {
				<-clock.System{}.After(period)
				require.NoError(t, in(t, r), period)
			}
			<-clock.System{}.After(time.Second)
		})
	}
}

// Whoever asks seldom hears of a database that hangs at the second time.
func TestReadiness_whoever_asks_seldom_hears_of_a_database_that_hangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hangs := false
		r := &readiness{clock: clock.System{}, probe: func(ctx context.Context) error {
			if !hangs {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}}
		require.NoError(t, in(t, r))
		hangs = true
		<-clock.System{}.After(10 * time.Second)
		require.NoError(t, in(t, r), "it may be slow")
		for range 3 {
			<-clock.System{}.After(10 * time.Second)
			require.ErrorIs(t, in(t, r), errNoAnswer)
		}
		<-clock.System{}.After(probeLimit)
	})
}

func TestReadiness_says_that_nothing_is_written(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bed{err: errors.New("disk full, with details")}
		r := newReadiness(b)
		require.EqualError(t, in(t, r), "database takes no writes")
		b.answer(nil)
		require.Error(t, in(t, r), "asked at most once in two seconds")
		<-clock.System{}.After(probeTTL)
		require.NoError(t, in(t, r))
		require.Equal(t, int64(2), b.asked.Load())
	})
}

// A probe that is given up says the same as one that hangs.
func TestReadiness_a_probe_that_is_given_up(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &readiness{clock: clock.System{}, probe: func(ctx context.Context) error {
			<-ctx.Done()
			return errors.New("cut off")
		}}
		for range 200 {
			require.ErrorIs(t, in(t, r), errNoAnswer)
			<-clock.System{}.After(50 * time.Millisecond)
		}
		<-clock.System{}.After(probeLimit)
	})
}
