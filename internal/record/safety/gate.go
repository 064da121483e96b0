// Package safety keeps people who need a doctor first from exercising. A gate of fixed rules reads the answers of an
// intake, of "anything new?" after each session, and of each weekly check-in.
//
// A stop blocks the program and its reminders in the same transaction as the answer that caused it. Only a member's
// recorded decision reopens the program. Every answer of a patient is kept. The gate does not diagnose: single red
// flags predict badly (Finucane 2020), which is why a physiotherapist decides about each.
//
//	OK ── REVIEW ── STOP_REFER ── STOP_EMERGENCY
//	       │            └──────────────┴── blocked until "cleared"
//	       └── program waits for "cleared" before the patient sees it; two or more need a decision the same day
package safety

import (
	"cmp"
	"slices"

	"cadans/internal/kernel/words"
	"cadans/internal/record/alert"
)

// RuleVersion is the version of the rules in this package. Increase it with every change of them.
const RuleVersion = 2

// Level is how serious the answers are.
type Level string

// The levels, from harmless to emergency.
const (
	OK        Level = "ok"
	Review    Level = "review"
	Refer     Level = "stop_refer"
	Emergency Level = "stop_emergency"
)

var severity = []Level{OK, Review, Refer, Emergency}

func (l Level) rank() int { return slices.Index(severity, l) }

// Stops reports whether the program is blocked until a therapist decides.
func (l Level) Stops() bool { return l == Refer || l == Emergency }

// Answers is the input of the gate. A sign that is not in Yes was answered with no, or was not asked because it
// concerns another part of the body.
type Answers struct {
	Yes          []Sign
	Neck         bool
	AgeMin       int // in years; two values, because only the year of birth is known
	AgeMax       int
	FirstEpisode bool
	OldAge       int  // a first episode above this age is reviewed
	Weeks        int  // of this episode
	NumbLeg      bool // pain below knee or elbow, with numbness
	Falls        int  // in 12 months
}

func (a Answers) has(signs ...Sign) bool {
	return slices.ContainsFunc(signs, func(s Sign) bool { return slices.Contains(a.Yes, s) })
}

// Thresholds of the rules. Those of Review are design choices within published ranges; see the rules.
const (
	youngFirstEpisode = 20
	inflammatoryUntil = 45
	stalledAfterWeeks = 4
	manyFalls         = 2
	fragileAge        = 75
	decideFrom        = 2 // reviews
)

// rule is one line of the gate.
type rule struct {
	id      string
	level   Level
	urgency alert.Urgency
	applies func(Answers) bool
	finding string // the key of what the therapist reads
}

func anyOf(signs ...Sign) func(Answers) bool {
	return func(a Answers) bool { return a.has(signs...) }
}

func inNeck(sign Sign) func(Answers) bool {
	return func(a Answers) bool { return a.Neck && a.has(sign) }
}

// rules is the gate. Sources: the red flags for the low back of NHS Gloucestershire's pathway, those for the neck of
// the CCGI; KNGF's guidelines and the IFOMPT framework (Finucane 2020) that a combination raises the probability, also
// without a known cancer. The emergency signs of the neck arteries come from general knowledge. A physiotherapist and a
// GP must approve all of them.
var rules = []rule{
	{"E-1", Emergency, alert.Now, anyOf(BladderBowel), "safety.finding.bladder_bowel"},
	{"E-2", Emergency, alert.Now, anyOf(SaddleNumbness), "safety.finding.saddle_numbness"},
	{"E-3", Emergency, alert.Now, anyOf(SevereLegWeakness), "safety.finding.leg_weakness"},
	{"E-4", Emergency, alert.Now, anyOf(NeckVascular, DizzyDoubleVision), "safety.finding.neck_vessels"},
	{"E-5", Emergency, alert.Now, inNeck(NeckMeningitis), "safety.finding.meningitis"},
	{"E-6", Emergency, alert.Now, inNeck(MajorTrauma), "safety.finding.neck_trauma"},
	{"E-7", Emergency, alert.Now, anyOf(ChestPain), "safety.finding.chest_pain"},

	{"R-1", Refer, alert.ThisWeek, Answers.isCancerBack, "safety.finding.cancer"},
	{"R-2", Refer, alert.Today, anyOf(Infection), "safety.finding.infection"},
	{"R-3", Refer, alert.ThisWeek, Answers.isFracture, "safety.finding.trauma"},
	{"R-4", Refer, alert.Today, anyOf(HandClumsiness, UnsteadyGait, SpreadNumbness), "safety.finding.spinal_cord"},
	{"R-5", Refer, alert.Today, anyOf(NewArmWeakness, NewLegWeakness, NewWeakness), "safety.finding.weakness"},
	{"R-6", Refer, alert.Today, anyOf(NewNumbness), "safety.finding.numbness"},
	{"R-7", Refer, alert.ThisWeek, Answers.isIll, "safety.finding.ill"},
	{"R-8", Refer, alert.Today, anyOf(MajorTrauma), "safety.finding.major_trauma"},

	{"V-1", Review, alert.NextVisit, Answers.hadCancer, "safety.finding.cancer_history"},
	{"V-2", Review, alert.NextVisit, Answers.isFirstAtAnAge, "safety.finding.age"},
	{"V-3", Review, alert.NextVisit, Answers.isStalled, "safety.finding.no_improvement"},
	{"V-4", Review, alert.NextVisit, Answers.isStiffAndYoung, "safety.finding.morning_stiffness"},
	{"V-5", Review, alert.NextVisit, func(a Answers) bool { return a.NumbLeg }, "safety.finding.numb_spread"},
	{"V-6", Review, alert.NextVisit, anyOf(Pregnancy), "safety.finding.pregnancy"},
	{"V-7", Review, alert.NextVisit, anyOf(SpinalSurgery), "safety.finding.surgery"},
	{"V-8", Review, alert.NextVisit, anyOf(HeartLung), "safety.finding.heart_lung"},
	{"V-9", Review, alert.NextVisit, anyOf(SevereOsteoporosis), "safety.finding.osteoporosis"},
	{"V-10", Review, alert.NextVisit, func(a Answers) bool { return a.Falls >= manyFalls }, "safety.finding.falls"},
	{"V-11", Review, alert.NextVisit, Answers.hasLostWeight, "safety.finding.weight_loss"},
}

