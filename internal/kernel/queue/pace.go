package queue

import (
	"context"
	"time"

	"cadans/internal/kernel/clock"
)

// Pace is what background work does between two pieces of it.
type Pace func(ctx context.Context, worked time.Duration)

// FlatOut goes on at once.
func FlatOut(context.Context, time.Duration) {}

// restful is how many times as long as it worked background work rests: it takes at most a tenth of a processor,
// however much of it there is, and the rest is for whoever waits for an answer.
const restful = 9

// Gently rests between two pieces, in real time: processors know no other.
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
