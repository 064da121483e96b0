package reminder

import (
	"crypto/sha256"
	"encoding/binary"

	"cadans/internal/kernel/id"
	"cadans/internal/rules/adherence"
)

// Arm is a possible action of a decision: nothing, or one phrasing of the reminder.
type Arm string

// The arms.
const (
	Nothing Arm = "none"
	Plain   Arm = "plain"
)

// Chance is an arm with the exact probability of choosing it, in permille.
type Chance struct {
	Arm      Arm
	Permille int
}

// Chances returns the arms for a push that may be sent. They do not depend on anything after the decision.
func Chances(f Facts) []Chance {
	if f.learns() {
		return Sampled(f.beliefs())
	}
	send := 10 * triggers[f.Kind].chance(f)
	return []Chance{{Nothing, 1000 - send}, {Plain, send}}
}

// SeedOf returns the random seed of a slot, which is the same whenever it is asked.
type SeedOf func(slot id.Slot) uint64

// HashSeed derives the seed from the slot's id, which nobody can choose. So a decision can be reproduced from the log.
func HashSeed(slot id.Slot) uint64 {
	sum := sha256.Sum256([]byte("cadans lot " + slot))
	return binary.BigEndian.Uint64(sum[:])
}

// Draw chooses an arm by a seed. It is deterministic.
func Draw(chances []Chance, seed uint64) Arm {
	at := int(seed % 1000)
	for i := len(chances) - 1; i > 0; i-- { // sending takes the low end of the range
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

// cueChance sends every planned cue in the first weeks. It sends fewer once a habit has formed, because a habit should
// not depend on a cue that is always there, and all again when adherence is no longer on track.
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

// habitWeeks returns the longest of the fading periods over which the patient did enough sessions a week on average, or
// 0.
func (p Policy) habitWeeks(c adherence.Course) int {
	for _, fade := range p.Fading {
		if sessions, known := c.Over(fade.Weeks); known && sessions >= p.HabitSessions*fade.Weeks {
			return fade.Weeks
		}
	}
	return 0
}
