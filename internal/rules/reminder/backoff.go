package reminder

import (
	"math/rand/v2"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/delivery"
	"cadans/internal/kernel/id"
)

// putBack makes a slot due again later: there is always another try while it helps, except after sends that may have
// gone out, which the next look ends when they were enough.
func (s *Sweeper) putBack(j *job, why *delivery.Failure) {
	wait := backoff(why, j.slot.Attempts, s.tries.another(j.slot.ID))
	j.slot.State, j.slot.Reason = stateDue, Due
	j.slot.DueAt = s.parts.Clock.Now().Add(wait + rand.N(wait/2+1)) // with jitter, so that nobody comes back at once
}

// How long a slot waits after a failure, before jitter. What the service refuses for all is tried by one slot a
// minute; the others must be there when it is well.
const (
	shortest       = time.Second
	longest        = 30 * time.Second
	unsureBackoff  = 2 * time.Second
	refusedBackoff = 40 * time.Second
)

// backoff is as long as the service asked. Else it doubles with each try, and becomes fourfold with each send that
// the service failed at, of which there are few. What may be on a phone already follows soon, or it would sound
// twice.
func backoff(why *delivery.Failure, sends, tries int) time.Duration {
	switch {
	case why.Wait > 0:
		return why.Wait
	case why.Kind == delivery.RefusedForAll:
		return refusedBackoff
	case why.Kind == delivery.MayHaveLeft && why.Answered:
		return shortest << (2 * max(sends-1, 0))
	case why.Kind == delivery.MayHaveLeft:
		return unsureBackoff
	default:
		return min(shortest<<min(tries-1, 10), longest)
	}
}

// tries counts how often this process tried a slot in vain. What another process tried does not matter: it is about
// pace, and about nothing that has to be known after a restart.
type tries struct {
	clock clock.Clock

	mu    sync.Mutex
	slots map[id.Slot]lastTry
}

type lastTry struct {
	n  int
	at time.Time
}

func newTries(c clock.Clock) *tries { return &tries{clock: c, slots: map[id.Slot]lastTry{}} }

// another counts a try and returns how many there were.
func (t *tries) another(slot id.Slot) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.slots[slot].n + 1
	t.slots[slot] = lastTry{n, t.clock.Now()}
	return n
}

// forgetOld drops what was not tried for longer than any slot waits by itself.
func (t *tries) forgetOld() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for slot, last := range t.slots {
		if t.clock.Now().Sub(last.at) > 10*longest {
			delete(t.slots, slot)
		}
	}
}
