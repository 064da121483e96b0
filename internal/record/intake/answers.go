// Package intake keeps what patients say about themselves: at the start, after 4, 8 and 12 weeks, and then every three
// months. It keeps every submission, so that changes in the mix of factors can be followed, and never names a single
// cause.
//
// A draft is never lost and never counts. A submission is complete and never changes. What was not asked is absent,
// never zero. The safety gate sees every submission before anything else does.
package intake

import (
	"slices"
	"strconv"

	"cadans/internal/kernel/fault"
	"cadans/internal/record/exercise"
	"cadans/internal/record/safety"
	"cadans/pkg/localtime"
)

// Region is where it hurts.
type Region string

// The regions.
const (
	LowBack Region = "low_back"
	Neck    Region = "neck"
	Both    Region = "both"
)

// HasNeck reports whether the neck hurts.
func (r Region) HasNeck() bool { return r != LowBack }

// Radiation is how far the pain radiates into a limb.
type Radiation string

// The radiations.
const (
	NoRadiation   Radiation = "none"
	AboveTheJoint Radiation = "above" // knee or elbow
	BelowTheJoint Radiation = "below"
)

// Slot is a moment at which the patient would like to exercise, with the habit it follows, such as "after coffee".
type Slot struct {
	Time   localtime.TimeOfDay
	Anchor string
}

// Goal is an activity that matters to the patient and how well it goes, from 0 (not at all) to 10 (without trouble).
// That is the direction of the original Patient-Specific Functional Scale; the Dutch PSK runs the other way.
type Goal struct {
	Activity string
	Score    int
}

// Answers holds the answers of an intake. Nil means not answered. Scores run from 0 to 10 unless stated otherwise.
type Answers struct {
	Region           *Region
	Weeks            *int // of this episode
	Recovered        *bool
	Prior            *int // earlier episodes
	PainAverage      *int // NPRS over the last 24 hours
	PainWorst        *int // NPRS in the last week
	Radiating        *Radiation
	RadiatingNumb    *bool
	RadiatingWeak    *bool
	Fear             *int
	Confidence       *int
	Motivation       *int
	Expectation      *int
	BadNights        *int // 0 to 7, last week
	Stress           *int
	PHQ2Interest     *int // 0 to 3
	PHQ2Mood         *int // 0 to 3
	ActiveDays       *int // 0 to 7: activity vital sign
	ActiveMinutes    *int // on an active day
	StrengthDays     *int // 0 to 7
	WalkMinutes      *int // comfortably, without a break
	WalkWeekMinutes  *int // in a current week
	WalkAid          *bool
	LowerLimb        *bool // a complaint of hip, knee or foot
	Falls            *int  // in 12 months
	Minutes          *int  // per session, 5 to 60
	Days             *int  // per week, 1 to 7
	Slots            []Slot
	Likes            []exercise.Module
	Dislikes         []exercise.Module
	Equipment        []string
	Goals            []Goal // 1 to 3
	Works            *bool
	WorkLoad         *int
	WorkSatisfaction *int
	SickHours        *int // in 4 weeks
	Signs            map[safety.Sign]bool
}

// number is a whole-number answer with its range.
type number struct {
	key      string
	min, max int
	of       func(*Answers) *int
}

var numbers = []number{
	{"weeks", 0, 2600, func(a *Answers) *int { return a.Weeks }},
	{"prior", 0, 100, func(a *Answers) *int { return a.Prior }},
	{"nprs_avg24", 0, 10, func(a *Answers) *int { return a.PainAverage }},
	{"nprs_worst", 0, 10, func(a *Answers) *int { return a.PainWorst }},
	{"fear", 0, 10, func(a *Answers) *int { return a.Fear }},
	{"confidence", 0, 10, func(a *Answers) *int { return a.Confidence }},
	{"motivation", 0, 10, func(a *Answers) *int { return a.Motivation }},
	{"expectation", 0, 10, func(a *Answers) *int { return a.Expectation }},
	{"bad_nights", 0, 7, func(a *Answers) *int { return a.BadNights }},
	{"stress", 0, 10, func(a *Answers) *int { return a.Stress }},
	{"phq2_interest", 0, 3, func(a *Answers) *int { return a.PHQ2Interest }},
	{"phq2_mood", 0, 3, func(a *Answers) *int { return a.PHQ2Mood }},
	{"pavs_days", 0, 7, func(a *Answers) *int { return a.ActiveDays }},
	{"pavs_minutes", 0, 600, func(a *Answers) *int { return a.ActiveMinutes }},
	{"strength_days", 0, 7, func(a *Answers) *int { return a.StrengthDays }},
	{"walk_minutes", 0, 600, func(a *Answers) *int { return a.WalkMinutes }},
	{"walk_week_minutes", 0, 3000, func(a *Answers) *int { return a.WalkWeekMinutes }},
	{"falls12m", 0, 100, func(a *Answers) *int { return a.Falls }},
	{"minutes", 5, 60, func(a *Answers) *int { return a.Minutes }},
	{"days", 1, 7, func(a *Answers) *int { return a.Days }},
}

