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
	planBatch    = 200 // patients decided about together: writers wait while what became of them is written
	planners     = 2   // batches under way at once: one is read while another is written
	planLease    = time.Minute
	sendBatch    = 50 // slots between claim and send, so that the last look is the last moment
	inFlight     = 10 // slots being sent at once
	lease        = time.Minute
	proven       = lease // how long a process has lived before it sends again what may have gone out
	sendDeadline = 10 * time.Second
	maxUnsure    = 2 // sends of which nobody knows whether they went out
	maxAttempts  = 5 // the same, with those of which the service says that they failed
)

// Observer counts outcomes, for metrics.
type Observer interface {
	// Decided follows a decision or the end of a slot; late is how long after its due time a push went out.
	Decided(kind Kind, outcome string, reason Reason)
	Sent(kind Kind, late time.Duration)
	// Backlog follows a sweep: how many slots are due and not yet sent, and for how long the first has waited.
	Backlog(slots int, oldest time.Duration)
	// Failed follows a message that a phone's service did not accept, and Service a sweep: how the service is.
	Failed(f *delivery.Failure)
	Service(s Status)
}

// Sweeper finds who is due, decides, and sends.
type Sweeper struct {
	parts  Parts
	loader loader
	began  time.Time
	health Health
	tally  *delivery.Tally
	tries  *tries
}

// Parts is what a sweeper works with.
type Parts struct {
	DB       *database.DB
	Clock    clock.Clock
	Sender   Sender
	Lot      Lot
	Log      *slog.Logger
	Observer Observer

	Questionnaires Questionnaires
}

// NewSweeper returns a sweeper.
func NewSweeper(p Parts) *Sweeper {
	return &Sweeper{
		parts: p, loader: newLoader(p.Questionnaires, p.Lot), began: p.Clock.Now(), health: HealthOf(p.Sender),
		tally: delivery.NewTally("push", p.Clock, p.Log), tries: newTries(p.Clock),
	}
}

// hasLived reports whether this process may send a second time. One that dies again and again would burn that send,
// which is the last, for every slot it touches.
func (s *Sweeper) hasLived() bool { return s.parts.Clock.Now().Sub(s.began) >= proven }

// Sweep decides and sends everything that is due now. It runs to its end also while the program stops: a push that is
// cut off may have gone out. A patient about whom nothing can be decided is left for later and told of in the
// error; the others are not kept waiting.
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

// inBatches goes on until a batch is not full. Some returns how many it took, why some of them were
// left for later, and why it cannot go on.
func inBatches(full int, some func() (took int, left, err error)) (left, err error) {
	for {
		took, leftNow, err := some()
		left = errors.Join(left, leftNow)
		if err != nil || took < full {
			return left, err
		}
	}
}

// leftFor is for how long what cannot be decided is left.
const leftFor = time.Hour

// oneByOne does for one at a time what failed for many, and puts off those for whom it fails again. A database
// that does not answer is nobody's fault.
func oneByOne[T any](failed error, many []T, one, putOff func(T) error) (left, err error) {
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

// backlog tells what could not be sent: of a service that asked to wait, or of another replica that is at it.
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
