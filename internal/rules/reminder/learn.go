package reminder

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"cadans/internal/record/barrier"
)

// The learner chooses among phrasings of a reminder, and sending nothing, by Thompson sampling: it chooses each as
// often as it is likely to be the best. Tried does the same for times. The learner is off unless the practice has
// enabled it and the patient has consented to research. It never decides whether a push may be sent: caps, quiet hours
// and everything else in Decide come first. It does not affect questionnaires, feedback or safety.

// The phrasings of a reminder besides Plain. On a locked phone they differ by a neutral sentence.
const (
	IfThen   Arm = "if-then"  // mentions the patient's own plan
	Tailored Arm = "tailored" // fits the barrier named last
	Benefit  Arm = "benefit"
)

// arms lists the arms in the order in which probabilities are logged.
var arms = []Arm{Nothing, Plain, IfThen, Tailored, Benefit}

// learnedKinds are the kinds for which the learner may choose.
var learnedKinds = []Kind{Cue, Rescue, Lapse}

const (
	sendCost     = .02 // share of sessions that a push must add to be worth the disturbance
	least, most  = 100, 800
	priorDone    = 2 // a weak prior: two sessions in five decisions
	priorNotDone = 3
	pooledAtMost = 10 // maximum weight of decisions about other barriers, or about other patients' windows
	gridPoints   = 512
)

// Outcomes counts the outcomes of an arm.
type Outcomes struct{ Done, NotDone int }

// Experience is what was observed about the arms of a kind, by the named barrier ("" without one).
type Experience map[barrier.Barrier]map[Arm]Outcomes

// Belief is a Beta distribution over the share of decisions followed by a session.
type Belief struct{ A, B float64 }

// About returns the belief about an arm for a barrier. Observations for other barriers form a prior that a few
// observations for this one outweigh.
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

// with adds one outcome.
func (o Outcomes) with(done bool) Outcomes {
	if done {
		return o.plus(Outcomes{Done: 1})
	}
	return o.plus(Outcomes{NotDone: 1})
}

// belief combines outcomes with a prior from those of others, whose weight is limited.
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

// Believed is a belief about an arm, as logged.
type Believed struct {
	Arm Arm     `json:"arm"`
	A   float64 `json:"a"`
	B   float64 `json:"b"`
}

// Sampled returns the probabilities of Thompson sampling over beliefs: each arm's probability of being the best, minus
// the cost of sending, between 10 and 80 percent. The result is deterministic.
func Sampled(beliefs []Believed) []Chance {
	curves, likely := make([]curve, len(beliefs)), make([]float64, len(beliefs))
	for i, b := range beliefs {
		curves[i] = curveOf(b)
	}
	for i := range beliefs {
		likely[i] = probabilityBest(curves, i)
	}
	permille := bounded(likely)
	chances := make([]Chance, len(beliefs))
	for i, b := range beliefs {
		chances[i] = Chance{b.Arm, permille[i]}
	}
	return chances
}

// curve is a belief about the value of an arm on a grid: its density and its cumulative distribution.
type curve struct{ density, below [gridPoints]float64 }

func curveOf(b Believed) (c curve) {
	beta, sum := distuv.Beta{Alpha: b.A, Beta: b.B}, 0.0
	for point := range gridPoints {
		share := -sendCost + (1+sendCost)*(float64(point)+.5)/gridPoints
		if b.Arm != Nothing {
			share += sendCost
		}
		c.density[point] = beta.Prob(share) // 0 outside the range from 0 to 1
		c.below[point] = sum + c.density[point]/2
		sum += c.density[point]
	}
	for point := range gridPoints {
		c.below[point] /= sum
	}
	return c
}

// probabilityBest is the probability that arm i has the highest value: its density times the others' cumulative
// distributions, summed over the grid.
func probabilityBest(curves []curve, i int) (sum float64) {
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

// bounded converts weights to permille that add up to 1000, each between 100 and 800.
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
	for given != 1000 { // the likeliest arm with room absorbs what rounding and bounds leave over
		best := -1
		for i := range permille {
			fits := given > 1000 || permille[i] < most // the likeliest never has the minimum
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

// beliefs returns the beliefs about the arms that suit a patient: a plan can be mentioned only if there is one, and a
// barrier only if one was named.
func (f Facts) beliefs() (beliefs []Believed) {
	for _, arm := range arms {
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

// armTexts are the texts of each phrasing on a locked phone.
var armTexts = map[Arm]text{
	IfThen:   "push.if_then",
	Tailored: "push.tailored",
	Benefit:  "push.benefit",
}
