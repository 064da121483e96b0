package safety

import (
	"slices"

	"cadans/internal/record/alert"
)

// Thresholds of the rules. Those of Review are design choices within published ranges; see the rules.
const (
	youngFirstEpisode = 20
	adultFrom         = 16
	inflammatoryUntil = 45
	stalledAfterWeeks = 4
	manyFalls         = 2
	fragileAge        = 75
	aneurysmAge       = 60
	longAfterWeeks    = 12
	weeksOfAYear      = 52
	freshUntilWeeks   = 6 // weakness of a younger episode is new
)

// DecideFrom is how many findings together need a therapist's decision.
const DecideFrom = 2

// action is what a rule asks of the therapist and of the patient.
type action struct {
	level   Level
	urgency alert.Urgency
	advice  string // the key of what the patient reads
}

// The actions.
var (
	call112   = action{Emergency, alert.Now, "safety.advice.call_112"}
	doctorNow = action{Emergency, alert.Now, "safety.advice.doctor_now"}
	today     = action{Refer, alert.Today, "safety.advice.today"}
	thisWeek  = action{Refer, alert.ThisWeek, "safety.advice.this_week"}
	review    = action{Review, alert.NextVisit, "safety.advice.therapist"}

	// reviewAndDoctor lets the therapist decide about the program the same day, while the doctor sees the patient.
	reviewAndDoctor = action{Review, alert.Today, thisWeek.advice}
)

// advices are the keys of what a patient reads, the most urgent first.
var advices = []string{call112.advice, doctorNow.advice, today.advice, thisWeek.advice, review.advice}

// rule is one line of the gate.
type rule struct {
	id string
	action
	applies func(Answers) bool
	finding string // the key of what is read as the reason
	source  string
}

// ground is one of several reasons for which a rule applies, with the key of its own words.
type ground struct {
	is      func(Answers) bool
	finding string
}

// grounds are those of the rules with more than one, because a finding repeats only what is true of the person. The
// first that holds is read; without one it is the rule's own finding.
var grounds = map[string][]ground{
	"E-12": {{anyOf(PulsatingAbdomen), "safety.finding.rupture"}},
	"E-14": {{anyOf(SpinalSurgery), "safety.finding.infection_after_surgery"}},
	"R-1": {
		{Answers.hasNightPainOnly, "safety.finding.cancer_night_pain"},
		{Answers.hasWeightLossOnly, "safety.finding.cancer_weight_loss"},
	},
	"R-3": {
		{Answers.hadAccident, "safety.finding.trauma"},
		{Answers.isFragile, "safety.finding.trauma_fragile"},
	},
	"R-7": {{anyOf(NightPain), "safety.finding.ill"}},
	"V-2": {{Answers.isFirstAtALaterAge, "safety.finding.first_late"}},
}

// said returns the key of what is read as the reason.
func (r rule) said(a Answers) string {
	for _, g := range grounds[r.id] {
		if g.is(a) {
			return g.finding
		}
	}
	return r.finding
}

// The sources of the rules. "Design choice" is ours, and the safer one where sources leave room. A physiotherapist and
// a GP have not read any of the rules yet.
const (
	girft       = "GIRFT 2023, cauda equina pathway"
	kngfBack    = "KNGF low back pain 2021"
	kngfNeck    = "KNGF neck pain 2016; CCGI neck red flags"
	nice59      = "NICE NG59; NHS Gloucestershire red flags"
	nice156     = "NICE NG156, abdominal aortic aneurysm"
	nice65      = "NICE NG65, spondyloarthritis"
	ifompt      = "IFOMPT 2020, red flags (Finucane)"
	ifomptNeck  = "IFOMPT 2020, cervical framework (Rushton)"
	ownEmergent = "design choice; general first aid"
	ownCaution  = "design choice; caution for exercise"
	ownAdults   = "design choice; the product is for adults"
)

// SourceOf returns where a rule comes from; empty if there is no such rule.
func SourceOf(id string) string {
	if i := slices.IndexFunc(rules, func(r rule) bool { return r.id == id }); i >= 0 {
		return rules[i].source
	}
	return ""
}

func anyOf(signs ...Sign) func(Answers) bool {
	return func(a Answers) bool { return a.has(signs...) }
}

func inNeck(sign Sign) func(Answers) bool {
	return func(a Answers) bool { return a.Neck && a.has(sign) }
}

