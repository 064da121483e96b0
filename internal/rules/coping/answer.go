package coping

import (
	"cadans/internal/kernel/access"
	"cadans/internal/record/people"
	"cadans/internal/record/session"
	"cadans/internal/rules/lighter"
)

// Answer is what the app says and offers when a patient names what was in the way.
type Answer struct {
	nl, en  string
	Actions []Action
}

// In returns the sentence in a language.
func (a Answer) In(l people.Language) string { return l.Pick(a.nl, a.en) }

// Action is something that can be done at once: which operation does it, with which reason or kind where it takes one.
type Action struct {
	Do        Do
	Operation access.Operation
	Reason    string
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

func ask(do Do, reason string) Action {
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
const AnswerVersion = 1

// answers is the table of what helps against what. The same barrier twice in two weeks is also told to the therapist.
var answers = map[session.Barrier]Answer{
	"time": {
		"Een korte sessie telt echt mee. Zullen we er vandaag een van maken?",
		"A short session is a real session. Shall we make today's one?",
		[]Action{short, choose(ShortProgram, lighter.Short), moment, ask(AskShorter, "too_long")},
	},
	"motivation": {
		"Wat wilt u graag weer kunnen? Begin met de oefening die u het liefst doet.",
		"What would you like to do again? Start with the exercise you like most.",
		[]Action{goal, short, swap},
	},
	"confidence": {
		"Twijfelt u of het goed gaat? Bekijk het rustig, of vraag het uw therapeut.",
		"Not sure you do it right? Watch it once, or ask your therapist.",
		[]Action{
			{Do: WatchExercise, Operation: "getExercise"}, ask(AskTechnique, "technique"), ask(AskEasier, "too_hard"),
		},
	},
	"pain": {
		"Meer pijn dan anders? U kunt uw plan voor zulke dagen volgen. Rustig in beweging blijven is voor de meeste " +
			"mensen veilig. Is de pijn nieuw of erg hevig? Bel uw praktijk.",
		"More pain than usual? You can follow your plan for such days. Staying gently active is safe for most " +
			"people. Is the pain new or very strong? Call your practice.",
		[]Action{{Do: FlarePlan, Operation: access.DeclareFlare}, ask(AskEasier, "hurts")},
	},
	"forgot": {
		"Kies een vast moment, bijvoorbeeld na het tandenpoetsen.",
		"Pick a fixed moment, for example after brushing your teeth.",
		[]Action{moment, {Do: PickTime, Operation: access.PutPreferences}},
	},
	"fatigue": {
		"Een zware dag? Twee minuten wandelen telt ook.", "A hard day? Two minutes of walking also counts.",
		[]Action{short, choose(EasierDays, lighter.Half)},
	},
	"boredom": {
		"Tijd voor iets nieuws.", "Time for something new.",
		[]Action{swap, goal},
	},
	"no_space": {
		"Er zijn oefeningen die weinig ruimte en geen spullen vragen.",
		"Some exercises need little space and no equipment.",
		[]Action{swap, ask(AskSpace, "no_space")},
	},
	"ill": {
		"Word eerst beter. U kunt uw programma stilzetten.", "Get well first. You can pause your program.",
		[]Action{pause, short},
	},
	"holiday": {
		"Fijne vakantie. U kunt uw programma stilzetten.", "Enjoy your holiday. You can pause your program.",
		[]Action{pause, short},
	},
	"felt_better": {
		"Goed nieuws. Samen met uw therapeut kunt u kijken wat u nu nodig heeft.",
		"Good news. With your therapist you can look at what you need now.",
		[]Action{ask(AskPrevention, "felt_better"), short},
	},
	"unsure_useful": {
		"Goede vraag. Lees hoe oefenen helpt, of vraag het uw therapeut.",
		"A good question. Read how exercise helps, or ask your therapist.",
		[]Action{card, ask(AskUseful, "unsure_useful"), goal},
	},
	"other": {
		"Dank u. Uw therapeut kan dit zien.", "Thank you. Your therapist can see this.",
		[]Action{short, {Do: PickTime, Operation: access.PutPreferences}},
	},
}

// AnswerTo returns the answer to a barrier.
func AnswerTo(b session.Barrier) Answer {
	if a, known := answers[b]; known {
		return a
	}
	return answers["other"]
}
