// Package queue runs deferred jobs. A job is scheduled in the transaction that needs it, and its handler runs in the
// transaction that removes it. So a job runs exactly once; if it fails, it is retried as a whole.
//
// A job has a kind and a key, mostly a patient. Scheduling it again changes its time. A handler works only on the
// database. Effects outside it, such as a push, have their own mechanism.
package queue

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"cadans/internal/kernel/database"
)

// Kind selects the handler of a job.
type Kind string

// Handler runs the job of a key in the transaction that removes it. It may schedule the same job again.
type Handler func(tx *database.Tx, key string) error

// Idle reports, in a read-only transaction, that the job of a key would change nothing, so that it needs no write
// transaction. The data may change right afterwards; a change of the data schedules the job again.
type Idle func(tx *database.Tx, key string) (bool, error)

// Limits.
const (
	batch        = 100
	firstBackoff = time.Minute
	maxBackoff   = time.Hour
)

// Schedule sets the time of a job. A job that is already scheduled moves to the new time.
func Schedule(tx *database.Tx, kind Kind, key string, at time.Time) error {
	_, err := tx.Exec(`INSERT INTO jobs (kind, key, run_at, attempts) VALUES (?, ?, ?, 0)
		ON CONFLICT (kind, key) DO UPDATE SET run_at = excluded.run_at, attempts = 0`, kind, key, database.At(at))
	return database.Wrap("queue: schedule", err)
}

// Cancel removes a job. It is no error if there is none.
func Cancel(tx *database.Tx, kind Kind, key string) error {
	_, err := tx.Exec("DELETE FROM jobs WHERE kind = ? AND key = ?", kind, key)
	return database.Wrap("queue: cancel", err)
}

// Runner runs the jobs that are due.
type Runner struct {
	db       *database.DB
	log      *slog.Logger
	handlers map[Kind]Handler
	idle     map[Kind]Idle
}

// NewRunner returns a runner. idle holds the kinds for which an Idle check can avoid the write.
func NewRunner(db *database.DB, log *slog.Logger, handlers map[Kind]Handler, idle map[Kind]Idle) *Runner {
	return &Runner{db: db, log: log, handlers: handlers, idle: idle}
}

type job struct {
	kind     Kind
	key      string
	runAt    database.Instant
	attempts int
}

// Sweep runs everything that is due when it begins. What is scheduled meanwhile waits for the next sweep, so that a
// job that reschedules itself runs once. A job that fails is retried later and does not delay the others.
func (r *Runner) Sweep(ctx context.Context) error { return r.SweepAt(ctx, FlatOut) }

// SweepAt is Sweep at a pace.
func (r *Runner) SweepAt(ctx context.Context, pace Pace) error {
	var began database.Instant
	if err := r.db.Read(ctx, func(tx *database.Tx) error { began = database.At(tx.Now()); return nil }); err != nil {
		return err
	}
	for {
		more := false
		worked, err := Timed(func() (err error) {
			more, err = r.runBatch(ctx, began)
			return err
		})
		if err != nil || !more || ctx.Err() != nil {
			return err
		}
		pace(ctx, worked)
	}
}

// runBatch runs a batch of the jobs that were due at a moment, and reports whether there may be more.
func (r *Runner) runBatch(ctx context.Context, began database.Instant) (more bool, err error) {
	due, idle, err := r.due(ctx, began)
	if err != nil {
		return false, err
	}
	if err := r.remove(ctx, idle); err != nil {
		return false, err
	}
	for _, j := range due {
		if err := r.do(ctx, j); err != nil {
			return false, err
		}
	}
	return len(due)+len(idle) == batch, nil
}

// due returns the jobs whose time has come, and separately those with nothing to do.
func (r *Runner) due(ctx context.Context, began database.Instant) (due, idle []job, err error) {
	err = r.db.Read(ctx, func(tx *database.Tx) error {
		due, idle = nil, nil
		var found []job
		if err := tx.Rows("SELECT kind, key, run_at, attempts FROM jobs WHERE run_at <= ? ORDER BY run_at LIMIT ?",
			[]any{began, batch}, func(rows *sql.Rows) error {
				var j job
				err := rows.Scan(&j.kind, &j.key, &j.runAt, &j.attempts)
				found = append(found, j)
				return err
			}); err != nil {
			return err
		}
		for _, j := range found {
			if r.isIdle(tx, j) {
				idle = append(idle, j)
				continue
			}
			due = append(due, j)
		}
		return nil
	})
	return due, idle, err
}

// isIdle reports whether a job has nothing to do. If the check fails, the job runs, so that its failure is counted.
func (r *Runner) isIdle(tx *database.Tx, j job) bool {
	ask, can := r.idle[j.kind]
	if !can || j.runAt >= database.At(tx.Now()) { // promised anew in this very millisecond it would look the same
		return false
	}
	nothing, err := ask(tx, j.key)
	return err == nil && nothing
}

// remove deletes jobs with nothing to do, unless they have been rescheduled.
func (r *Runner) remove(ctx context.Context, jobs []job) error {
	if len(jobs) == 0 {
		return nil
	}
	return r.db.Write(ctx, func(tx *database.Tx) error {
		for _, j := range jobs {
			if _, err := j.take(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// take removes a job and reports whether it was still there unchanged.
func (j job) take(tx *database.Tx) (bool, error) {
	n, err := tx.Exec("DELETE FROM jobs WHERE kind = ? AND key = ? AND run_at = ?", j.kind, j.key, j.runAt)
	return n == 1, database.Wrap("queue: take", err)
}

// do removes a job and runs it, in one transaction. It does nothing if another replica was first or the job has been
// rescheduled.
func (r *Runner) do(ctx context.Context, j job) error {
	handler, known := r.handlers[j.kind]
	if !known {
		return fmt.Errorf("queue: no handler for %s", j.kind)
	}
	err := r.db.Write(ctx, func(tx *database.Tx) error {
		if mine, err := j.take(tx); err != nil || !mine {
			return err
		}
		return handler(tx, j.key)
	})
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	r.log.Error("job failed", "kind", string(j.kind), "attempt", j.attempts+1, "error", err)
	return r.db.Write(ctx, func(tx *database.Tx) error {
		wait := min(firstBackoff<<min(j.attempts, 10), maxBackoff)
		_, err := tx.Exec(
			"UPDATE jobs SET run_at = ?, attempts = attempts + 1 WHERE kind = ? AND key = ? AND run_at = ?",
			database.At(tx.Now().Add(wait)), j.kind, j.key, j.runAt,
		)
		return err
	})
}
