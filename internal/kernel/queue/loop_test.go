package queue_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/queue"
)

// A loop begins at once, goes on after a failure, and when it is stopped waits for the sweep that runs, whose context
// has ended.
func TestALoopSweepsUntilItIsStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var mu sync.Mutex
		sweeps := 0
		loop := queue.NewLoop("things", clock.System{}, time.Minute, slog.New(slog.NewTextHandler(&log, nil)),
			func(ctx context.Context) error {
				mu.Lock()
				sweeps++
				n := sweeps
				mu.Unlock()
				switch n {
				case 1:
					return errors.New("no luck")
				case 3:
					<-ctx.Done()
					time.Sleep(time.Second)
					sweeps = 100
					return ctx.Err()
				}
				return nil
			})
		loop.Start(context.Background())
		time.Sleep(2*time.Minute + time.Second)
		loop.Stop()
		require.Equal(t, 100, sweeps, "it did not wait for the running sweep")
		loop.Stop()
		time.Sleep(time.Hour)
		require.Equal(t, 100, sweeps)
		require.Equal(t, 1, bytes.Count(log.Bytes(), []byte("sweep failed")))
		require.Contains(t, log.String(), "of=things")
	})
}

// Stopping what never ran does not wait for it.
func TestALoopThatNeverRan(t *testing.T) {
	t.Parallel()
	queue.NewLoop("things", clock.System{}, time.Minute, slog.New(slog.DiscardHandler), nil).Stop()
}
