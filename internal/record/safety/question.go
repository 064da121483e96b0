package safety

import (
	"slices"

	"cadans/internal/kernel/words"
)

// Part is a page of questions: at most MaxPart of them, the serious first.
type Part struct {
	Number  int
	Heading words.Pair
}

// MaxPart is how many questions a person reads at a time.
const MaxPart = 12

// Question asks for a sign, in our own words at level B1.
type Question struct {
	Sign Sign
	words.Pair
	Part
	Form   int  // the edition of the form that asked it first
	OfNeck bool // asked only when the neck hurts
}

// The parts in which signs are asked.
var (
	partSerious = Part{1, words.Keep("safety.part.serious")}
	partNerves  = Part{2, words.Keep("safety.part.nerves")}
	partHealth  = Part{3, words.Keep("safety.part.health")}
	partOther   = Part{4, words.Keep("safety.part.other")}
)

// IntakeQuestions are asked at every intake, in this order.
var IntakeQuestions = []Question{
	{BladderBowel, words.Keep("safety.ask.bladder_bowel"), partSerious, 1, false},
	{UrineFlow, words.Keep("safety.ask.urine_flow"), partSerious, 2, false},
	{UrineFeeling, words.Keep("safety.ask.urine_feeling"), partSerious, 2, false},
	{FullUnnoticed, words.Keep("safety.ask.full_unnoticed"), partSerious, 2, false},
	{SaddleNumbness, words.Keep("safety.ask.saddle_numbness"), partSerious, 1, false},
	{SexualChange, words.Keep("safety.ask.sexual_change"), partSerious, 2, false},
	{SevereLegWeakness, words.Keep("safety.ask.severe_leg_weakness"), partSerious, 1, false},
	{WeaknessWorse, words.Keep("safety.ask.weakness_worse"), partSerious, 2, false},
	{ChestPain, words.Keep("safety.ask.chest_pain"), partSerious, 1, false},
	{Collapse, words.Keep("safety.ask.collapse"), partSerious, 2, false},
	{PulsatingAbdomen, words.Keep("safety.ask.pulsating_abdomen"), partSerious, 2, false},
	{MajorTrauma, words.Keep("safety.ask.major_trauma"), partSerious, 1, false},
	{NeckVascular, words.Keep("safety.ask.neck_vascular"), partNerves, 1, true},
	{SuddenHeadache, words.Keep("safety.ask.sudden_headache"), partNerves, 2, true},
	{DizzyDoubleVision, words.Keep("safety.ask.dizzy_double_vision"), partNerves, 2, true},
	{NeckMeningitis, words.Keep("safety.ask.neck_meningitis"), partNerves, 1, true},
	{BothLegs, words.Keep("safety.ask.both_legs"), partNerves, 2, false},
	{ThighWeakness, words.Keep("safety.ask.thigh_weakness"), partNerves, 2, false},
	{FootWeakness, words.Keep("safety.ask.foot_weakness"), partNerves, 2, false},
	{NewLegWeakness, words.Keep("safety.ask.new_leg_weakness"), partNerves, 1, false},
	{NewArmWeakness, words.Keep("safety.ask.new_arm_weakness"), partNerves, 1, false},
	{HandClumsiness, words.Keep("safety.ask.hand_clumsiness"), partNerves, 1, false},
	{UnsteadyGait, words.Keep("safety.ask.unsteady_gait"), partNerves, 1, false},
	{SpreadNumbness, words.Keep("safety.ask.spread_numbness"), partNerves, 1, false},
	{Infection, words.Keep("safety.ask.infection"), partHealth, 1, false},
	{InfectionRisk, words.Keep("safety.ask.infection_risk"), partHealth, 2, false},
	{CancerHistory, words.Keep("safety.ask.cancer_history"), partHealth, 1, false},
	{WeightLoss, words.Keep("safety.ask.weight_loss"), partHealth, 1, false},
	{NightPain, words.Keep("safety.ask.night_pain"), partHealth, 1, false},
	{Trauma, words.Keep("safety.ask.trauma"), partHealth, 1, false},
	{MinorTrauma, words.Keep("safety.ask.minor_trauma"), partHealth, 1, false},
	{Osteoporosis, words.Keep("safety.ask.osteoporosis"), partHealth, 1, false},
	{SevereOsteoporosis, words.Keep("safety.ask.severe_osteoporosis"), partHealth, 1, false},
	{Corticosteroids, words.Keep("safety.ask.corticosteroids"), partHealth, 1, false},
	{NewDizziness, words.Keep("safety.ask.new_dizziness"), partOther, 2, true},
	{NoImprovement, words.Keep("safety.ask.no_improvement"), partOther, 1, false},
	{MorningStiffness, words.Keep("safety.ask.morning_stiffness"), partOther, 1, false},
	{NightWaking, words.Keep("safety.ask.night_waking"), partOther, 2, false},
	{Pregnancy, words.Keep("safety.ask.pregnancy"), partOther, 1, false},
	{SpinalSurgery, words.Keep("safety.ask.spinal_surgery"), partOther, 1, false},
	{HeartLung, words.Keep("safety.ask.heart_lung"), partOther, 1, false},
}

