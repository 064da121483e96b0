// Package admission limits the requests in flight, so that the program stays responsive under overload.
//
// It promises that at most as many requests are in flight as can be answered soon, and never more than 512; that what
// patients write has priority over reads, and both over the rest; and that a refusal costs no more than a counter.
// Below the limit no request waits and none is refused.
//
// It refuses to queue. A client that is refused at once can retry and has lost nothing; an answer that comes after
// the client has given up is wasted work.
//
// The limit follows the measured latency. An operation that is slow by nature, such as checking a password, is
// compared with its own latency while few requests are in flight, not with the latency of other operations. The
// limiter is our own: the maintained library (failsafe-go) reads the machine's clock, and cuts the limit when latency
// rises with concurrency. With one writer that commits in groups, that happens while throughput still grows.
package admission

import (
	"sync"
	"sync/atomic"
	"time"

	"cadans/internal/kernel/clock"
)

// Class is the priority of a request.
type Class int

// The classes. Under overload Rest is refused first and Writes last.
const (
	Writes Class = iota // what patients tell
	Reads               // what patients look at, and what members write
	Rest                // everything else
)

// Classes lists them all.
var Classes = []Class{Writes, Reads, Rest}

// String is the label of a metric.
func (c Class) String() string { return [...]string{"writes", "reads", "rest"}[c] }

// share is the part of the limit that a class may fill, in quarters. The rest is reserved for classes with priority.
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

// Ticket belongs to an admitted request, which passes it to Leave.
type Ticket struct {
	began  time.Time
	beside int64 // how many were in flight with it
}

// New returns a limiter for requests of that many kinds.
func New(c clock.Clock, kinds int) *Limiter {
	l := &Limiter{clock: c, alone: make([]time.Duration, kinds)}
	l.window.began = c.Now()
	l.limit.Store(initial)
	return l
}

// Enter admits a request or refuses it. Call Leave or LeaveUnmeasured once for each admitted request.
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

// claim takes a place if one is free. It checks before it counts: otherwise, in a flood of refusals, requests about
// to be refused would briefly occupy the places of others.
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

// Leave ends a request and measures its latency.
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

// LeaveUnmeasured ends a request whose latency says nothing about load: a stream, a film, a refusal.
func (l *Limiter) LeaveUnmeasured(Ticket) { l.inFlight.Add(-1) }

// Limit returns how many requests may be in flight.
func (l *Limiter) Limit() int { return int(l.limit.Load()) }

// InFlight returns how many requests are in flight.
func (l *Limiter) InFlight() int { return int(l.inFlight.Load()) }

// Shed returns how many requests of a class were refused since the program started.
func (l *Limiter) Shed(class Class) uint64 { return l.shed[class].Load() }
