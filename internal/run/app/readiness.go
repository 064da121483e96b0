package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
)

const (
	// probeTTL keeps a flood of probes from becoming a flood of writes.
	probeTTL = 2 * time.Second
	// probeWait leaves time to answer within 100 ms, whatever the database does.
	probeWait = 80 * time.Millisecond
	// hangsAfter is when a probe counts as lost. A database under load answers later than probeWait, and is ready.
	hangsAfter = 2 * time.Second
	// probeLimit ends a probe by itself.
	probeLimit = 5 * time.Second
)

// The reasons for not being ready; their texts may be public.
var (
	errDraining = errors.New("draining")
	errNoAnswer = errors.New("database does not answer")
	errNoWrites = errors.New("database takes no writes")
)

// readiness writes to the database periodically, because on a read-only or full disk reads still work. One probe runs
// at a time, in a goroutine of its own, so that no request waits for a database that hangs.
type readiness struct {
	probe func(context.Context) error
	clock clock.Clock

	mu     sync.Mutex
	run    *run      // the probe under way; nil when there is none
	probed time.Time // when the last one ended; zero before the first
	err    error     // what it found, in words that may be shown
}

// run is one probe.
type run struct {
	began time.Time
	done  chan struct{}
}

// check reports within 100 ms whether the database accepts writes.
func (r *readiness) check() error {
	now := r.clock.Now()
	running := r.running(now)
	if running != nil {
		select {
		case <-running.done:
		case <-r.clock.After(r.patience(running, now)):
		}
	}
	return r.verdict()
}

// running returns the current probe. It starts one when the last result is old.
func (r *readiness) running(now time.Time) *run {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.run == nil && (r.probed.IsZero() || now.Sub(r.probed) >= probeTTL) {
		r.run = &run{began: now, done: make(chan struct{})}
		go r.ask(r.run)
	}
	return r.run
}

func (r *readiness) ask(run *run) {
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	defer cancel()
	err := r.probe(ctx)
	switch {
	case err != nil && ctx.Err() != nil:
		err = errNoAnswer
	case err != nil:
		err = errNoWrites
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run, r.err, r.probed = nil, err, r.clock.Now()
	close(run.done)
}

// patience returns how long to wait for a probe. It does not wait for one that hangs.
func (r *readiness) patience(run *run, now time.Time) time.Duration {
	return max(0, min(probeWait, hangsAfter-now.Sub(run.began)))
}

// verdict returns the result of the last probe, however old: a running probe that is late changes nothing, and only
// one that hangs means not ready. If old results did not count, every replica with a slow disk would become not ready
// at once where probes are rare.
func (r *readiness) verdict() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.probed.IsZero() || r.run != nil && r.clock.Now().Sub(r.run.began) >= hangsAfter {
		return errNoAnswer
	}
	return r.err
}
