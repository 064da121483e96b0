package push

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"cadans/internal/kernel/circuit"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/delivery"
	"cadans/internal/rules/reminder"
)

// PerSecond is the rate limit of one process: half of what FCM accepts from a project by default (600,000 a minute),
// so that two replicas stay within it.
const PerSecond = 5000

// Careful wraps the sender of one project with a rate limit and circuit breakers. It pauses for some seconds when the
// service fails. While the service refuses us it tries one message a minute. Messages wait meanwhile, and expire if
// the pause is too long.
type Careful struct {
	next    reminder.Sender
	clock   clock.Clock
	limiter *rate.Limiter
	trouble *circuit.Circuit
	refusal *circuit.Circuit

	mu       sync.Mutex
	status   reminder.Status
	code     string    // of the latest failure
	answered time.Time // when the service last did its work
	failed   time.Time // when it last did not
	inARow   int       // failures since it last did
}

var (
	_ reminder.Sender = (*Careful)(nil)
	_ reminder.Health = (*Careful)(nil)
)

// NewCareful wraps a sender.
func NewCareful(next reminder.Sender, c clock.Clock) *Careful {
	return &Careful{
		next: next, clock: c, limiter: rate.NewLimiter(PerSecond, PerSecond/10),
		status: reminder.Status{Since: c.Now()},
		trouble: circuit.New(circuit.Settings{
			Clock: c, Opens: isTrouble, Pause: firstPause, Longest: longestPause, Probes: probes, Needed: needed,
		}),
		refusal: circuit.New(circuit.Settings{
			Clock: c, Opens: isRefusal, Pause: perMinute, Longest: perMinute, Probes: 1, Needed: 1,
		}),
	}
}

// One failure in a hundred, or in ten, does not open the circuit. Half of the sends does, and so do five failures in
// a row, which also protects a practice with few patients. The first pause is one second, because five in a row can
// be chance. The longest pause is shorter than the wait of a single message after a failure.
const (
	enough       = 20
	inARow       = 5
	firstPause   = time.Second
	longestPause = 15 * time.Second
	probes       = 3
	needed       = 2
)

func isTrouble(n circuit.Counts) bool {
	return n.InARow >= inARow || n.Answered+n.Failed >= enough && 2*n.Failed >= n.Answered+n.Failed
}

// perMinute is less than a minute, so that a sweep that comes a little late still sends one message a minute.
const perMinute = 50 * time.Second

// isRefusal reports whether the service refuses us. A single refusal can concern one phone, for example one
// registered with another project. Two refusals with nothing accepted in between concern us, and so does one that
// names a time, as a quota does.
func isRefusal(n circuit.Counts) bool { return n.InARow >= 2 || n.Asked > 0 }

// Send implements reminder.Sender. While a circuit is open it sends nothing.
func (c *Careful) Send(ctx context.Context, m reminder.Message) error {
	if c.limiter.Wait(ctx) != nil {
		return &delivery.Failure{Kind: delivery.NeverLeft, Cause: "rate", Local: true}
	}
	ofTrouble, ok := c.trouble.Enter()
	if !ok {
		return leftAlone()
	}
	ofRefusal, ok := c.refusal.Enter()
	if !ok {
		ofTrouble(circuit.Unknown())
		return leftAlone()
	}
	err := c.next.Send(ctx, m)
	f := delivery.Of(err)
	ofTrouble(troubleIn(f))
	ofRefusal(refusalIn(f))
	c.note(f)
	return err
}

func leftAlone() error {
	return &delivery.Failure{Kind: delivery.NeverLeft, Cause: "circuit", Local: true}
}

func troubleIn(f *delivery.Failure) circuit.Result {
	if f == nil || f.Local || f.Kind == delivery.RefusedHere || f.Kind == delivery.RefusedForAll {
		return circuit.Answered()
	}
	return circuit.Failed(f.Wait)
}

func refusalIn(f *delivery.Failure) circuit.Result {
	switch {
	case f == nil || f.Kind == delivery.RefusedHere:
		return circuit.Answered()
	case f.Kind == delivery.RefusedForAll:
		return circuit.Failed(f.Wait)
	default:
		return circuit.Unknown()
	}
}

// note records what Status and IsWell report.
func (c *Careful) note(f *delivery.Failure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	switch {
	case f == nil || f.Kind == delivery.RefusedHere:
		c.answered, c.inARow = now, 0
	case !f.Local:
		c.failed, c.code = now, f.Cause
		c.inARow++
	}
	if condition := c.condition(); condition != c.status.Condition {
		c.status.Condition, c.status.Since = condition, now
	}
	c.status.Code = ""
	if c.status.Condition != reminder.Well {
		c.status.Code = c.code
	}
}

func (c *Careful) condition() reminder.Condition {
	switch {
	case !c.refusal.IsClosed():
		return reminder.Refused
	case !c.trouble.IsClosed():
		return reminder.Troubled
	default:
		return reminder.Well
	}
}

// Room implements reminder.Health.
func (c *Careful) Room() int { return min(c.trouble.Room(), c.refusal.Room()) }

// Status implements reminder.Health.
func (c *Careful) Status() reminder.Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status
}

// One or two failures right after a success are chance. A failure after a long silence may be the beginning of an
// outage; it stops counting when it is too old.
const (
	few       = 3
	lately    = time.Minute
	forgotten = 5 * time.Minute
)

// IsWell implements reminder.Health.
func (c *Careful) IsWell() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.clock.Now().Sub(c.failed) >= forgotten {
		return true
	}
	chance := c.inARow < few && c.clock.Now().Sub(c.answered) <= lately
	return c.status.Condition == reminder.Well && (c.inARow == 0 || chance)
}
