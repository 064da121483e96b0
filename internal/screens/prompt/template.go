package prompt

import (
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/record/people"
	"cadans/internal/record/wish"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/detour"
)

// template is a sentence. Increase its version when its text changes, so that what was shown remains known.
type template struct {
	version int
	key     string
	fits    func(Facts) bool // nil means always
	actions []coping.Action
}

var (
	choose   = coping.Action{Do: coping.PickTime, Operation: access.PutPreferences}
	plan     = coping.Action{Do: coping.PlanMoment, Operation: access.SaveActionPlan}
	today    = coping.Action{Do: coping.ShortSession, Operation: access.GetToday}
	smaller  = coping.Action{Do: coping.ShortProgram, Operation: access.ChooseLighterProgram, Kind: detour.Short}
	easier   = coping.Action{Do: coping.EasierDays, Operation: access.ChooseLighterProgram, Kind: detour.Half}
	goal     = coping.Action{Do: coping.ShowGoal, Operation: access.ListMyActivities}
	watch    = coping.Action{Do: coping.WatchExercise, Operation: "getExercise"}
	ask      = coping.Action{Do: coping.AskTechnique, Operation: access.RequestChange, Reason: wish.Technique}
	flare    = coping.Action{Do: coping.FlarePlan, Operation: access.DeclareFlare}
	logPast  = coping.Action{Do: coping.LogPast, Operation: access.LogSession}
	name     = coping.Action{Do: coping.NameBarrier, Operation: access.ReportBarrier}
	progress = coping.Action{Do: coping.ShowProgress, Operation: access.GetProgress}
)

var templates = map[string]template{
	"time-1": {2, "prompt.time.1", func(f Facts) bool { return f.Minutes > 0 }, []coping.Action{smaller}},
	"time-2": {2, "prompt.time.2", nil, []coping.Action{choose, plan}},
	"time-3": {2, "prompt.time.3", func(f Facts) bool { return f.Plan != nil }, []coping.Action{plan, today}},
	"motivation-1": {
		1, "prompt.motivation.1", func(f Facts) bool { return f.Goal != "" }, []coping.Action{goal, today},
	},
	"motivation-2": {2, "prompt.motivation.2", nil, []coping.Action{today}},
	"motivation-3": {
		1, "prompt.motivation.3", func(f Facts) bool { return f.Status.DaysDone > 1 }, []coping.Action{progress},
	},
	"confidence-1": {2, "prompt.confidence.1", nil, []coping.Action{watch, ask}},
	"confidence-2": {1, "prompt.confidence.2", nil, []coping.Action{easier}},
	"confidence-3": {
		1, "prompt.confidence.3", func(f Facts) bool { return f.Confidence != nil && *f.Confidence < 10 },
		[]coping.Action{ask},
	},
	"forgot-1": {1, "prompt.forgot.1", func(f Facts) bool { return f.Plan == nil }, []coping.Action{plan}},
	"forgot-2": {1, "prompt.forgot.2", nil, []coping.Action{logPast}},
	"forgot-3": {1, "prompt.forgot.3", nil, []coping.Action{choose}},
	"flare-1":  {1, "prompt.flare.1", nil, []coping.Action{flare, easier}},
	"flare-2":  {1, "prompt.flare.2", nil, []coping.Action{flare}},
	"flare-3":  {1, "prompt.flare.3", nil, nil},
	"back-1":   {2, "prompt.back.1", nil, []coping.Action{today, easier}},
	"ask-1":    {1, "prompt.ask.1", nil, []coping.Action{name}},
	"phase-1":  {1, "prompt.phase.subacute", nil, nil},
	"phase-2":  {1, "prompt.phase.chronic", nil, nil},
	"pause-1":  {1, "prompt.pause.1", nil, nil},
	"pain-1":   {1, "prompt.pain.1", nil, nil},
	"weeks-1": {
		2, "prompt.weeks.1", func(f Facts) bool { return f.Status.Weeks.Met > 0 && !f.PainAlert },
		[]coping.Action{progress},
	},
}

func (t template) fill(id string, f Facts) Prompt {
	return Prompt{
		ID:      id,
		Version: t.version,
		Actions: t.actions,
		in:      func(l people.Language) string { return l.Say(t.key, append(f.values(l), "n", t.counts(f))...) },
	}
}

// counts is the number that decides the plural form.
func (t template) counts(f Facts) int {
	if t.key == "prompt.weeks.1" {
		return f.Status.Weeks.Of
	}
	return f.Minutes
}

// values are the values of the placeholders. A template that fits has all the values it needs.
func (f Facts) values(l people.Language) []any {
	s := f.Status
	known := []any{
		"goal", strings.TrimRight(f.Goal, ". "), "days", s.DaysDone, "met", s.Weeks.Met,
	}
	if f.Plan != nil {
		known = append(known, "plan", f.Plan.Sentence(l))
	}
	if f.Confidence != nil {
		known = append(known, "confidence", *f.Confidence, "higher", *f.Confidence+1)
	}
	if s.Pause != nil {
		known = append(known, "until", l.LongDate(s.Pause.End.AddDays(1)))
	}
	return known
}
