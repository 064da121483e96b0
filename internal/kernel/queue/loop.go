package queue

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"cadans/internal/kernel/clock"
)

// Loop repeats background work at an interval, until Stop.
type Loop struct {
	name  string
	clock clock.Clock
	every time.Duration
	log   *slog.Logger
	sweep func(context.Context) error

	started  atomic.Bool
	stopOnce sync.Once
	quit     chan struct{}
	done     chan struct{}
}

// NewLoop returns a loop; Start runs it. The context of a sweep ends when the loop is stopped, so that a long sweep
// can end between two pieces of work.
func NewLoop(
	name string, c clock.Clock, every time.Duration, log *slog.Logger, sweep func(context.Context) error,
) *Loop {
	return &Loop{
		name:  name,
		clock: c,
		every: every,
		log:   log,
		sweep: sweep,
		quit:  make(chan struct{}),
		done:  make(chan struct{}),
	}
}

// Start runs the first sweep at once. A sweep that fails is logged and retried at the next interval.
func (l *Loop) Start(ctx context.Context) {
	l.started.Store(true)
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		<-l.quit
		cancel()
	}()
	go func() {
		defer close(l.done)
		for {
			if err := l.sweep(ctx); err != nil && ctx.Err() == nil {
				l.log.Error("sweep failed", "of", l.name, "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-l.clock.After(l.every):
			}
		}
	}()
}

// Stop ends the loop and waits for a running sweep. Stopping twice is allowed.
func (l *Loop) Stop() {
	l.stopOnce.Do(func() { close(l.quit) })
	if l.started.Load() {
		<-l.done
	}
}