// workNumbers are asked of those who work.
var workNumbers = []number{
	{"work_load", 0, 10, func(a *Answers) *int { return a.WorkLoad }},
	{"work_satisfaction", 0, 10, func(a *Answers) *int { return a.WorkSatisfaction }},
	{"sick_hours", 0, 400, func(a *Answers) *int { return a.SickHours }},
}

const maxGoals = 3

// check refuses impossible answers. A draft may be incomplete.
func (a *Answers) check() (wrong []fault.Violation) {
	for _, n := range slices.Concat(numbers, workNumbers) {
		if value := n.of(a); value != nil && (*value < n.min || *value > n.max) {
			wrong = append(wrong, fault.Violation{Pointer: "/" + n.key, Code: "out-of-range"})
		}
	}
	for i, liked := range a.Likes {
		if slices.Contains(a.Dislikes, liked) {
			wrong = append(wrong, fault.Violation{Pointer: "/likes/" + strconv.Itoa(i), Code: "contradicts"})
		}
	}
	for i, goal := range a.Goals {
		if goal.Score < 0 || goal.Score > 10 {
			wrong = append(
				wrong, fault.Violation{Pointer: "/goals/" + strconv.Itoa(i) + "/score", Code: "out-of-range"},
			)
		}
	}
	if len(a.Goals) > maxGoals {
		wrong = append(wrong, fault.Violation{Pointer: "/goals", Code: "too-many"})
	}
	return wrong
}

// Missing names every answer that a submission still needs, in form order.
func (a *Answers) Missing() (missing []string) {
	need := func(key string, answered bool) {
		if !answered {
			missing = append(missing, key)
		}
	}
	need("region", a.Region != nil)
	need("recovered", a.Recovered != nil)
	for _, n := range numbers {
		need(n.key, n.of(a) != nil)
	}
	need("radiating", a.Radiating != nil)
	if a.Radiating != nil && *a.Radiating != NoRadiation {
		need("radiating_numb", a.RadiatingNumb != nil)
		need("radiating_weak", a.RadiatingWeak != nil)
	}
	need("walk_aid", a.WalkAid != nil)
	need("lower_limb", a.LowerLimb != nil)
	need("likes", a.Likes != nil)
	need("dislikes", a.Dislikes != nil)
	need("equipment", a.Equipment != nil)
	need("goals", len(a.Goals) > 0)
	need("works", a.Works != nil)
	if a.Works != nil && *a.Works {
		for _, n := range workNumbers {
			need(n.key, n.of(a) != nil)
		}
	}
	signs, _ := a.unanswered()
	for _, sign := range signs {
		need("signs/"+string(sign), false)
	}
	return missing
}

// NotAsked are the signs that the app of the patient did not ask, because it knows only an older form. That is not
// "no".
func (a *Answers) NotAsked() []safety.Sign {
	_, notAsked := a.unanswered()
	return notAsked
}

func (a *Answers) unanswered() (needed, notAsked []safety.Sign) {
	return safety.Unanswered(a.Region != nil && a.Region.HasNeck(), a.Signs)
}

// Complete returns every missing or impossible answer as a violation.
func (a *Answers) Complete() error {
	wrong := a.check()
	for _, key := range a.Missing() {
		wrong = append(wrong, fault.Violation{Pointer: "/answers/" + key, Code: "required"})
	}
	return fault.Input(wrong...)
}
