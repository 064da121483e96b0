package queue

import (
	"context"
	"time"

	"cadans/internal/kernel/clock"
)

// Pace is called between two pieces of background work, with the time that the last one took.
type Pace func(ctx context.Context, worked time.Duration)

// FlatOut does not pause.
func FlatOut(context.Context, time.Duration) {}

// restful is how many times as long as it worked background work rests. So it takes at most a tenth of a processor,
// however much of it there is, and leaves the rest for requests.
const restful = 9

// Gently rests between two pieces of work, in real time, because it limits the use of real processors.
func Gently(ctx context.Context, worked time.Duration) {
	select {
	case <-ctx.Done():
	case <-(clock.System{}).After(restful * worked):
	}
}

// Timed runs a piece of work and returns how long it took.
func Timed(work func() error) (time.Duration, error) {
	began := clock.System{}.Now()
	err := work()
	return clock.System{}.Now().Sub(began), err
}
