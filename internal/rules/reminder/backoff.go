package reminder

import (
	"math/rand/v2"
	"sync"
	"time"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/delivery"
	"cadans/internal/kernel/id"
)

// putBack makes a slot due again later. There is always another try while the slot is still useful, except when too
// many sends may already have gone out; the next check then ends the slot.
func (s *Sweeper) putBack(j *job, why *delivery.Failure) {
	wait := backoff(why, j.slot.Attempts, s.tries.count(j.slot.ID))
	j.slot.State, j.slot.Reason = stateDue, Due
	j.slot.DueAt = s.parts.Clock.Now().Add(wait + rand.N(wait/2+1)) // jitter, so that not all retry at once
}

// How long a slot waits after a failure, before jitter. While the service refuses everything, one slot a minute tries;
// the other slots must still exist when the service recovers.
const (
	shortest       = time.Second
	longest        = 30 * time.Second
	unsureBackoff  = 2 * time.Second
	refusedBackoff = 40 * time.Second
)

// backoff is as long as the service asked. Otherwise it doubles with each try, and quadruples with each of the few
// sends that the service itself failed. If the message may already be on a phone, the next send follows soon, otherwise
// the phone would alert twice.
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

// tries counts how often this process tried a slot without success. The count only affects pacing, so it is not shared
// between processes and need not survive a restart.
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

// count counts a try and returns how many there were.
func (t *tries) count(slot id.Slot) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.slots[slot].n + 1
	t.slots[slot] = lastTry{n, t.clock.Now()}
	return n
}

// forgetOld drops slots that were last tried longer ago than any slot waits.
func (t *tries) forgetOld() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for slot, last := range t.slots {
		if t.clock.Now().Sub(last.at) > 10*longest {
			delete(t.slots, slot)
		}
	}
}
