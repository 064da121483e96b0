package push

import (
	"context"
	"errors"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"

	"cadans/internal/reminder"
)

// PerSecond is how many messages one process hands over: half of what FCM takes from a project by default (600,000 a minute),
// so that two replicas stay within it.
const PerSecond = 5000

// The circuit opens after so many failures within the window, and lets some through again after the pause.
const (
	failures = 20
	window   = 30 * time.Second
	pause    = 30 * time.Second
	probes   = 5
)

// Careful hands messages over at a bounded rate, and stops for a while when the service fails: what is due then waits, and
// expires if it has to.
type Careful struct {
	next    reminder.Sender
	limiter *rate.Limiter
	circuit *gobreaker.CircuitBreaker[struct{}]
}

var _ reminder.Sender = (*Careful)(nil)

// NewCareful wraps a sender.
func NewCareful(next reminder.Sender) *Careful {
	return &Careful{
		next: next, limiter: rate.NewLimiter(PerSecond, PerSecond/10),
		circuit: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
			Name: "push", Interval: window, Timeout: pause, MaxRequests: probes,
			ReadyToTrip:  func(c gobreaker.Counts) bool { return c.TotalFailures >= failures },
			IsSuccessful: func(err error) bool { return !isTrouble(err) },
		}),
	}
}

// isTrouble tells a service that fails from one that refuses a message.
func isTrouble(err error) bool {
	var retry *reminder.RetryError
	return errors.As(err, &retry)
}

// Send implements reminder.Sender. While the circuit is open it tries nothing.
func (c *Careful) Send(ctx context.Context, m reminder.Message) error {
	if err := c.limiter.Wait(ctx); err != nil {
		return &reminder.RetryError{Cause: err, Unsent: true}
	}
	_, err := c.circuit.Execute(func() (struct{}, error) { return struct{}{}, c.next.Send(ctx, m) })
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return &reminder.RetryError{Wait: pause, Cause: err, Unsent: true}
	}
	return err
}
