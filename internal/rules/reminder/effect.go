package reminder

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"

	"cadans/internal/kernel/id"
)

// Observation is a randomised decision and its outcome. Probability is that of sending, given a choice between this arm
// and nothing. Weight is the number of similar decisions that the observation represents.
type Observation struct {
	Patient     id.Patient
	Sent        bool
	Probability float64
	Weight      float64
	Recent      float64 // adherence over the 7 days before, 0 to 1; 0 where there was too little to judge
	Done        bool    // a session within 24 hours
}

// Effect is by how much sending increases the share of decisions followed by a session within a day, with a 95 %
// interval. It is NaN if there is too little data.
type Effect struct {
	Decisions, Sent, Patients int
	RateSent, RateNotSent     float64
	Effect, Low, High         float64
}

// Estimate is the weighted and centred least-squares estimator of Boruvka and others (J Am Stat Assoc 2018) for the
// marginal effect in a micro-randomised trial. Weighting corrects for decisions with different probabilities. Centring
// keeps the estimate consistent even if the control variable (recent adherence) predicts outcomes without a push badly.
// The interval treats patients, not decisions, as independent.
func Estimate(observed []Observation) Effect {
	e := count(observed)
	r := regressionOf(observed, e)
	e.Effect, e.Low, e.High = math.NaN(), math.NaN(), math.NaN()
	if e.Sent == 0 || e.Sent == e.Decisions || e.Patients <= r.columns {
		return e
	}
	for _, o := range observed {
		r.add(o)
	}
	var inverse mat.Dense
	if err := inverse.Inverse(r.bread); err != nil {
		return e
	}
	var coefficients mat.VecDense
	coefficients.MulVec(&inverse, r.right)
	e.Effect = coefficients.AtVec(effectColumn)
	half := r.errorOf(observed, &inverse, &coefficients, e.Patients)
	e.Low, e.High = e.Effect-half, e.Effect+half
	return e
}

// effectColumn is the column of the centred treatment. The others are a constant and, where patients differ in it, the
// control variable.
const effectColumn = 1

// regression holds the sums from which the coefficients are solved.
type regression struct {
	columns int
	bread   *mat.SymDense
	right   *mat.VecDense
	share   float64 // of decisions that sent; the treatment is centred on it
}

func regressionOf(observed []Observation, e Effect) regression {
	columns := 2
	if slices.ContainsFunc(observed, func(o Observation) bool { return o.Recent != observed[0].Recent }) {
		columns = 3
	}
	return regression{
		columns: columns, bread: mat.NewSymDense(columns, nil), right: mat.NewVecDense(columns, nil),
		share: float64(e.Sent) / float64(e.Decisions),
	}
}

func (r regression) row(o Observation) (x *mat.VecDense, weight, y float64) {
	treated := -r.share
	weight = o.Weight * (1 - r.share) / (1 - o.Probability)
	if o.Sent {
		treated, weight = 1-r.share, o.Weight*r.share/o.Probability
	}
	if o.Done {
		y = 1
	}
	return mat.NewVecDense(r.columns, []float64{1, treated, o.Recent}[:r.columns]), weight, y
}

func (r regression) add(o Observation) {
	x, weight, y := r.row(o)
	r.bread.SymRankOne(r.bread, weight, x)
	r.right.AddScaledVec(r.right, weight*y, x)
}

// errorOf is half the width of the interval: the sandwich estimator clustered by patient, with a t quantile for their
// number.
func (r regression) errorOf(
	observed []Observation, inverse *mat.Dense, coefficients *mat.VecDense, patients int,
) float64 {
	scores := map[id.Patient]*mat.VecDense{}
	for _, o := range observed {
		x, weight, y := r.row(o)
		score, known := scores[o.Patient]
		if !known {
			score = mat.NewVecDense(r.columns, nil)
			scores[o.Patient] = score
		}
		score.AddScaledVec(score, weight*(y-mat.Dot(x, coefficients)), x)
	}
	meat := mat.NewSymDense(r.columns, nil)
	for _, score := range scores {
		meat.SymRankOne(meat, 1, score)
	}
	var left, variance mat.Dense
	left.Mul(inverse, meat)
	variance.Mul(&left, inverse)
	n, k := float64(patients), float64(r.columns)
	corrected := variance.At(effectColumn, effectColumn) * n / (n - k)
	quantile := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - k}.Quantile(.975)
	return quantile * math.Sqrt(corrected)
}

// count sums observations; the rates have the weights of the estimate.
func count(observed []Observation) (e Effect) {
	patients := map[id.Patient]bool{}
	var weights, done [2]float64
	for _, o := range observed {
		patients[o.Patient] = true
		arm, weight := 0, o.Weight/(1-o.Probability)
		if o.Sent {
			arm, weight = 1, o.Weight/o.Probability
			e.Sent++
		}
		weights[arm] += weight
		if o.Done {
			done[arm] += weight
		}
	}
	e.Decisions, e.Patients = len(observed), len(patients)
	e.RateNotSent, e.RateSent = done[0]/weights[0], done[1]/weights[1]
	return e
}

// Estimated is the effect of one phrasing of one kind of reminder.
type Estimated struct {
	Kind Kind
	Arm  Arm
	Effect
}

// estimateAll estimates each randomised kind and arm, in a fixed order.
func estimateAll(observed map[Kind]map[Arm][]Observation) (all []Estimated) {
	for kind, arms := range observed {
		for arm, some := range arms {
			all = append(all, Estimated{Kind: kind, Arm: arm, Effect: Estimate(some)})
		}
	}
	slices.SortFunc(all, func(a, b Estimated) int {
		return cmp.Or(
			cmp.Compare(slices.Index(scheduled, a.Kind), slices.Index(scheduled, b.Kind)), cmp.Compare(a.Arm, b.Arm),
		)
	})
	return all
}
