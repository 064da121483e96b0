package app

import (
	"context"
	"sync"
	"time"

	"cadans/internal/clock"
	"cadans/internal/database"
)

// probeTTL keeps a flood of probes from becoming a flood of writes.
const probeTTL = 2 * time.Second

// readiness writes to the database now and then: a read-only or full disk answers every read and is not ready.
type readiness struct {
	db    *database.DB
	clock clock.Clock

	mu     sync.Mutex
	probed time.Time
	err    error
}

func (r *readiness) check(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.probed.IsZero() || r.clock.Now().Sub(r.probed) >= probeTTL {
		r.err = r.db.Ready(ctx)
		r.probed = r.clock.Now()
	}
	return r.err
}
