package reminder

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"cadans/internal/record/barrier"
)

// The learner chooses among ways of saying the same thing, and saying nothing, by Thompson sampling: each is chosen as
// often as it is likely to be the best. Tried does the same with times. It is off unless the practice has switched it
// on and the patient has consented to research, and it never decides whether a push may be sent at all: caps, quiet
// hours and everything else in Decide come first. It does not touch questionnaires, feedback or anything about safety.

// Ways of saying a reminder, beside Plain. What differs on a locked phone is a neutral sentence.
const (
	IfThen   Arm = "if-then"  // recalls the patient's own plan
	Tailored Arm = "tailored" // to the barrier named last
	Benefit  Arm = "benefit"
)

// ways are the arms in the order in which probabilities are written.
var ways = []Arm{Nothing, Plain, IfThen, Tailored, Benefit}

// learnedKinds are those the learner may choose about.
var learnedKinds = []Kind{Cue, Rescue, Lapse}

const (
	sendCost     = .02 // what a push must add to be worth the disturbance
	least, most  = 100, 800
	priorDone    = 2 // a weak belief: two sessions in five decisions
	priorNotDone = 3
	pooledAtMost = 10 // decisions about other barriers, or about other patients' windows, count as so many at most
	gridPoints   = 512
)

// Outcomes counts what followed an arm.
type Outcomes struct{ Done, NotDone int }

// Experience is what is known about the arms of a kind, by the barrier that was named ("" where none was).
type Experience map[barrier.Barrier]map[Arm]Outcomes

// Belief is a Beta distribution over the share of decisions that a session follows.
type Belief struct{ A, B float64 }

// About returns what is believed about an arm where a barrier was named. What was seen about other barriers is a prior
// that a little experience of its own outweighs.
func (e Experience) About(b barrier.Barrier, arm Arm) Belief {
	own, others := e[b][arm], Outcomes{}
	for named, arms := range e {
		if named != b {
			others = others.plus(arms[arm])
		}
	}
	return own.belief(others)
}

func (o Outcomes) plus(other Outcomes) Outcomes {
	return Outcomes{Done: o.Done + other.Done, NotDone: o.NotDone + other.NotDone}
}

func (o Outcomes) minus(other Outcomes) Outcomes {
	return Outcomes{Done: o.Done - other.Done, NotDone: o.NotDone - other.NotDone}
}

// with counts one more.
func (o Outcomes) with(done bool) Outcomes {
	if done {
		return o.plus(Outcomes{Done: 1})
	}
	return o.plus(Outcomes{NotDone: 1})
}

// belief takes what was seen in others as a prior that counts as a few decisions at most.
func (o Outcomes) belief(others Outcomes) Belief {
	weight := 1.0
	if n := others.Done + others.NotDone; n > pooledAtMost {
		weight = pooledAtMost / float64(n)
	}
	return Belief{
		A: priorDone + weight*float64(others.Done) + float64(o.Done),
		B: priorNotDone + weight*float64(others.NotDone) + float64(o.NotDone),
	}
}

// Believed is a belief about an arm, as it is logged.
type Believed struct {
	Arm Arm     `json:"arm"`
	A   float64 `json:"a"`
	B   float64 `json:"b"`
}

// Sampled returns the chances of Thompson sampling over beliefs: that of an arm is how likely it is the best, less what
// sending costs, within 10 and 80 percent. The same beliefs give the same chances to the last digit.
func Sampled(beliefs []Believed) []Chance {
	curves, likely := make([]curve, len(beliefs)), make([]float64, len(beliefs))
	for i, b := range beliefs {
		curves[i] = curveOf(b)
	}
	for i := range beliefs {
		likely[i] = bestness(curves, i)
	}
	permille := bounded(likely)
	chances := make([]Chance, len(beliefs))
	for i, b := range beliefs {
		chances[i] = Chance{b.Arm, permille[i]}
	}
	return chances
}

// curve is a belief about what an arm is worth, on a grid: its density, and how likely it is worth less.
type curve struct{ density, below [gridPoints]float64 }

func curveOf(b Believed) (c curve) {
	beta, sum := distuv.Beta{Alpha: b.A, Beta: b.B}, 0.0
	for point := range gridPoints {
		share := -sendCost + (1+sendCost)*(float64(point)+.5)/gridPoints
		if b.Arm != Nothing {
			share += sendCost
		}
		c.density[point] = beta.Prob(share) // 0 outside of 0 to 1
		c.below[point] = sum + c.density[point]/2
		sum += c.density[point]
	}
	for point := range gridPoints {
		c.below[point] /= sum
	}
	return c
}

// bestness is how likely arm i is worth more than all others: its density times the
// others' distribution, summed over the grid.
func bestness(curves []curve, i int) (sum float64) {
	for point, product := range curves[i].density {
		for j := range curves {
			if j != i {
				product *= curves[j].below[point]
			}
		}
		sum += product
	}
	return sum
}

// bounded makes permille of weights that add up to 1000, none below 100 or above 800.
func bounded(weights []float64) []int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	spare := 1000 - least*len(weights)
	permille, given := make([]int, len(weights)), 0
	for i, w := range weights {
		permille[i] = least + min(int(math.Round(float64(spare)*w/total)), most-least)
		given += permille[i]
	}
	for given != 1000 { // what rounding or a bound left over goes to, or comes from, the likeliest that has room
		best := -1
		for i := range permille {
			fits := given > 1000 || permille[i] < most // the likeliest has never the least
			if fits && (best < 0 || weights[i] > weights[best]) {
				best = i
			}
		}
		step := 1
		if given > 1000 {
			step = -1
		}
		permille[best], given = permille[best]+step, given+step
	}
	return permille
}

// beliefs returns what is believed about the arms that fit a patient: an if-then plan can be recalled where there is
// one, and a barrier answered where one was named.
func (f Facts) beliefs() (beliefs []Believed) {
	for _, arm := range ways {
		if arm == IfThen && !f.HasPlan || arm == Tailored && f.Barrier == "" {
			continue
		}
		b := f.Experience.About(f.Barrier, arm)
		beliefs = append(beliefs, Believed{arm, b.A, b.B})
	}
	return beliefs
}

// learns reports whether the learner chooses.
func (f Facts) learns() bool {
	return f.Experience != nil && f.Patient.Research && slices.Contains(learnedKinds, f.Kind)
}

// armTexts are what a locked phone shows for each way of saying it.
var armTexts = map[Arm]text{
	IfThen:   "push.if_then",
	Tailored: "push.tailored",
	Benefit:  "push.benefit",
}
