package queue_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/queue"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

const kind queue.Kind = "count"

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

type bundle struct {
	db    *database.DB
	clock *clock.Manual
	log   bytes.Buffer
	idle  map[queue.Kind]queue.Idle
}

func onBoth(t *testing.T, promise func(*testing.T, *bundle)) {
	t.Helper()
	testdb.EachDatabase(t, func(t *testing.T, options database.Options) {
		b := &bundle{clock: clock.NewManual(start)}
		options.Clock = b.clock
		var err error
		b.db, err = database.Open(context.Background(), options)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, b.db.Close()) })
		promise(t, b)
	})
}

func (b *bundle) schedule(t *testing.T, key string, at time.Time) {
	t.Helper()
	require.NoError(
		t, b.db.Write(context.Background(), func(tx *database.Tx) error { return queue.Schedule(tx, kind, key, at) }),
	)
}

func (b *bundle) runner(h queue.Handler) *queue.Runner {
	return queue.NewRunner(
		b.db, slog.New(slog.NewTextHandler(&b.log, nil)), map[queue.Kind]queue.Handler{kind: h}, b.idle,
	)
}

func TestAJobIsDoneOnceWhenItIsDue(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		var done []string
		r := b.runner(func(_ *database.Tx, key string) error { done = append(done, key); return nil })
		b.schedule(t, "later", start.Add(time.Minute))
		b.schedule(t, "now", start)
		b.schedule(t, "moved", start)
		b.schedule(t, "moved", start.Add(time.Hour))
		b.schedule(t, "cancelled", start)
		require.NoError(t, b.db.Write(
			context.Background(), func(tx *database.Tx) error { return queue.Cancel(tx, kind, "cancelled") },
		))
		require.NoError(t, r.Sweep(context.Background()))
		require.Equal(t, []string{"now"}, done)
		b.clock.Advance(time.Minute)
		require.NoError(t, r.Sweep(context.Background()))
		require.NoError(t, r.Sweep(context.Background()))
		require.Equal(t, []string{"now", "later"}, done)
	})
}

// What a handler wrote before it failed is undone, the job comes again later, and others go on meanwhile.
func TestAFailingJobIsTriedAgainAsAWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		fails, others := 2, 0
		r := b.runner(func(tx *database.Tx, key string) error {
			if key != "bad" {
				others++
				return nil
			}
			if _, err := tx.Exec("INSERT INTO practices (id, name, created_at) VALUES ('p', 'P', 0)"); err != nil {
				return err
			}
			if fails--; fails >= 0 {
				return errors.New("not yet")
			}
			return nil
		})
		b.schedule(t, "bad", start)
		b.schedule(t, "good", start)
		for i, wait := range []time.Duration{0, time.Minute, 2 * time.Minute} {
			b.clock.Advance(wait)
			require.NoError(t, r.Sweep(context.Background()))
			require.Equal(t, 1, others)
			var stored int
			require.NoError(t, b.db.Read(context.Background(), func(tx *database.Tx) error {
				return tx.Value(&stored, "SELECT count(*) FROM practices")
			}))
			require.Equal(t, i/2, stored, "try %d", i)
		}
		require.Contains(t, b.log.String(), "attempt=2")
	})
}

// A handler may schedule its own job again, and several runners do each job once.
func TestSeveralRunners(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		var mu sync.Mutex
		done := map[string]int{}
		handler := func(tx *database.Tx, key string) error {
			if err := queue.Schedule(tx, kind, key, start.Add(time.Hour)); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done[key]++
			return nil
		}
		for i := range 40 {
			b.schedule(t, string(rune('A'+i)), start)
		}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() { require.NoError(t, b.runner(handler).Sweep(context.Background())) })
		}
		wait.Wait()
		require.Len(t, done, 40)
		for key, n := range done {
			require.Equal(t, 1, n, key)
		}
	})
}

// A job that has nothing to do goes without its handler; one that moved meanwhile stays, and one
// about which that cannot be told is done.
func TestAnIdleJobIsTakenAway(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		b.idle = map[queue.Kind]queue.Idle{kind: func(_ *database.Tx, key string) (bool, error) {
			if key == "moved" {
				b.schedule(t, key, start.Add(time.Hour))
			}
			if key == "unclear" {
				return true, errors.New("cannot tell")
			}
			return key != "busy", nil
		}}
		var done []string
		r := b.runner(func(_ *database.Tx, key string) error { done = append(done, key); return nil })
		for _, key := range []string{"idle", "busy", "moved", "unclear"} {
			b.schedule(t, key, start)
		}
		b.clock.Advance(time.Second)
		require.NoError(t, r.Sweep(context.Background()))
		require.ElementsMatch(t, []string{"busy", "unclear"}, done)
		var left []string
		require.NoError(t, b.db.Read(context.Background(), func(tx *database.Tx) (err error) {
			left, err = database.Column[string](tx, "SELECT key FROM jobs")
			return err
		}))
		require.Equal(t, []string{"moved"}, left)
	})
}