// isCancerBack is a known cancer with a sign that it may be back (KNGF low back 2021, NICE NG59).
func (a Answers) isCancerBack() bool { return a.has(CancerHistory) && a.has(WeightLoss, NightPain) }

func (a Answers) hadCancer() bool { return a.has(CancerHistory) && !a.has(WeightLoss, NightPain) }

// isIll is a combination that asks for a doctor without a known cancer: weight loss with constant night pain, or with
// a first episode at an age at which back pain seldom begins (IFOMPT 2020).
func (a Answers) isIll() bool {
	return !a.has(CancerHistory) && a.has(WeightLoss) && (a.has(NightPain) || a.FirstEpisode && a.AgeMax > a.OldAge)
}

// hasLostWeight is weight loss that no other rule has seen.
func (a Answers) hasLostWeight() bool { return a.has(WeightLoss) && !a.isCancerBack() && !a.isIll() }

// isFracture is a fall or an accident, or a small fall on bones that may be weak: by age, by what is known of them, or
// by corticosteroids.
func (a Answers) isFracture() bool {
	fragile := a.AgeMax >= fragileAge || a.has(Osteoporosis, SevereOsteoporosis, Corticosteroids)
	return a.has(Trauma) && !a.has(MajorTrauma) || a.has(MinorTrauma) && fragile
}

func (a Answers) isFirstAtAnAge() bool {
	return a.FirstEpisode && (a.AgeMin < youngFirstEpisode || a.AgeMax > a.OldAge)
}

func (a Answers) isStalled() bool {
	return a.Weeks > stalledAfterWeeks && a.has(NoImprovement) && a.has(NightPain)
}

func (a Answers) isStiffAndYoung() bool {
	return a.AgeMin < inflammatoryUntil && a.has(MorningStiffness)
}

// Finding is a rule that applied.
type Finding struct {
	Rule  string
	Level Level
	words.Pair
}

// Verdict is the result of the gate. Findings are in the order of the rules, most serious first.
type Verdict struct {
	Level    Level
	Urgency  alert.Urgency // empty when OK
	Findings []Finding
}

// Screen applies every rule.
func Screen(a Answers) Verdict {
	v := Verdict{Level: OK}
	for _, r := range rules {
		if !r.applies(a) {
			continue
		}
		said := words.Keep(r.finding, "age", a.OldAge)
		v.Findings = append(v.Findings, Finding{Rule: r.id, Level: r.level, Pair: said})
		v.Level = slices.MaxFunc(
			[]Level{v.Level, r.level}, func(a, b Level) int { return cmp.Compare(a.rank(), b.rank()) },
		)
		v.Urgency = alert.Soonest(v.Urgency, r.urgency)
	}
	if v.MustDecide() && v.Level == Review {
		v.Urgency = alert.Today
	}
	return v
}

// MustDecide reports whether a therapist must record a decision: always after a stop, and when two or more reviews
// coincide (design choice: a combination raises the probability, and referring everybody would refer too many).
func (v Verdict) MustDecide() bool { return v.Level.Stops() || len(v.Findings) >= decideFrom }
