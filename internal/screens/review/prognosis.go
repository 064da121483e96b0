package review

import (
	"fmt"
	"slices"
	"strings"

	"cadans/internal/record/intake"
)

// prognostic is an answer that may be a factor of the prognosis. Its numbers run from 0 to most.
type prognostic struct {
	key, name    string
	psychosocial bool
	most         int
	answer       func(*intake.Answers, int)
}

var prognostics = []prognostic{
	{"prior", "earlier episodes", false, 100, func(a *intake.Answers, n int) { a.Prior = &n }},
	{"activity_limitation", "mean score of the activities", false, 10, func(a *intake.Answers, n int) {
		a.Goals = []intake.Goal{{Score: n}}
	}},
	{"leg_pain", "pain that spreads (1 is yes)", false, 1, func(a *intake.Answers, n int) {
		radiating := []intake.Radiation{intake.NoRadiation, intake.BelowTheJoint}[n]
		a.Radiating = &radiating
	}},
	{"pain", "average pain", false, 10, func(a *intake.Answers, n int) { a.PainAverage = &n }},
	{"work_load", "physical load at work", false, 10, func(a *intake.Answers, n int) { a.WorkLoad = &n }},
	{"stress", "stress", true, 10, func(a *intake.Answers, n int) { a.Stress = &n }},
	{"fear", "fear of movement", true, 10, func(a *intake.Answers, n int) { a.Fear = &n }},
	{"mood", "PHQ-2", true, phq2Most, func(a *intake.Answers, n int) {
		nothing := 0
		a.PHQ2Interest, a.PHQ2Mood = &n, &nothing
	}},
	{"expectation", "expectation", true, 10, func(a *intake.Answers, n int) { a.Expectation = &n }},
	{"work_satisfaction", "satisfaction with work", true, 10, func(a *intake.Answers, n int) {
		a.WorkSatisfaction = &n
	}},
}

// is reports whether a number makes the answer a factor.
func (p prognostic) is(n int) bool {
	works := true
	a := intake.Answers{Works: &works}
	for _, other := range prognostics {
		other.answer(&a, 0)
	}
	p.answer(&a, n)
	physical, psychosocial := a.Prognosis()
	return slices.Contains(slices.Concat(physical, psychosocial), p.key)
}

// set answers so that it is a factor, or none.
func (p prognostic) set(a *intake.Answers, factor bool) {
	for n := range p.most + 1 {
		if p.is(n) == factor {
			p.answer(a, n)
			return
		}
	}
}

// riskOf is the risk of somebody with some factors of each kind.
func riskOf(physical, psychosocial int) intake.Risk {
	works := true
	a := intake.Answers{Works: &works}
	for _, p := range prognostics {
		left := &physical
		if p.psychosocial {
			left = &psychosocial
		}
		p.set(&a, *left > 0)
		*left--
	}
	return a.Risk()
}

// Where the prognosis comes from.
const (
	factorSource = "KNGF low back pain 2021; the cut-offs are a design choice"
	riskSource   = "design choice, not validated; not the STarT Back tool"
)

// prognosisRows are the factors of the prognosis and the risk that they make, found by trying them.
func prognosisRows() (rows []Row) {
	for _, p := range prognostics {
		rows = append(rows, Row{
			Part: Modules, Key: "modules/factor/" + p.key, Rule: p.name + " of " + spanOf(p.most, p.is),
			Source: factorSource,
		})
	}
	for _, risk := range []intake.Risk{intake.Low, intake.Medium, intake.High} {
		rows = append(rows, Row{
			Part: Modules, Key: "modules/risk/" + string(risk), Rule: factorsOf(risk), Source: riskSource,
		})
	}
	return rows
}

// factorsOf says with how many factors somebody has a risk.
func factorsOf(risk intake.Risk) string {
	const kinds = 5 // factors of each kind
	var said []string
	for psychosocial := range kinds + 1 {
		is := func(physical int) bool { return riskOf(physical, psychosocial) == risk }
		if slices.ContainsFunc([]int{0, 1, 2, 3, 4, kinds}, is) {
			physical := spanOf(kinds, is)
			said = append(said, fmt.Sprintf("%s physical with %d psychosocial factors", physical, psychosocial))
		}
	}
	return strings.Join(said, "; ")
}
