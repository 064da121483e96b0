package coping

import (
	"cadans/internal/kernel/access"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/wish"
	"cadans/internal/rules/detour"
)

// Answer is the app's reply and its offers when a patient names a barrier.
type Answer struct {
	key     string
	Actions []Action
}

// In returns the sentence in a language.
func (a Answer) In(l people.Language) string { return l.Say(a.key) }

// Action is something the patient can do at once: which operation performs it, with which reason or kind if it takes
// one.
type Action struct {
	Do        ActionKind
	Operation access.Operation
	Reason    wish.Reason
	Kind      detour.Kind
}

// ActionKind identifies an action, so that the app can draw it.
type ActionKind string

// The actions.
const (
	ShortSession  ActionKind = "short_session"  // today's minimum: it counts
	ShortProgram  ActionKind = "short_program"  // sessions of 10 minutes, for 2 weeks
	EasierDays    ActionKind = "easier_days"    // half of the dose, for 3 days
	AskShorter    ActionKind = "ask_shorter"    // asks the therapist to shorten the program
	PlanMoment    ActionKind = "plan_moment"    // a new if-then plan
	PickTime      ActionKind = "pick_time"      // another time for reminders, or none
	ShowGoal      ActionKind = "show_goal"      // what the patient would like to do again
	WatchExercise ActionKind = "watch_exercise" // once, at leisure
	AskTechnique  ActionKind = "ask_technique"  // asks the therapist to check the technique
	AskEasier     ActionKind = "ask_easier"     // an easier variant
	FlarePlan     ActionKind = "flare_plan"     // after a check for warning signs
	Swap          ActionKind = "swap"           // another exercise of the same kind
	AskSpace      ActionKind = "ask_no_space"   // asks for exercises that need no space or equipment
	Pause         ActionKind = "pause"
	AskPrevention ActionKind = "ask_prevention" // asks the therapist to end the treatment properly
	ReadCard      ActionKind = "read_card"
	AskUseful     ActionKind = "ask_useful"    // asks the therapist to explain what it is for
	LogPast       ActionKind = "log_past"      // a session that was done and not logged
	NameBarrier   ActionKind = "name_barrier"  // says what is in the way
	ShowProgress  ActionKind = "show_progress" // the progress so far
)

func ask(do ActionKind, reason wish.Reason) Action {
	return Action{Do: do, Operation: access.RequestChange, Reason: reason}
}

func choose(do ActionKind, kind detour.Kind) Action {
	return Action{Do: do, Operation: access.ChooseLighterProgram, Kind: kind}
}

var (
	short  = Action{Do: ShortSession, Operation: access.GetToday}
	moment = Action{Do: PlanMoment, Operation: access.SaveActionPlan}
	swap   = Action{Do: Swap, Operation: access.ListAlternatives}
	pause  = Action{Do: Pause, Operation: access.PauseMyProgram}
	goal   = Action{Do: ShowGoal, Operation: access.ListMyActivities}
	card   = Action{Do: ReadCard, Operation: "listEducationCards"}
)

// AnswerVersion is the version of the answers; increase it when their texts change.
const AnswerVersion = 2

// answers maps each barrier to what helps. The same barrier twice in two weeks also alerts the therapist.
var answers = map[barrier.Barrier]Answer{
	barrier.Time: {
		"answer.time",
		[]Action{short, choose(ShortProgram, detour.Short), moment, ask(AskShorter, wish.TooLong)},
	},
	barrier.Motivation: {
		"answer.motivation",
		[]Action{goal, short, swap},
	},
	barrier.Confidence: {
		"answer.confidence",
		[]Action{
			{Do: WatchExercise, Operation: "getExercise"}, ask(AskTechnique, wish.Technique),
			ask(AskEasier, wish.TooHard),
		},
	},
	barrier.Pain: {
		"answer.pain",
		[]Action{{Do: FlarePlan, Operation: access.DeclareFlare}, ask(AskEasier, wish.Hurts)},
	},
	barrier.Forgot: {
		"answer.forgot",
		[]Action{moment, {Do: PickTime, Operation: access.PutPreferences}},
	},
	barrier.Fatigue: {
		"answer.fatigue",
		[]Action{short, choose(EasierDays, detour.Half)},
	},
	barrier.Boredom: {
		"answer.boredom",
		[]Action{swap, goal},
	},
	barrier.NoSpace: {
		"answer.no_space",
		[]Action{swap, ask(AskSpace, wish.NoSpace)},
	},
	barrier.Ill: {
		"answer.ill",
		[]Action{pause, short},
	},
	barrier.Holiday: {
		"answer.holiday",
		[]Action{pause, short},
	},
	barrier.FeltBetter: {
		"answer.felt_better",
		[]Action{ask(AskPrevention, wish.FeltBetter), short},
	},
	barrier.UnsureUseful: {
		"answer.unsure_useful",
		[]Action{card, ask(AskUseful, wish.UnsureUseful), goal},
	},
	barrier.Other: {
		"answer.other",
		[]Action{short, {Do: PickTime, Operation: access.PutPreferences}},
	},
}

// AnswerTo returns the answer to a barrier.
func AnswerTo(b barrier.Barrier) Answer {
	if a, known := answers[b]; known {
		return a
	}
	return answers[barrier.Other]
}