// A job is its kind and its key together: cancelling or moving one leaves those that share either.
func TestAJobIsItsKindAndItsKey(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		ctx := context.Background()
		waiting := func() (jobs []string) {
			require.NoError(t, b.db.Read(ctx, func(tx *database.Tx) (err error) {
				jobs, err = database.Column[string](
					tx, "SELECT kind || ' ' || key || ' ' || run_at FROM jobs ORDER BY kind, key",
				)
				return err
			}))
			return jobs
		}
		require.NoError(t, b.db.Write(ctx, func(tx *database.Tx) error {
			return errors.Join(
				queue.Schedule(tx, "a", "anna", time.UnixMilli(1)), queue.Schedule(tx, "a", "bert", time.UnixMilli(2)),
				queue.Schedule(tx, "b", "anna", time.UnixMilli(3)), queue.Schedule(tx, "b", "bert", time.UnixMilli(4)),
			)
		}))
		require.NoError(
			t,
			b.db.Write(ctx, func(tx *database.Tx) error { return queue.Schedule(tx, "a", "bert", time.UnixMilli(5)) }),
		)
		require.Equal(t, []string{"a anna 1", "a bert 5", "b anna 3", "b bert 4"}, waiting())
		require.NoError(t, b.db.Write(ctx, func(tx *database.Tx) error { return queue.Cancel(tx, "a", "anna") }))
		require.Equal(t, []string{"a bert 5", "b anna 3", "b bert 4"}, waiting())
		require.NoError(
			t, b.db.Write(ctx, func(tx *database.Tx) error { return queue.Cancel(tx, "c", "anna") }),
			"one that does not wait",
		)
		require.Len(t, waiting(), 3)
	})
}

// Jobs of two kinds that share key and moment are two jobs: each is done once, and
// one that fails does not move the other.
func TestJobsThatShareAKeyDoNotMoveEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		var done []string
		handle := func(kind string, err error) queue.Handler {
			return func(_ *database.Tx, key string) error { done = append(done, kind+" "+key); return err }
		}
		r := queue.NewRunner(b.db, slog.New(slog.NewTextHandler(&b.log, nil)), map[queue.Kind]queue.Handler{
			"a": handle("a", errors.New("not yet")), "b": handle("b", nil)}, nil)
		require.NoError(t, b.db.Write(context.Background(), func(tx *database.Tx) error {
			return errors.Join(queue.Schedule(tx, "a", "anna", start), queue.Schedule(tx, "b", "anna", start))
		}))
		require.NoError(t, r.Sweep(context.Background()))
		require.ElementsMatch(t, []string{"a anna", "b anna"}, done)
		b.clock.Advance(time.Minute)
		require.NoError(t, r.Sweep(context.Background()))
		require.ElementsMatch(
			t, []string{"a anna", "b anna", "a anna"}, done, "only the one that failed is tried again",
		)
	})
}

// What is due is done in the order in which it became due.
func TestTheLongestWaitingJobComesFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		for i, key := range []string{"last", "first", "second"} {
			b.schedule(t, key, start.Add(time.Duration([]int{0, -2, -1}[i])*time.Minute))
		}
		var done []string
		r := b.runner(func(_ *database.Tx, key string) error { done = append(done, key); return nil })
		require.NoError(t, r.Sweep(context.Background()))
		require.Equal(t, []string{"first", "second", "last"}, done)
	})
}

// meanwhile does something between the failure of a job and its being put off, which logs in between.
type meanwhile struct {
	slog.Handler
	do func()
}

// Handle implements slog.Handler.
func (m meanwhile) Handle(ctx context.Context, r slog.Record) error {
	m.do()
	return m.Handler.Handle(ctx, r)
}

// A job that is promised anew while it fails is done when it was promised, not when the failure would have come
// again.
func TestAFailureDoesNotPutOffWhatIsPromisedAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		at, fails, done := start.Add(time.Second), true, 0
		log := slog.New(meanwhile{slog.NewTextHandler(&b.log, nil), func() { b.schedule(t, "job", at) }})
		r := queue.NewRunner(b.db, log, map[queue.Kind]queue.Handler{kind: func(*database.Tx, string) error {
			done++
			if fails {
				fails = false
				return errors.New("not yet")
			}
			return nil
		}}, nil)
		b.schedule(t, "job", start)
		require.NoError(t, r.Sweep(context.Background()))
		b.clock.Set(at)
		require.NoError(t, r.Sweep(context.Background()))
		require.Equal(t, 2, done)
	})
}
