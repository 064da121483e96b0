// Package safety keeps exercise away from people who need a doctor first. A gate of fixed rules reads the answers of an
// intake, of "anything new?" after each session, and of each weekly check-in.
//
// It promises that a stop blocks the program and its reminders in the same transaction as the answer that caused it,
// that only a member's recorded decision reopens the program, and that nothing a patient answered is forgotten. It does
// not diagnose: single red flags predict badly (Finucane 2020), which is why a physiotherapist decides about each.
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

// RuleVersion is the number of the rules in this package; it changes with every change of them.
const RuleVersion = 1

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

// Stops reports whether nothing may be asked of the patient until a therapist has decided.
func (l Level) Stops() bool { return l == Refer || l == Emergency }

// Answers is what the gate reads. A sign that is not in Yes was answered with no, or was not asked because it concerns
// another part of the body.
type Answers struct {
	Yes          []Sign
	Neck         bool
	AgeMin       int // in years; only the year of birth is known, so age has two values
	AgeMax       int
	FirstEpisode bool
	OldAge       int  // a first episode above it is reviewed
	Weeks        int  // of this episode
	NumbLeg      bool // pain below knee or elbow, with numbness
	Falls        int  // in 12 months
}

func (a Answers) has(signs ...Sign) bool {
	return slices.ContainsFunc(signs, func(s Sign) bool { return slices.Contains(a.Yes, s) })
}

// Thresholds of the rules (those of Review: design choices within published ranges; see the rules).
const (
	youngFirstEpisode = 20
	inflammatoryUntil = 45
	stalledAfterWeeks = 4
	manyFalls         = 2
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

// rules is the gate. Sources: red flags for the low back as used in NHS Gloucestershire's pathway, for the neck the
// CCGI's; KNGF's guideline that a combination raises the chance. The emergencies of
// neck arteries are a list of signs from general knowledge, to be signed off by a physiotherapist and a GP.
var rules = []rule{
	{"E-1", Emergency, alert.Now, anyOf(BladderBowel),
		"safety.finding.bladder_bowel"},
	{"E-2", Emergency, alert.Now, anyOf(SaddleNumbness), "safety.finding.saddle_numbness"},
	{"E-3", Emergency, alert.Now, anyOf(SevereLegWeakness),
		"safety.finding.leg_weakness"},
	{"E-4", Emergency, alert.Now, anyOf(NeckVascular, DizzyDoubleVision), "safety.finding.neck_vessels"},
	{"E-5", Emergency, alert.Now, func(a Answers) bool { return a.Neck && a.has(NeckMeningitis) },
		"safety.finding.meningitis"},
	{"E-6", Emergency, alert.Now, func(a Answers) bool { return a.Neck && a.has(MajorTrauma) },
		"safety.finding.neck_trauma"},
	{"E-7", Emergency, alert.Now, anyOf(ChestPain),
		"safety.finding.chest_pain"},

	{"R-1", Refer, alert.ThisWeek, func(a Answers) bool { return a.has(CancerHistory) && a.has(WeightLoss, NightPain) },
		"safety.finding.cancer"},
	{"R-2", Refer, alert.Today, anyOf(Infection), "safety.finding.infection"},
	{"R-3", Refer, alert.ThisWeek, func(a Answers) bool {
		return a.has(Trauma, MajorTrauma) ||
			a.has(MinorTrauma) && a.has(Osteoporosis, SevereOsteoporosis, Corticosteroids)
	}, "safety.finding.trauma"},
	{"R-4", Refer, alert.Today, anyOf(HandClumsiness, UnsteadyGait, SpreadNumbness),
		"safety.finding.spinal_cord"},
	{"R-5", Refer, alert.Today, anyOf(NewArmWeakness, NewLegWeakness, NewWeakness),
		"safety.finding.weakness"},
	{"R-6", Refer, alert.Today, anyOf(NewNumbness),
		"safety.finding.numbness"},

	{"V-1", Review, alert.NextVisit,
		func(a Answers) bool { return a.has(CancerHistory) && !a.has(WeightLoss, NightPain) },
		"safety.finding.cancer_history"},
	{"V-2", Review, alert.NextVisit, func(a Answers) bool {
		return a.FirstEpisode && (a.AgeMin < youngFirstEpisode || a.AgeMax > a.OldAge)
	}, "safety.finding.age"},
	{"V-3", Review, alert.NextVisit,
		func(a Answers) bool { return a.Weeks > stalledAfterWeeks && a.has(NoImprovement) && a.has(NightPain) },
		"safety.finding.no_improvement"},
	{"V-4", Review, alert.NextVisit,
		func(a Answers) bool { return a.AgeMin < inflammatoryUntil && a.has(MorningStiffness) },
		"safety.finding.morning_stiffness"},
	{
		"V-5", Review, alert.NextVisit, func(a Answers) bool { return a.NumbLeg },
		"safety.finding.numb_spread",
	},
	{"V-6", Review, alert.NextVisit, anyOf(Pregnancy),
		"safety.finding.pregnancy"},
	{"V-7", Review, alert.NextVisit, anyOf(SpinalSurgery),
		"safety.finding.surgery"},
	{"V-8", Review, alert.NextVisit, anyOf(HeartLung),
		"safety.finding.heart_lung"},
	{"V-9", Review, alert.NextVisit, anyOf(SevereOsteoporosis), "safety.finding.osteoporosis"},
	{"V-10", Review, alert.NextVisit, func(a Answers) bool { return a.Falls >= manyFalls },
		"safety.finding.falls"},
}

// Finding is a rule that applied.
type Finding struct {
	Rule  string
	Level Level
	words.Pair
}

// Verdict is what the gate says. Findings are in the order of the rules, the gravest first.
type Verdict struct {
	Level    Level
	Urgency  alert.Urgency // empty when OK
	Findings []Finding
}

// Screen asks every rule.
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

// MustDecide reports whether a therapist has to record a decision: after a stop always, and when two or more reviews
// come together (design choice: a combination raises the chance, and referring everybody would refer too many).
func (v Verdict) MustDecide() bool { return v.Level.Stops() || len(v.Findings) >= decideFrom }
