package coping

import (
	"cadans/internal/kernel/access"
	"cadans/internal/record/barrier"
	"cadans/internal/record/people"
	"cadans/internal/record/wish"
	"cadans/internal/rules/lighter"
)

// Answer is what the app says and offers when a patient names what was in the way.
type Answer struct {
	key     string
	Actions []Action
}

// In returns the sentence in a language.
func (a Answer) In(l people.Language) string { return l.Say(a.key) }

// Action is something that can be done at once: which operation does it, with which reason or kind where it takes one.
type Action struct {
	Do        Do
	Operation access.Operation
	Reason    wish.Reason
	Kind      lighter.Kind
}

// Do names an action, for the app to draw.
type Do string

// The actions.
const (
	ShortSession  Do = "short_session"  // today's least: it counts
	ShortProgram  Do = "short_program"  // sessions of 10 minutes, for 2 weeks
	EasierDays    Do = "easier_days"    // half of the dose, for 3 days
	AskShorter    Do = "ask_shorter"    // the therapist makes the program shorter
	PlanMoment    Do = "plan_moment"    // a new if-then plan
	PickTime      Do = "pick_time"      // another time for reminders, or none
	ShowGoal      Do = "show_goal"      // what the patient would like to do again
	WatchExercise Do = "watch_exercise" // once, at leisure
	AskTechnique  Do = "ask_technique"  // the therapist looks at how it is done
	AskEasier     Do = "ask_easier"     // an easier variant
	FlarePlan     Do = "flare_plan"     // after a look for warning signs
	Swap          Do = "swap"           // another exercise of the same kind
	AskSpace      Do = "ask_no_space"   // exercises that need no space or equipment
	Pause         Do = "pause"
	AskPrevention Do = "ask_prevention" // the therapist ends the treatment well
	ReadCard      Do = "read_card"
	AskUseful     Do = "ask_useful"    // the therapist explains what it is for
	LogPast       Do = "log_past"      // a session that was done and not filled in
	NameBarrier   Do = "name_barrier"  // what is in the way
	ShowProgress  Do = "show_progress" // the way so far
)

func ask(do Do, reason wish.Reason) Action {
	return Action{Do: do, Operation: access.RequestChange, Reason: reason}
}

func choose(do Do, kind lighter.Kind) Action {
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

// AnswerVersion is the number of the answers; it changes with their words.
const AnswerVersion = 2

// answers is the table of what helps against what. The same barrier twice in two weeks is also told to the therapist.
var answers = map[barrier.Barrier]Answer{
	barrier.Time: {
		"answer.time",
		[]Action{short, choose(ShortProgram, lighter.Short), moment, ask(AskShorter, wish.TooLong)},
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
		[]Action{short, choose(EasierDays, lighter.Half)},
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
