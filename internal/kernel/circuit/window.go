package circuit

import "time"

// The window slides in steps: ten of three seconds.
const (
	steps = 10
	step  = 3 * time.Second
)

// window counts what happened in the last half minute.
type window struct {
	buckets [steps]bucket
}

type bucket struct {
	step   int64 // which three seconds it counts
	counts Counts
}

func stepOf(now time.Time) int64 { return now.UnixNano() / int64(step) }

func (w *window) add(now time.Time, good bool) {
	at := stepOf(now)
	b := &w.buckets[at%steps]
	if b.step != at {
		*b = bucket{step: at}
	}
	if good {
		b.counts.Answered++
	} else {
		b.counts.Failed++
	}
}

func (w *window) sum(now time.Time) (sum Counts) {
	at := stepOf(now)
	for _, b := range w.buckets {
		if b.step > at-steps && b.step <= at {
			sum.Answered += b.counts.Answered
			sum.Failed += b.counts.Failed
		}
	}
	return sum
}