// NewSignQuestions are asked after each session and in each weekly check-in as one list: "anything new?".
var NewSignQuestions = []Question{
	{BladderBowel, words.Keep("safety.new.bladder_bowel"), partSerious, 1, false},
	{UrineFlow, words.Keep("safety.new.urine_flow"), partSerious, 2, false},
	{UrineFeeling, words.Keep("safety.new.urine_feeling"), partSerious, 2, false},
	{FullUnnoticed, words.Keep("safety.new.full_unnoticed"), partSerious, 2, false},
	{SaddleNumbness, words.Keep("safety.new.saddle_numbness"), partSerious, 1, false},
	{SexualChange, words.Keep("safety.new.sexual_change"), partSerious, 2, false},
	{NewWeakness, words.Keep("safety.new.new_weakness"), partSerious, 1, false},
	{WeaknessWorse, words.Keep("safety.new.weakness_worse"), partSerious, 2, false},
	{ChestPain, words.Keep("safety.new.chest_pain"), partSerious, 1, false},
	{Collapse, words.Keep("safety.new.collapse"), partSerious, 2, false},
	{SuddenHeadache, words.Keep("safety.new.sudden_headache"), partSerious, 2, false},
	{DizzyDoubleVision, words.Keep("safety.new.dizzy_double_vision"), partSerious, 1, false},
	{PulsatingAbdomen, words.Keep("safety.new.pulsating_abdomen"), partNerves, 2, false},
	{BothLegs, words.Keep("safety.new.both_legs"), partNerves, 2, false},
	{NewNumbness, words.Keep("safety.new.new_numbness"), partNerves, 1, false},
	{Infection, words.Keep("safety.new.infection"), partNerves, 2, false},
}

// IsNew reports whether a sign is one of "anything new?".
func IsNew(sign Sign) bool {
	return slices.ContainsFunc(NewSignQuestions, func(q Question) bool { return q.Sign == sign })
}

// Asked are the questions of an intake that concern somebody.
func Asked(neck bool) []Question {
	return slices.DeleteFunc(slices.Clone(IntakeQuestions), func(q Question) bool { return q.OfNeck && !neck })
}

// Unanswered returns the questions without an answer. Needed are those of the editions of the form that were asked: of
// the first always, of a later one as soon as one of its answers is there. NotAsked are the others.
func Unanswered(neck bool, answers map[Sign]bool) (needed, notAsked []Sign) {
	forms := []int{1}
	for _, q := range IntakeQuestions {
		if _, answered := answers[q.Sign]; answered {
			forms = append(forms, q.Form)
		}
	}
	for _, q := range Asked(neck) {
		switch _, answered := answers[q.Sign]; {
		case answered:
		case slices.Contains(forms, q.Form):
			needed = append(needed, q.Sign)
		default:
			notAsked = append(notAsked, q.Sign)
		}
	}
	return needed, notAsked
}

// Questions returns the questions of an intake about some signs.
func Questions(signs []Sign) []Question {
	return slices.DeleteFunc(slices.Clone(IntakeQuestions), func(q Question) bool {
		return !slices.Contains(signs, q.Sign)
	})
}
