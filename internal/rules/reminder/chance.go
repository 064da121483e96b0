package reminder

import (
	"crypto/sha256"
	"encoding/binary"

	"cadans/internal/kernel/id"
	"cadans/internal/rules/adherence"
)

// Arm is what can be done at a decision: nothing, or one way of saying it.
type Arm string

// The arms.
const (
	Nothing Arm = "none"
	Plain   Arm = "plain"
)

// Chance is an arm with the exact probability, in permille, with which it is chosen.
type Chance struct {
	Arm      Arm
	Permille int
}

// Chances returns what can be chosen where a push may be sent. It depends on nothing that happens after the decision.
func Chances(f Facts) []Chance {
	if f.learns() {
		return Sampled(f.beliefs())
	}
	send := 10 * triggers[f.Kind].chance(f)
	return []Chance{{Nothing, 1000 - send}, {Plain, send}}
}

// Lot gives the seed of a slot: what would be drawn for it, whenever that is.
type Lot func(slot id.Slot) uint64

// HashLot draws from the slot's id, which nobody chooses, so that a decision can be made again from its log.
func HashLot(slot id.Slot) uint64 {
	sum := sha256.Sum256([]byte("cadans lot " + slot))
	return binary.BigEndian.Uint64(sum[:])
}

// Draw chooses an arm by a seed. The same chances and seed choose the same arm.
func Draw(chances []Chance, seed uint64) Arm {
	at := int(seed % 1000)
	for i := len(chances) - 1; i > 0; i-- { // sending lies at the low end
		if at < chances[i].Permille {
			return chances[i].Arm
		}
		at -= chances[i].Permille
	}
	return chances[0].Arm
}

func certain(Facts) int { return 100 }

func held(f Facts) int { return 100 - f.Policy.HoldOut[f.Kind] }

func rescueChance(f Facts) int { return f.Policy.RescueSend }

// cueChance: every planned moment in the first weeks; fewer once a habit has formed, because a cue that is always there
// becomes what the habit hangs on; all again as before when adherence is no longer on track.
func cueChance(f Facts) int {
	if f.Recent == adherence.OnTrack {
		for _, fade := range f.Policy.Fading {
			if f.HabitWeeks >= fade.Weeks {
				return fade.Send
			}
		}
	}
	if f.DaysIn < 7*f.Policy.EarlyWeeks {
		return 100
	}
	return f.Policy.CueSend
}

// habitWeeks returns the longest of the fading spans over which the patient did
// enough sessions a week on average, or 0.
func (p Policy) habitWeeks(c adherence.Course) int {
	for _, fade := range p.Fading {
		if sessions, known := c.Over(fade.Weeks); known && sessions >= p.HabitSessions*fade.Weeks {
			return fade.Weeks
		}
	}
	return 0
}
