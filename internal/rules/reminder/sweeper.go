package reminder

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/delivery"
	"cadans/internal/kernel/fault"
)

const (
	planBatch    = 200 // patients per batch: other writers wait while its results are written
	planners     = 2   // concurrent batches: one is read while another is written
	planLease    = time.Minute
	sendBatch    = 50 // slots per claim, so that the last check is shortly before the send
	inFlight     = 10 // concurrent sends
	lease        = time.Minute
	provenAfter  = lease // how long a process must have run before it repeats a send with an unknown outcome
	sendDeadline = 10 * time.Second
	maxUnsure    = 2 // sends with an unknown outcome
	maxAttempts  = 5 // all sends, including those that the service reported as failed
)

// Observer counts outcomes for metrics.
type Observer interface {
	// Decided is called after a decision or at the end of a slot; late is the delay of a push after its due time.
	Decided(kind Kind, outcome string, reason Reason)
	Sent(kind Kind, late time.Duration)
	// Backlog is called after a sweep, with the number of slots that are due and not yet sent, and the age of the
	// oldest.
	Backlog(slots int, oldest time.Duration)
	// Failed is called for a message that a push service did not accept, and Service after a sweep with the service's
	// status.
	Failed(f *delivery.Failure)
	Service(s Status)
}

// Sweeper finds the patients and slots that are due, decides, and sends.
type Sweeper struct {
	parts  Parts
	loader loader
	began  time.Time
	health Health
	tally  *delivery.Tally
	tries  *tries
}

// Parts holds the dependencies of a sweeper.
type Parts struct {
	DB       *database.DB
	Clock    clock.Clock
	Sender   Sender
	SeedOf   SeedOf
	Log      *slog.Logger
	Observer Observer

	Questionnaires Questionnaires
}

// NewSweeper returns a sweeper.
func NewSweeper(p Parts) *Sweeper {
	return &Sweeper{
		parts: p, loader: newLoader(p.Questionnaires, p.SeedOf), began: p.Clock.Now(), health: HealthOf(p.Sender),
		tally: delivery.NewTally("push", p.Clock, p.Log), tries: newTries(p.Clock),
	}
}

// hasLived reports whether this process may repeat a send with an unknown outcome. A process in a crash loop would
// otherwise use up that last send for every slot it touches.
func (s *Sweeper) hasLived() bool { return s.parts.Clock.Now().Sub(s.began) >= provenAfter }

// Sweep decides about and sends everything that is due. It completes even while the program stops, because an
// interrupted push may have been sent. A patient for whom deciding fails is postponed and reported in the error; the
// others are not delayed.
func (s *Sweeper) Sweep(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	undecided, err := s.planAll(ctx)
	if err != nil {
		return err
	}
	unsent, err := newLine(s).run(ctx)
	s.tally.Say()
	s.tries.forgetOld()
	s.parts.Observer.Service(s.health.Status())
	if err != nil {
		return err
	}
	return errors.Join(undecided, unsent, s.backlog(ctx))
}

// inBatches calls some until a batch is not full. Some returns how many it took, why some of them were postponed, and
// why it cannot continue.
func inBatches(full int, some func() (took int, left, err error)) (left, err error) {
	for {
		took, leftNow, err := some()
		left = errors.Join(left, leftNow)
		if err != nil || took < full {
			return left, err
		}
	}
}

// leftFor is for how long a failed item is postponed.
const leftFor = time.Hour

// retryEach retries each item of a failed batch individually, and postpones those that fail again. It does not do so
// when the database does not answer, because then no item is at fault.
func retryEach[T any](failed error, many []T, one, putOff func(T) error) (left, err error) {
	if fault.Is(failed, fault.Transient) || len(many) == 0 {
		return nil, failed
	}
	for _, each := range many {
		switch err := one(each); {
		case fault.Is(err, fault.Transient):
			return left, err
		case err != nil:
			left = errors.Join(left, err)
			if err := putOff(each); err != nil {
				return left, err
			}
		}
	}
	return left, nil
}

// backlog reports what could not be sent yet, because a service asked to wait or another replica has claimed it.
func (s *Sweeper) backlog(ctx context.Context) error {
	return s.parts.DB.Read(ctx, func(tx *database.Tx) error {
		slots, oldest, err := newStore(tx).backlog()
		if err == nil {
			s.parts.Observer.Backlog(slots, oldest)
		}
		return err
	})
}

func (s *Sweeper) write(ctx context.Context, fn func(store) error) error {
	return s.parts.DB.Write(ctx, func(tx *database.Tx) error { return fn(newStore(tx)) })
}