// rules is the gate. The KNGF and IFOMPT say that a combination raises the probability, also without a known cancer.
var rules = []rule{
	{"E-1", doctorNow, anyOf(BladderBowel), "safety.finding.bladder_bowel", girft},
	{"E-2", doctorNow, anyOf(SaddleNumbness), "safety.finding.saddle_numbness", girft},
	{"E-3", doctorNow, anyOf(SevereLegWeakness), "safety.finding.leg_weakness", girft},
	{"E-4", call112, anyOf(NeckVascular, DizzyDoubleVision), "safety.finding.neck_vessels", ifomptNeck},
	{"E-5", call112, inNeck(NeckMeningitis), "safety.finding.meningitis", kngfNeck},
	{"E-6", call112, inNeck(MajorTrauma), "safety.finding.neck_trauma", kngfNeck},
	{"E-7", call112, anyOf(ChestPain), "safety.finding.chest_pain", ownEmergent},
	{"E-8", doctorNow, anyOf(UrineFlow, UrineFeeling, FullUnnoticed, SexualChange), "safety.finding.cauda", girft},
	{"E-9", doctorNow, anyOf(WeaknessWorse), "safety.finding.weakness_worse", girft},
	{"E-10", doctorNow, Answers.isWeakAboveAndBelow, "safety.finding.weakness_spread", girft},
	{"E-11", doctorNow, Answers.isWeakWithBothLegs, "safety.finding.both_legs_weak", girft},
	{"E-12", call112, Answers.isRupture, "safety.finding.collapse", nice156},
	{"E-13", doctorNow, Answers.isAneurysm, "safety.finding.pulsating", nice156},
	{"E-14", doctorNow, Answers.isInfectedAtRisk, "safety.finding.infection_at_risk", ifompt},
	{"E-15", call112, anyOf(SuddenHeadache), "safety.finding.sudden_headache", ifomptNeck},

	{"R-1", thisWeek, Answers.isCancerBack, "safety.finding.cancer", nice59},
	{"R-2", today, Answers.isInfected, "safety.finding.infection", ifompt},
	{"R-3", thisWeek, Answers.isFracture, "safety.finding.trauma_late", kngfBack},
	{"R-4", today, anyOf(HandClumsiness, UnsteadyGait, SpreadNumbness), "safety.finding.spinal_cord", kngfNeck},
	{"R-5", today, Answers.isNewlyWeak, "safety.finding.weakness", kngfBack},
	{"R-6", today, anyOf(NewNumbness), "safety.finding.numbness", ownCaution},
	{"R-7", thisWeek, Answers.isIll, "safety.finding.ill_late", ifompt},
	{"R-8", today, anyOf(MajorTrauma), "safety.finding.major_trauma", kngfBack},
	{"R-9", today, anyOf(BothLegs), "safety.finding.both_legs", girft},
	{"R-10", today, Answers.isPulsating, "safety.finding.pulsating", nice156},
	{"R-11", today, Answers.isCollapsed, "safety.finding.collapse", nice156},

	{"V-1", review, Answers.hadCancer, "safety.finding.cancer_history", nice59},
	{"V-2", review, Answers.isFirstAtAnAge, "safety.finding.first_young", nice59},
	{"V-3", review, Answers.isStalled, "safety.finding.no_improvement", ifompt},
	{"V-4", review, Answers.isStiffAndYoung, "safety.finding.morning_stiffness", nice65},
	{"V-5", review, func(a Answers) bool { return a.NumbLeg }, "safety.finding.numb_spread", kngfBack},
	{"V-15", reviewAndDoctor, Answers.isLongWeak, "safety.finding.weak_limb", kngfBack},
	{"V-6", review, anyOf(Pregnancy), "safety.finding.pregnancy", ownCaution},
	{"V-7", review, anyOf(SpinalSurgery), "safety.finding.surgery", ownCaution},
	{"V-8", review, anyOf(HeartLung), "safety.finding.heart_lung", ownCaution},
	{"V-9", review, anyOf(SevereOsteoporosis), "safety.finding.osteoporosis", kngfBack},
	{"V-10", review, func(a Answers) bool { return a.Falls >= manyFalls }, "safety.finding.falls", ownCaution},
	{"V-11", review, Answers.hasLostWeight, "safety.finding.weight_loss", ifompt},
	{"V-12", review, Answers.isOnlyAtRisk, "safety.finding.infection_risk", ifompt},
	{"V-13", review, Answers.wakesFromInflammation, "safety.finding.night_waking", nice65},
	{"V-14", review, anyOf(NewDizziness), "safety.finding.dizziness", ifomptNeck},
	{"V-16", review, Answers.isChild, "safety.finding.child", ownAdults},
}

// isCancerBack is a known cancer with a sign that it may be back (KNGF low back 2021, NICE NG59).
func (a Answers) isCancerBack() bool { return a.has(CancerHistory) && a.has(WeightLoss, NightPain) }

func (a Answers) hasNightPainOnly() bool { return !a.has(WeightLoss) }

func (a Answers) hasWeightLossOnly() bool { return !a.has(NightPain) }

func (a Answers) hadCancer() bool { return a.has(CancerHistory) && !a.has(WeightLoss, NightPain) }

