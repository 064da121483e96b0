package prompt

import (
	"strconv"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/record/people"
	"cadans/internal/record/wish"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/lighter"
)

// template is a sentence with {placeholders}. Its version changes with its words, so
// that what was shown can be told later.
type template struct {
	version int
	nl, en  string
	fits    func(Facts) bool // nil: always
	actions []coping.Action
}

var (
	choose   = coping.Action{Do: coping.PickTime, Operation: access.PutPreferences}
	plan     = coping.Action{Do: coping.PlanMoment, Operation: access.SaveActionPlan}
	today    = coping.Action{Do: coping.ShortSession, Operation: access.GetToday}
	smaller  = coping.Action{Do: coping.ShortProgram, Operation: access.ChooseLighterProgram, Kind: lighter.Short}
	easier   = coping.Action{Do: coping.EasierDays, Operation: access.ChooseLighterProgram, Kind: lighter.Half}
	goal     = coping.Action{Do: coping.ShowGoal, Operation: access.ListMyActivities}
	watch    = coping.Action{Do: coping.WatchExercise, Operation: "getExercise"}
	ask      = coping.Action{Do: coping.AskTechnique, Operation: access.RequestChange, Reason: wish.Technique}
	flare    = coping.Action{Do: coping.FlarePlan, Operation: access.DeclareFlare}
	logPast  = coping.Action{Do: coping.LogPast, Operation: access.LogSession}
	name     = coping.Action{Do: coping.NameBarrier, Operation: access.ReportBarrier}
	progress = coping.Action{Do: coping.ShowProgress, Operation: access.GetProgress}
)

var templates = map[string]template{
	"time-1": {
		1, "Drukke dag? De korte versie duurt {minutes} minuten. Die telt ook mee.",
		"Busy day? The short version takes {minutes} minutes. It counts.", func(f Facts) bool { return f.Minutes > 0 },
		[]coping.Action{smaller},
	},
	"time-2": {
		1, "Welk moment past volgende week beter? Kies een nieuwe tijd.",
		"Which time fits better next week? Choose a new reminder time.", nil, []coping.Action{choose, plan},
	},
	"time-3": {
		1, "Uw plan: {plan} Past dit nog?", "You planned: {plan} Still a good plan?",
		func(f Facts) bool { return f.Plan != nil }, []coping.Action{plan, today},
	},
	"motivation-1": {
		1, "Uw doel: {goal}. Vandaag kan een kleine stap zijn.", "Your goal: {goal}. Today could be one small step.",
		func(f Facts) bool { return f.Goal != "" }, []coping.Action{goal, today},
	},
	"motivation-2": {
		1, "Geen zin? Dat hoort erbij. Begin eens met uw favoriete oefening.",
		"Not in the mood happens. Start with the one you like most?", nil, []coping.Action{today},
	},
	"motivation-3": {
		1, "U oefende de laatste 4 weken op {days} dagen. Daar bouwt u op voort.",
		"You exercised on {days} days in the last 4 weeks. You can build on that.",
		func(f Facts) bool { return f.Status.DaysDone > 1 }, []coping.Action{progress},
	},
	"confidence-1": {
		1, "Twijfelt u of u het goed doet? Bekijk rustig de video, of vraag het aan uw therapeut.",
		"Not sure if you do it right? Watch the video at your own pace, or ask your therapist.",
		nil, []coping.Action{watch, ask},
	},
	"confidence-2": {
		1, "Het hoeft niet perfect. Een lichte versie is prima.",
		"It does not have to be perfect. A light version is fine.", nil, []coping.Action{easier},
	},
	"confidence-3": {
		1, "U gaf uw vertrouwen een {confidence}. Wat zou er een {higher} van maken?",
		"You rated your confidence {confidence}. What would make it {higher}?",
		func(f Facts) bool { return f.Confidence != nil && *f.Confidence < 10 }, []coping.Action{ask},
	},
	"forgot-1": {
		1, "Een vast moment helpt. Wat doet u al elke dag?", "A fixed moment helps. What do you already do every day?",
		func(f Facts) bool { return f.Plan == nil }, []coping.Action{plan},
	},
	"forgot-2": {
		1, "Wel geoefend, niet ingevuld? Dat kan nog voor de laatste 7 dagen.",
		"Did you exercise but not fill it in? You can still add it for the last 7 days.", nil, []coping.Action{logPast},
	},
	"forgot-3": {
		1, "Wilt u een herinnering op een ander moment, of geen? U kiest.",
		"Shall we remind you at another time, or not at all? You choose.", nil, []coping.Action{choose},
	},
	"flare-1": {
		1, "Vandaag meer pijn? Dat kan gebeuren. Het zakt vaak weer. Kies gerust de lichte versie of een rustdag.",
		"More pain today? That can happen, and it often settles. You can choose the lighter version or a rest day.",
		nil, []coping.Action{flare, easier},
	},
	"flare-2": {
		1, "Dank dat u het meldt. Uw therapeut kan uw cijfer zien.",
		"Thanks for telling us. Your therapist can see your score.", nil, []coping.Action{flare},
	},
	"flare-3": {
		1, "Is de pijn nieuw of erg hevig? Of maakt u zich zorgen? Bel uw praktijk. Deze app is niet voor spoed.",
		"Is the pain new, very strong, or are you worried? Call your practice. This app is not for emergencies.",
		nil, nil,
	},
	"back-1": {
		1, "Fijn dat u er weer bent. We beginnen waar u nu bent.", "Good to see you. We start where you are today.",
		nil, []coping.Action{today, easier},
	},
	"ask-1": {
		1, "Wat zou het makkelijker maken? Kies wat het meest past.",
		"What would make it easier? Choose what fits best.", nil, []coping.Action{name},
	},
	"pause-1": {
		1, "Uw programma staat stil tot {until}. Tot dan krijgt u geen herinneringen.",
		"Your program is paused until {until}. No reminders until then.", nil, nil,
	},
	"weeks-1": {
		1, "{met} van de {of} weken gingen volgens plan.", "{met} of {of} weeks went as planned.",
		func(f Facts) bool { return f.Status.Weeks.Met > 0 }, []coping.Action{progress},
	},
}

func (t template) fill(id string, f Facts) Prompt {
	return Prompt{
		ID:      id,
		Version: t.version,
		NL:      f.values(people.Dutch).Replace(t.nl),
		EN:      f.values(people.English).Replace(t.en),
		Actions: t.actions,
	}
}

// values are what placeholders stand for. A template that fits has all of its own.
func (f Facts) values(l people.Language) *strings.Replacer {
	s := f.Status
	known := []string{
		"{minutes}", strconv.Itoa(f.Minutes), "{goal}", strings.TrimRight(f.Goal, ". "), "{days}",
		strconv.Itoa(s.DaysDone), "{met}", strconv.Itoa(s.Weeks.Met), "{of}", strconv.Itoa(s.Weeks.Of),
	}
	if f.Plan != nil {
		known = append(known, "{plan}", f.Plan.Sentence(l))
	}
	if f.Confidence != nil {
		known = append(known, "{confidence}", strconv.Itoa(*f.Confidence), "{higher}", strconv.Itoa(*f.Confidence+1))
	}
	if s.Pause != nil {
		known = append(known, "{until}", l.LongDate(s.Pause.End.AddDays(1)))
	}
	return strings.NewReplacer(known...)
}
