package safety

import "strings"

// Sign is something that a patient is asked about because it may mean that exercise is unsafe.
type Sign string

// The signs of the intake. Each is answered with yes or no; those of the neck are asked only when the neck hurts.
const (
	BladderBowel       Sign = "bladder_bowel"
	SaddleNumbness     Sign = "saddle_numbness"
	SevereLegWeakness  Sign = "severe_leg_weakness"
	NeckVascular       Sign = "neck_vascular"
	NeckMeningitis     Sign = "neck_meningitis"
	MajorTrauma        Sign = "major_trauma"
	ChestPain          Sign = "chest_pain"
	CancerHistory      Sign = "cancer_history"
	WeightLoss         Sign = "weight_loss"
	NightPain          Sign = "night_pain"
	Infection          Sign = "infection"
	Trauma             Sign = "trauma"
	MinorTrauma        Sign = "minor_trauma"
	Osteoporosis       Sign = "osteoporosis"
	SevereOsteoporosis Sign = "severe_osteoporosis"
	Corticosteroids    Sign = "corticosteroids"
	HandClumsiness     Sign = "hand_clumsiness"
	UnsteadyGait       Sign = "unsteady_gait"
	SpreadNumbness     Sign = "spread_numbness"
	NewArmWeakness     Sign = "new_arm_weakness"
	NewLegWeakness     Sign = "new_leg_weakness"
	NoImprovement      Sign = "no_improvement"
	MorningStiffness   Sign = "morning_stiffness"
	Pregnancy          Sign = "pregnancy"
	SpinalSurgery      Sign = "spinal_surgery"
	HeartLung          Sign = "heart_lung"
)

// The signs that form 2 added. An app that knows only form 1 does not ask them.
const (
	UrineFlow        Sign = "urine_flow"
	UrineFeeling     Sign = "urine_feeling"
	FullUnnoticed    Sign = "full_unnoticed"
	SexualChange     Sign = "sexual_change"
	WeaknessWorse    Sign = "weakness_worse"
	ThighWeakness    Sign = "thigh_weakness"
	FootWeakness     Sign = "foot_weakness"
	BothLegs         Sign = "both_legs"
	PulsatingAbdomen Sign = "pulsating_abdomen"
	Collapse         Sign = "collapse"
	SuddenHeadache   Sign = "sudden_headache"
	NewDizziness     Sign = "new_dizziness"
	InfectionRisk    Sign = "infection_risk"
	NightWaking      Sign = "night_waking"
)

// The signs of "anything new?", asked after each session and in each weekly check-in.
const (
	NewNumbness       Sign = "new_numbness"
	NewWeakness       Sign = "new_weakness"
	DizzyDoubleVision Sign = "dizzy_double_vision"
)

// recent are the signs of an intake that make a later fever more serious, for recentDays: the questions ask about the
// last three months.
var recent = []Sign{InfectionRisk, SpinalSurgery}

const recentDays = 90

// toldDays is for how long what was told may make a new sign more serious (design choice): a weekly check-in and what
// was told since the one before belong together.
const toldDays = 7

// JoinSigns encodes signs as one text for a column; ParseSigns reads it.
func JoinSigns(signs []Sign) string {
	texts := make([]string, len(signs))
	for i, s := range signs {
		texts[i] = string(s)
	}
	return strings.Join(texts, ",")
}

// ParseSigns reads the output of JoinSigns.
func ParseSigns(text string) (signs []Sign) {
	for s := range strings.SplitSeq(text, ",") {
		if s != "" {
			signs = append(signs, Sign(s))
		}
	}
	return signs
}