// isIll is a combination that asks for a doctor without a known cancer: weight loss with constant night pain, or with
// a first episode at an age at which back pain seldom begins (IFOMPT 2020).
func (a Answers) isIll() bool {
	return !a.has(CancerHistory) && a.has(WeightLoss) && (a.has(NightPain) || a.isFirstAtALaterAge())
}

// hasLostWeight is weight loss that no other rule has seen.
func (a Answers) hasLostWeight() bool { return a.has(WeightLoss) && !a.isCancerBack() && !a.isIll() }

// isFracture is a fall or an accident, or a small fall on bones that may be weak: by age, by what is known of them, or
// by corticosteroids.
func (a Answers) isFracture() bool {
	return a.hadAccident() || a.has(MinorTrauma) && (a.isFragile() || a.AgeMax >= fragileAge)
}

func (a Answers) hadAccident() bool { return a.has(Trauma) && !a.has(MajorTrauma) }

func (a Answers) isFragile() bool { return a.has(Osteoporosis, SevereOsteoporosis, Corticosteroids) }

func (a Answers) isFirstAtAnAge() bool {
	return a.FirstEpisode && a.AgeMin < youngFirstEpisode || a.isFirstAtALaterAge()
}

func (a Answers) isFirstAtALaterAge() bool { return a.FirstEpisode && a.AgeMax > a.OldAge }

// isChild is also true where the year of birth leaves both open; without an age nobody is a child.
func (a Answers) isChild() bool { return a.AgeMax > 0 && a.AgeMin < adultFrom }

func (a Answers) isStalled() bool {
	return a.Weeks > stalledAfterWeeks && a.has(NoImprovement) && a.has(NightPain)
}

func (a Answers) isStiffAndYoung() bool {
	return a.beganYoung() && a.has(MorningStiffness)
}

// beganYoung reports whether the complaints began at an age at which an inflammation begins.
func (a Answers) beganYoung() bool { return a.AgeMin-a.Weeks/weeksOfAYear < inflammatoryUntil }

// wakesFromInflammation is the other half of the inflammatory pattern; with stiffness it is one finding, not two.
func (a Answers) wakesFromInflammation() bool {
	return a.beganYoung() && a.Weeks > longAfterWeeks && a.has(NightWaking) && !a.isStiffAndYoung()
}

// isWeakAboveAndBelow is weakness of more than one nerve root.
func (a Answers) isWeakAboveAndBelow() bool { return a.has(ThighWeakness) && a.has(FootWeakness) }

// isFreshlyWeak is weakness where the pain spreads that cannot be older than a young episode, whatever the signs say.
func (a Answers) isFreshlyWeak() bool { return a.WeakLimb && a.Weeks < freshUntilWeeks }

// isLongWeak may be weakness of long ago, or new: the answers do not tell.
func (a Answers) isLongWeak() bool { return a.WeakLimb && a.Weeks >= freshUntilWeeks }

func (a Answers) isNewlyWeak() bool {
	return a.isFreshlyWeak() || a.has(NewArmWeakness, NewLegWeakness, NewWeakness, ThighWeakness, FootWeakness)
}

// isWeakWithBothLegs leaves out a limb that may be an arm.
func (a Answers) isWeakWithBothLegs() bool {
	weakLeg := a.isFreshlyWeak() && !a.Neck || a.has(NewLegWeakness, NewWeakness, ThighWeakness, FootWeakness)
	return a.has(BothLegs) && weakLeg
}

// isAneurysmAge is also true where the age was not asked, as in "anything new?".
func (a Answers) isAneurysmAge() bool { return a.AgeMax == 0 || a.AgeMax >= aneurysmAge }

// isRupture is a collapse with a pulsating belly, or at an age at which an aneurysm is more likely.
func (a Answers) isRupture() bool {
	return a.has(Collapse) && (a.has(PulsatingAbdomen) || a.isAneurysmAge())
}

func (a Answers) isAneurysm() bool {
	return a.has(PulsatingAbdomen) && !a.isRupture() && a.isAneurysmAge()
}

func (a Answers) isPulsating() bool {
	return a.has(PulsatingAbdomen) && !a.isRupture() && !a.isAneurysm()
}

func (a Answers) isCollapsed() bool { return a.has(Collapse) && !a.isRupture() }

// isInfectedAtRisk is fever in somebody in whom an infection of the spine is more likely: also after an operation on
// the back or neck, which has a question of its own.
func (a Answers) isInfectedAtRisk() bool {
	return a.has(Infection) && a.has(InfectionRisk, SpinalSurgery)
}

func (a Answers) isInfected() bool { return a.has(Infection) && !a.isInfectedAtRisk() }

func (a Answers) isOnlyAtRisk() bool { return a.has(InfectionRisk) && !a.has(Infection) }
