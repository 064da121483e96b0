package admission

import "time"

const (
	// goal is what a request may take on average while others wait as well: the slowest of a hundred then take about a
	// second.
	goal = 400 * time.Millisecond
	// natural is how many times its latency without load a request may take under load.
	natural = 3
	// tolerable limits the latency goal of slow operations.
	tolerable = 750 * time.Millisecond
	// few is the number of requests in flight at which each takes about as long as alone. The limit never falls below
	// it, so that a disk that has become slow is detected.
	few = floor
	// weight is the inverse weight of a new measurement of the latency without load.
	weight = 8
	// worst limits the influence of one request: a single one that hung is not an overload.
	worst = 4
)

const (
	shortest = 100 * time.Millisecond
	longest  = time.Second
	enough   = 16 // requests, to close a window before it is at its longest
)

const (
	growth = 1.25 // a window, at most
	cut    = 0.5
)

// window holds the measurements since the limit was last adjusted.
type window struct {
	began    time.Time // after a pause, as what ends soon after a change was let in before it
	requests int
	took     time.Duration // all of them together
	strain   float64       // the sum over requests of the time taken against the time allowed
}

func (w window) isOver(now time.Time) bool {
	open := now.Sub(w.began)
	return w.requests >= enough && open >= shortest || w.requests > 0 && open >= longest
}

// next is the window after a change.
func (w window) next(now time.Time) window {
	return window{began: now.Add(min(longest, w.took/time.Duration(w.requests)))}
}

// learn updates the known latency of a kind with a new measurement.
func (l *Limiter) learn(t Ticket, kind int, took time.Duration) {
	if t.beside > few {
		return
	}
	if known := l.alone[kind]; known != 0 {
		took = known + (took-known)/weight
	}
	l.alone[kind] = took
}

func (l *Limiter) measure(kind int, took time.Duration) {
	l.window.requests++
	l.window.took += took
	l.window.strain += min(worst, float64(took)/float64(l.allowed(kind)))
}

func (l *Limiter) allowed(kind int) time.Duration {
	return max(goal, min(tolerable, natural*l.alone[kind]))
}

// adjust moves the limit. By Little's law requests in flight equal throughput times latency: while throughput stays
// the same, latency falls in proportion to the limit. So the limit divided by the strain (measured latency over its
// goal) is the limit that meets the goal.
//
// A limit that was not nearly reached is not raised: nothing shows that a higher one would work. For a class that may
// fill only a part of the limit, a refusal counts as reaching it. After an overload the limit recovers by itself.
func (l *Limiter) adjust(now time.Time) {
	strain := l.window.strain / float64(l.window.requests)
	limit := float64(l.limit.Load())
	reached := l.refused.Swap(false) || float64(l.peak.Load()) > limit/2
	switch {
	case strain > 1:
		limit *= max(cut, 1/strain)
	case reached || limit < initial:
		limit = limit*min(growth, 1/strain) + 1
	}
	l.limit.Store(int64(min(max(limit, floor), ceiling)))
	l.peak.Store(l.inFlight.Load())
	l.window = l.window.next(now)
}
