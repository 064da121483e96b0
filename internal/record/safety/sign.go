package safety

import (
	"strings"

	"cadans/internal/kernel/words"
)

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

// The signs of "anything new?", asked after each session and in each weekly check-in.
const (
	NewNumbness       Sign = "new_numbness"
	NewWeakness       Sign = "new_weakness"
	DizzyDoubleVision Sign = "dizzy_double_vision"
)

// Question asks for a sign, in our own words at level B1.
type Question struct {
	Sign Sign
	words.Pair
}

// IntakeQuestions are asked at every intake, in this order.
var IntakeQuestions = []Question{
	{BladderBowel, words.Keep("safety.ask.bladder_bowel")},
	{SaddleNumbness, words.Keep("safety.ask.saddle_numbness")},
	{SevereLegWeakness, words.Keep("safety.ask.severe_leg_weakness")},
	{NeckVascular, words.Keep("safety.ask.neck_vascular")},
	{NeckMeningitis, words.Keep("safety.ask.neck_meningitis")},
	{MajorTrauma, words.Keep("safety.ask.major_trauma")},
	{ChestPain, words.Keep("safety.ask.chest_pain")},
	{CancerHistory, words.Keep("safety.ask.cancer_history")},
	{WeightLoss, words.Keep("safety.ask.weight_loss")},
	{NightPain, words.Keep("safety.ask.night_pain")},
	{Infection, words.Keep("safety.ask.infection")},
	{Trauma, words.Keep("safety.ask.trauma")},
	{MinorTrauma, words.Keep("safety.ask.minor_trauma")},
	{Osteoporosis, words.Keep("safety.ask.osteoporosis")},
	{SevereOsteoporosis, words.Keep("safety.ask.severe_osteoporosis")},
	{Corticosteroids, words.Keep("safety.ask.corticosteroids")},
	{HandClumsiness, words.Keep("safety.ask.hand_clumsiness")},
	{UnsteadyGait, words.Keep("safety.ask.unsteady_gait")},
	{SpreadNumbness, words.Keep("safety.ask.spread_numbness")},
	{NewArmWeakness, words.Keep("safety.ask.new_arm_weakness")},
	{NewLegWeakness, words.Keep("safety.ask.new_leg_weakness")},
	{NoImprovement, words.Keep("safety.ask.no_improvement")},
	{MorningStiffness, words.Keep("safety.ask.morning_stiffness")},
	{Pregnancy, words.Keep("safety.ask.pregnancy")},
	{SpinalSurgery, words.Keep("safety.ask.spinal_surgery")},
	{HeartLung, words.Keep("safety.ask.heart_lung")},
}

// NewSignQuestions are asked after each session and in each weekly check-in as one list: "anything new?".
var NewSignQuestions = []Question{
	{NewNumbness, words.Keep("safety.new.new_numbness")},
	{SaddleNumbness, words.Keep("safety.new.saddle_numbness")},
	{NewWeakness, words.Keep("safety.new.new_weakness")},
	{BladderBowel, words.Keep("safety.new.bladder_bowel")},
	{DizzyDoubleVision, words.Keep("safety.new.dizzy_double_vision")},
	{ChestPain, words.Keep("safety.new.chest_pain")},
}

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
