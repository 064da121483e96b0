// Package circuit is a circuit breaker: it stops calls to a service that fails. It opens on recent results, not on
// the number of calls. After a pause it admits a few probes, and closes when enough of them are answered.
//
//	closed ──opens──> open ──pause──> half-open ──answered──> closed
//	                   ▲                  └──failed──> open, for longer
//
// It promises that a call which began before the circuit opened neither opens nor closes it afterwards, and that it
// refuses no call while it is closed. It is our own because the maintained libraries (sony/gobreaker, failsafe-go)
// read the machine's clock, and tests of a two-minute outage need a clock that they set.
package circuit

import (
	"math"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
)

// Settings configure when a circuit opens and how it closes again.
type Settings struct {
	Clock clock.Clock
	// Opens decides after each failure in a closed circuit whether it opens.
	Opens func(Counts) bool
	// Pause is how long the circuit stays open at first. It doubles with each failed probe, up to Longest.
	Pause, Longest time.Duration
	// Probes is how many calls may be in flight while the circuit is half-open, and Needed how many of them must be
	// answered.
	Probes, Needed int
}

// Counts are the results within the window, the number of consecutive failures, and the wait that the last failure
// asked for.
type Counts struct {
	Answered, Failed, InARow int
	Asked                    time.Duration
}

// Result is the outcome of a call.
type Result struct {
	verdict verdict
	wait    time.Duration
}

type verdict int

const (
	nothing verdict = iota
	answered
	failed
)

// Unknown is an outcome that says nothing about the service.
func Unknown() Result { return Result{} }

// Answered is the outcome of a service that works.
func Answered() Result { return Result{verdict: answered} }

// Failed is the outcome of a service that does not work. If it opens the circuit, the circuit stays open for at least
// as long as the service asked.
func Failed(asked time.Duration) Result { return Result{verdict: failed, wait: asked} }

// Unlimited is the room of a closed circuit.
const Unlimited = math.MaxInt

// Circuit is safe for use by several goroutines.
type Circuit struct {
	settings Settings

	mu      sync.Mutex
	recent  window
	inARow  int
	lastBad time.Time
	era     int // counts openings and returns: a try of another era says nothing any more
	open    bool
	until   time.Time
	pause   time.Duration
	under   int // probes under way
	good    int // probes answered since the pause
}

// New returns a closed circuit.
func New(s Settings) *Circuit { return &Circuit{settings: s} }

// Room returns how many more calls may begin now.
func (c *Circuit) Room() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.room()
}

func (c *Circuit) room() int {
	switch {
	case !c.open:
		return Unlimited
	case c.settings.Clock.Now().Before(c.until):
		return 0
	default:
		return max(c.settings.Probes-c.under, 0)
	}
}

// IsClosed reports whether the circuit is closed: the service is assumed to work.
func (c *Circuit) IsClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.open
}

// Enter begins a call if there is room. Call leave once, with the outcome.
func (c *Circuit) Enter() (leave func(Result), ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.room() == 0 {
		return nil, false
	}
	if c.open {
		c.under++
	}
	era := c.era
	return func(r Result) { c.leave(era, r) }, true
}

func (c *Circuit) leave(era int, r Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case era != c.era:
	case c.open:
		c.under--
		c.probed(r)
	default:
		c.note(r)
	}
}

// stale is the age at which failures no longer count as consecutive: a failure this morning says nothing about
// tonight.
const stale = 10 * time.Minute

// note records an outcome while the circuit is closed.
func (c *Circuit) note(r Result) {
	now := c.settings.Clock.Now()
	switch r.verdict {
	case answered:
		c.inARow = 0
		c.recent.add(now, true)
	case failed:
		if now.Sub(c.lastBad) > stale {
			c.inARow = 0
		}
		c.inARow++
		c.lastBad = now
		c.recent.add(now, false)
		counts := c.recent.sum(now)
		counts.InARow, counts.Asked = c.inARow, r.wait
		if c.settings.Opens(counts) {
			c.pause = c.settings.Pause
			c.leaveAlone(r.wait)
		}
	}
}

// probed records the outcome of a probe.
func (c *Circuit) probed(r Result) {
	switch r.verdict {
	case answered:
		if c.good++; c.good >= c.settings.Needed {
			c.close()
		}
	case failed:
		c.pause = min(2*c.pause, c.settings.Longest)
		c.leaveAlone(r.wait)
	}
}

func (c *Circuit) leaveAlone(asked time.Duration) {
	c.open, c.until = true, c.settings.Clock.Now().Add(max(c.pause, asked))
	c.turn()
}

func (c *Circuit) close() {
	c.open, c.recent, c.inARow = false, window{}, 0
	c.turn()
}

// turn changes the state: outcomes of calls that began before it no longer count.
func (c *Circuit) turn() {
	c.era++
	c.under, c.good = 0, 0
}
