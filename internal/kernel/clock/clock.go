// Package clock is the only package that reads the machine's clock. All other code receives a Clock, so that a test
// or the demo can let weeks pass in seconds.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time and waits for it to pass.
type Clock interface {
	// Now returns the present instant; only the database package turns it into what is stored.
	Now() time.Time
	// After delivers once that much of this clock's time has passed.
	After(d time.Duration) <-chan time.Time
}

// System is the machine's own clock.
type System struct{}

// Now implements Clock.
func (System) Now() time.Time { return time.Now() }

// After implements Clock.
func (System) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Scaled starts at a given instant and runs at a multiple of the speed of the machine's clock.
type Scaled struct {
	origin  time.Time
	once    sync.Once
	started time.Time
	speed   float64
}

// NewScaled returns a clock that shows start at its first use and then runs speed times as fast; speed must be
// positive.
func NewScaled(start time.Time, speed float64) *Scaled { return &Scaled{origin: start, speed: speed} }

// Now implements Clock.
func (c *Scaled) Now() time.Time {
	c.once.Do(func() { c.started = time.Now() })
	return c.origin.Add(time.Duration(float64(time.Since(c.started)) * c.speed))
}

// After implements Clock.
func (c *Scaled) After(d time.Duration) <-chan time.Time {
	return time.After(time.Duration(float64(d) / c.speed))
}

// Manual stands still until it is set.
type Manual struct {
	mu  sync.Mutex
	now time.Time
}

// NewManual returns a clock that stands at start.
func NewManual(start time.Time) *Manual { return &Manual{now: start} }

// Now implements Clock.
func (c *Manual) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves the clock, also backwards.
func (c *Manual) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Advance moves the clock forward.
func (c *Manual) Advance(d time.Duration) { c.Set(c.Now().Add(d)) }

// After implements Clock. Its channel never delivers, because the clock stands still: a test that sets the clock runs
// the due work itself.
func (c *Manual) After(time.Duration) <-chan time.Time { return make(chan time.Time) }
