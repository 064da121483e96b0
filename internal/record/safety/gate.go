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
	text    [2]string // Dutch, English: what the therapist reads
}

func anyOf(signs ...Sign) func(Answers) bool {
	return func(a Answers) bool { return a.has(signs...) }
}

// rules is the gate. Sources: red flags for the low back as used in NHS Gloucestershire's pathway, for the neck the
// CCGI's; KNGF's guideline that a combination raises the chance. The emergencies of
// neck arteries are a list of signs from general knowledge, to be signed off by a physiotherapist and a GP.
var rules = []rule{
	{"E-1", Emergency, alert.Now, anyOf(BladderBowel),
		[2]string{"nieuwe verandering van plas of ontlasting", "new change in bladder or bowel control"}},
	{"E-2", Emergency, alert.Now, anyOf(SaddleNumbness), [2]string{"doof gevoel tussen de benen", "numb saddle area"}},
	{"E-3", Emergency, alert.Now, anyOf(SevereLegWeakness),
		[2]string{"ernstige of toenemende zwakte in een been", "severe or progressive leg weakness"}},
	{"E-4", Emergency, alert.Now, anyOf(NeckVascular, DizzyDoubleVision), [2]string{
		"nekpijn of duizeligheid met uitval, zoals dubbelzien",
		"neck pain or dizziness with signs such as double vision",
	}},
	{"E-5", Emergency, alert.Now, func(a Answers) bool { return a.Neck && a.has(NeckMeningitis) },
		[2]string{"stijve nek met koorts, uitslag of sufheid", "stiff neck with fever, rash or drowsiness"}},
	{"E-6", Emergency, alert.Now, func(a Answers) bool { return a.Neck && a.has(MajorTrauma) },
		[2]string{"nekpijn na een zwaar ongeluk", "neck pain after major trauma"}},
	{"E-7", Emergency, alert.Now, anyOf(ChestPain),
		[2]string{"pijn op de borst of ernstige benauwdheid", "chest pain or severe breathlessness"}},

	{"R-1", Refer, alert.ThisWeek, func(a Answers) bool { return a.has(CancerHistory) && a.has(WeightLoss, NightPain) },
		[2]string{
			"eerder kanker, met gewichtsverlies of nachtpijn",
			"history of cancer with weight loss or night pain",
		}},
	{"R-2", Refer, alert.Today, anyOf(Infection), [2]string{"aanwijzing voor een infectie", "signs of infection"}},
	{"R-3", Refer, alert.ThisWeek, func(a Answers) bool {
		return a.has(Trauma, MajorTrauma) ||
			a.has(MinorTrauma) && a.has(Osteoporosis, SevereOsteoporosis, Corticosteroids)
	}, [2]string{
		"na een val of ongeluk, of na een kleine val met kwetsbaar bot",
		"after trauma, or minor trauma with fragile bones",
	}},
	{"R-4", Refer, alert.Today, anyOf(HandClumsiness, UnsteadyGait, SpreadNumbness),
		[2]string{"aanwijzing voor druk op het ruggenmerg", "signs of spinal cord compression"}},
	{"R-5", Refer, alert.Today, anyOf(NewArmWeakness, NewLegWeakness, NewWeakness),
		[2]string{"nieuwe zwakte in een arm of been", "new weakness in an arm or leg"}},
	{"R-6", Refer, alert.Today, anyOf(NewNumbness),
		[2]string{"nieuw doof gevoel in een arm of been", "new numbness in an arm or leg"}},

	{"V-1", Review, alert.NextVisit,
		func(a Answers) bool { return a.has(CancerHistory) && !a.has(WeightLoss, NightPain) },
		[2]string{"eerder kanker, zonder andere tekenen", "history of cancer without other signs"}},
	{"V-2", Review, alert.NextVisit, func(a Answers) bool {
		return a.FirstEpisode && (a.AgeMin < youngFirstEpisode || a.AgeMax > a.OldAge)
	}, [2]string{"eerste klachten voor het 20e of na het 50e jaar", "first episode before the age of 20 or after 50"}},
	{"V-3", Review, alert.NextVisit,
		func(a Answers) bool { return a.Weeks > stalledAfterWeeks && a.has(NoImprovement) && a.has(NightPain) },
		[2]string{
			"meer dan 4 weken geen enkele verbetering, met nachtpijn",
			"no improvement at all for more than 4 weeks, with night pain",
		}},
	{"V-4", Review, alert.NextVisit, func(a Answers) bool {
		return a.AgeMin < inflammatoryUntil && a.has(MorningStiffness)
	},
		[2]string{
			"lange ochtendstijfheid die door bewegen afneemt, voor het 45e jaar",
			"long morning stiffness that eases with movement, before the age of 45",
		}},
	{
		"V-5", Review, alert.NextVisit, func(a Answers) bool { return a.NumbLeg },
		[2]string{"uitstraling voorbij knie of elleboog met een doof gevoel", "pain below knee or elbow with numbness"},
	},
	{"V-6", Review, alert.NextVisit, anyOf(Pregnancy),
		[2]string{"zwanger, of in de laatste 3 maanden bevallen", "pregnant, or gave birth in the last 3 months"}},
	{"V-7", Review, alert.NextVisit, anyOf(SpinalSurgery),
		[2]string{"operatie aan rug of nek in de laatste 3 maanden", "spinal surgery in the last 3 months"}},
	{"V-8", Review, alert.NextVisit, anyOf(HeartLung),
		[2]string{"hart- of longziekte die bij inspanning beperkt", "heart or lung disease that limits exertion"}},
	{"V-9", Review, alert.NextVisit, anyOf(SevereOsteoporosis),
		[2]string{"ernstige botontkalking", "severe osteoporosis"}},
	{"V-10", Review, alert.NextVisit, func(a Answers) bool { return a.Falls >= manyFalls },
		[2]string{"twee of meer keer gevallen in een jaar", "two or more falls in a year"}},
}

// Finding is a rule that applied.
type Finding struct {
	Rule   string
	Level  Level
	NL, EN string
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
		v.Findings = append(v.Findings, Finding{Rule: r.id, Level: r.level, NL: r.text[0], EN: r.text[1]})
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
