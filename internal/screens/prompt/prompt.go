// Package prompt is what the app says to a patient when it is opened: one or two sentences, chosen by what is known,
// each with things that can be done at once. They are read after unlocking, so they may name the patient's own goal and
// plan; what a locked phone shows is in package reminder and says nothing.
//
// It promises that every sentence is true of this patient today, that none blames, compares or counts what was missed,
// that nothing is said while a safety stop holds, and that the same is not said two days running where there is
// something else to say: messages that stay the same stop being read.
package prompt

import (
	"cadans/internal/record/people"
	"cadans/internal/record/session"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

// Facts is what a choice rests on.
type Facts struct {
	Date       localtime.Date
	Kind       reminder.Kind   // of the reminder that was opened; empty when the app was opened without one
	Barrier    session.Barrier // named last, in the last 14 days; empty when none was
	Status     adherence.Status
	Goal       string // what the patient would like to do again; empty before it was asked
	Plan       *coping.Plan
	Confidence *int // 0 to 10, of the latest session
	Minutes    int  // that the short version takes; 0 without a program
	InFlare    bool
	MorePain   bool // pain rose by 2 or more in a session of today, or one was stopped because of pain
}

// Prompt is one sentence, with its placeholders filled.
type Prompt struct {
	ID      string
	Version int
	Actions []coping.Action
	in      func(people.Language) string
}

// In returns the sentence in a language.
func (p Prompt) In(l people.Language) string { return p.in(l) }

// most is how many sentences are shown at once.
const most = 2

// longAway is after how many days without a session somebody is welcomed back.
const longAway = 7

// group is what is said in a situation.
type group struct {
	holds func(Facts) bool
	say   func(Facts) []Prompt
}

// groups are looked at in this order; the first that holds and has something to say speaks.
var groups = []group{
	{func(f Facts) bool { return f.Status.Pause != nil }, all("pause-1")},
	{func(f Facts) bool { return f.InFlare }, all("flare-1", "flare-3")},
	{func(f Facts) bool { return f.MorePain }, all("flare-2", "flare-3")},
	{func(f Facts) bool { return f.Kind == reminder.Weekly || f.Kind == reminder.Milestone },
		all("weeks-1", "motivation-3")},
	{Facts.isBack, all("back-1", "ask-1")},
	{func(f Facts) bool { return f.Kind == reminder.Lapse }, all("ask-1")},
	{func(f Facts) bool { return f.Barrier == "pain" }, all("flare-1", "flare-3")},
	{func(f Facts) bool { return f.Barrier != "" }, aboutBarrier},
	{func(f Facts) bool { return f.Status.Asked }, inTurn("time-3", "motivation-1", "motivation-3", "forgot-1")},
}

// all says what fits, as much as is shown at once.
func all(ids ...string) func(Facts) []Prompt {
	return func(f Facts) []Prompt {
		said := fitting(f, ids)
		return said[:min(len(said), most)]
	}
}

// inTurn says one of what fits, another each day.
func inTurn(ids ...string) func(Facts) []Prompt {
	return func(f Facts) []Prompt {
		said := fitting(f, ids)
		if len(said) == 0 {
			return nil
		}
		return said[f.Date.DaysSince(localtime.NewDate(2024, 1, 1))%len(said):][:1]
	}
}

// byBarrier are the sentences about a barrier; the others are answered as when they were named.
var byBarrier = map[session.Barrier][]string{
	"time":       {"time-1", "time-2", "time-3"},
	"motivation": {"motivation-1", "motivation-2", "motivation-3"},
	"confidence": {"confidence-1", "confidence-2", "confidence-3"},
	"forgot":     {"forgot-1", "forgot-2", "forgot-3"},
}

func (f Facts) isBack() bool {
	last := f.Status.LastDay
	if last.IsZero() {
		last = f.Status.Start
	}
	return f.Status.Asked && f.Date.DaysSince(last) >= longAway
}

// aboutBarrier speaks about the barrier named last, or says again what was said when it was named.
func aboutBarrier(f Facts) []Prompt {
	if ids, own := byBarrier[f.Barrier]; own {
		return inTurn(ids...)(f)
	}
	a := coping.AnswerTo(f.Barrier)
	return []Prompt{{
		ID: "answer-" + string(f.Barrier), Version: coping.AnswerVersion, Actions: a.Actions, in: a.In,
	}}
}

// Choose returns what to say, the most important first; nothing while a safety stop holds.
func Choose(f Facts) []Prompt {
	if !f.Status.Stop.IsZero() {
		return nil
	}
	for _, g := range groups {
		if !g.holds(f) {
			continue
		}
		if said := g.say(f); len(said) > 0 {
			return said
		}
	}
	return nil
}

func fitting(f Facts, ids []string) (said []Prompt) {
	for _, id := range ids {
		if t := templates[id]; t.fits == nil || t.fits(f) {
			said = append(said, t.fill(id, f))
		}
	}
	return said
}
