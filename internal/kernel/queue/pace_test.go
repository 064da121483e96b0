package queue_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/queue"
)

// Gentle work takes a tenth of the time, and stops resting when the program stops.
func TestGently(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		worked, err := queue.Timed(func() error { time.Sleep(time.Second); return nil })
		require.NoError(t, err)
		require.Equal(t, time.Second, worked)
		queue.Gently(context.Background(), worked)
		require.Equal(t, 10*time.Second, time.Since(began))
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		queue.Gently(ctx, time.Hour)
		require.Equal(t, 10*time.Second, time.Since(began))
	})
}

// A sweep rests between batches, and does no more than was due when it began.
func TestASweepRestsBetweenBatches(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bundle) {
		for i := range 250 {
			b.schedule(t, string(rune('A'+i)), start)
		}
		done := 0
		r := b.runner(func(tx *database.Tx, key string) error {
			done++
			return queue.Schedule(tx, kind, key, start.Add(time.Millisecond))
		})
		rests := 0
		require.NoError(t, r.SweepAt(context.Background(), func(context.Context, time.Duration) {
			rests++
			b.clock.Advance(time.Second)
		}))
		require.Equal(t, []int{250, 2}, []int{done, rests})
	})
}
