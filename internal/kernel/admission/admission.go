// Package admission decides who is let in while more is asked than can be done in time.
//
// It promises that as many requests are in flight as are answered soon, and no more than 512; that what patients write
// goes before what is read, and both before the rest; and that a refusal takes nothing but a counter, so that the
// program stays able to work while it refuses. Below the limit nobody waits and nobody is refused.
//
// It refuses to queue: who is told at once to come back later has lost nothing, and who waits for an answer that comes
// too late has.
//
// The limit follows the measured time to answer. A request that takes long by nature, as a password that is checked,
// is held against what it takes while few others are in flight, and not against what others take. It is our own because
// the kept library (failsafe-go) reads the machine's clock, and cuts when latency rises with concurrency: with one
// writer that commits in groups it does so while more gets done.
package admission

import (
	"sync"
	"sync/atomic"
	"time"

	"cadans/internal/kernel/clock"
)

// Class says who gives way to whom.
type Class int

// The classes, from who is refused last to who is refused first.
const (
	Writes Class = iota // what patients tell
	Reads               // what patients look at, and what members write
	Rest                // everything else
)

// Classes lists them all.
var Classes = []Class{Writes, Reads, Rest}

// String is the label of a metric.
func (c Class) String() string { return [...]string{"writes", "reads", "rest"}[c] }

// share is the part of the limit that a class may fill, in quarters. What is above it is kept for those who go first.
func (c Class) share() int64 { return [...]int64{4, 3, 2}[c] }

// The bounds of the limit.
const (
	floor   = 16 // below it a slow disk, whose commits serve many at once, would be left waiting
	initial = 128
	ceiling = 512
)

// Limiter is safe for use by several goroutines.
type Limiter struct {
	clock    clock.Clock
	limit    atomic.Int64
	inFlight atomic.Int64
	peak     atomic.Int64 // of the window
	refused  atomic.Bool  // somebody, in the window
	shed     [3]atomic.Uint64

	mu     sync.Mutex
	window window
	alone  []time.Duration // by kind of request: what it takes with few others; zero before it is known
}

// Ticket is what a request that was let in hands back.
type Ticket struct {
	began  time.Time
	beside int64 // how many were in flight with it
}

// New returns a limiter for requests of so many kinds.
func New(c clock.Clock, kinds int) *Limiter {
	l := &Limiter{clock: c, alone: make([]time.Duration, kinds)}
	l.window.began = c.Now()
	l.limit.Store(initial)
	return l
}

// Enter lets a request in, or refuses it. Leave must be called once for each that was let in.
func (l *Limiter) Enter(class Class) (Ticket, bool) {
	n, ok := l.claim(class)
	if !ok {
		l.shed[class].Add(1)
		if !l.refused.Load() {
			l.refused.Store(true)
		}
		return Ticket{}, false
	}
	if n > l.peak.Load() {
		l.peak.Store(n) // two at once may lose one count; the next request finds it
	}
	return Ticket{began: l.clock.Now(), beside: n}, true
}

// claim takes a place, where there is one. It looks before it counts: under a flood of refusals, those on their way out
// would take the places of others.
func (l *Limiter) claim(class Class) (n int64, ok bool) {
	for {
		n = l.inFlight.Load()
		if n >= max(1, l.limit.Load()*class.share()/4) {
			return n, false
		}
		if l.inFlight.CompareAndSwap(n, n+1) {
			return n + 1, true
		}
	}
}

// Leave ends a request whose time says something about how busy the program is.
func (l *Limiter) Leave(t Ticket, kind int) {
	l.inFlight.Add(-1)
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.learn(t, kind, now.Sub(t.began))
	if now.Before(l.window.began) {
		return
	}
	l.measure(kind, now.Sub(t.began))
	if l.window.isOver(now) {
		l.adjust(now)
	}
}

// LeaveUnmeasured ends one whose time says nothing: a stream, a film, a refusal.
func (l *Limiter) LeaveUnmeasured(Ticket) { l.inFlight.Add(-1) }

// Limit is how many may be in flight.
func (l *Limiter) Limit() int { return int(l.limit.Load()) }

// InFlight is how many are.
func (l *Limiter) InFlight() int { return int(l.inFlight.Load()) }

// Shed counts who was refused since the program started.
func (l *Limiter) Shed(class Class) uint64 { return l.shed[class].Load() }
