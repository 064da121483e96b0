// Package circuit leaves a service alone that fails. It opens on what happened lately, not on how much was sent;
// after a pause it lets a few tries through, and closes when enough of them are answered.
//
//	closed ──opens──> open ──pause──> half-open ──answered──> closed
//	                   ▲                  └──failed──> open, for longer
//
// It promises that a try which began before the circuit opened neither opens nor closes it afterwards, and that tries
// are never refused while it is closed. It is our own because the kept libraries (sony/gobreaker, failsafe-go) read
// the machine's clock, and what is promised about an outage of two minutes has to be shown with a clock that a test
// sets.
package circuit

import (
	"math"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
)

// Settings say when a circuit opens and how it comes back.
type Settings struct {
	Clock clock.Clock
	// Opens is asked after each failure while the circuit is closed.
	Opens func(Counts) bool
	// Pause is how long the service is left alone at first. It doubles with each failed return, up to Longest.
	Pause, Longest time.Duration
	// Probes is how many tries are under way at once while the service is looked at again, and Needed how many must
	// be answered.
	Probes, Needed int
}

// Counts are what happened within the window, how many failures in a row came last, and what the last of them asked
// for.
type Counts struct {
	Answered, Failed, InARow int
	Asked                    time.Duration
}

// Result is what came of a try.
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

// Unknown says nothing about the service.
func Unknown() Result { return Result{} }

// Answered says that the service does its work.
func Answered() Result { return Result{verdict: answered} }

// Failed says that it does not. Should the circuit open by this, it stays open for as long as the service asked, at
// least.
func Failed(asked time.Duration) Result { return Result{verdict: failed, wait: asked} }

// Unlimited is the room while the circuit is closed.
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

// Room is how many more tries may begin now.
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

// IsClosed reports whether the service is taken to be well.
func (c *Circuit) IsClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.open
}

// Enter begins a try, unless there is no room. Leave must be called once, with what came of it.
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

// stale is after how long failures no longer are in a row: what failed this morning says nothing about tonight.
const stale = 10 * time.Minute

// note takes down a result while the circuit is closed.
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

// probed takes down the result of a probe.
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

// turn begins another era.
func (c *Circuit) turn() {
	c.era++
	c.under, c.good = 0, 0
}
