// Package prompt chooses what the app says to a patient when it is opened: one or two sentences, each with things the
// patient can do at once. For a week one of them is that the complaints came to another phase. They are read after
// unlocking the phone, so they may mention the patient's own goal and plan.
// Package reminder decides what a locked phone shows, which reveals nothing.
//
// Every sentence is true of this patient today. None blames, compares or counts what was missed. Nothing is said during
// a safety stop. The same sentence does not appear two days in a row if there is another one, because people stop
// reading messages that never change.
package prompt

import (
	"cadans/internal/record/barrier"
	"cadans/internal/record/intake"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/coping"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

// Facts is the input of a choice.
type Facts struct {
	Date       localtime.Date
	Kind       reminder.Kind   // of the reminder that was opened; empty when the app was opened without one
	Barrier    barrier.Barrier // named last, in the last 14 days; empty without one
	Status     adherence.Status
	Goal       string // what the patient would like to do again; empty before the intake asked
	Plan       *coping.Plan
	Confidence *int // 0 to 10, of the latest session
	Minutes    int  // length of the short version; 0 without a program
	InFlare    bool
	Phase      intake.Phase // to which the complaints came in the last 7 days; empty otherwise
	PainAlert  bool         // an alert about pain is open
	Unanswered int          // sessions of the last 14 days that lack pain before, during or after
	MorePain   bool         // pain rose by at least 2 in a session of today, or one was stopped because of pain
}

// Prompt is one sentence, with its placeholders filled in.
type Prompt struct {
	ID      string
	Version int
	Actions []coping.Action
	in      func(people.Language) string
}

// In returns the sentence in a language.
func (p Prompt) In(l people.Language) string { return p.in(l) }

// maxShown is the maximum number of sentences.
const maxShown = 2

// longAway is the number of days without a session after which a patient is welcomed back.
const longAway = 7

// askPainAt is the number of sessions without an answer about pain from which the patient is asked for it: without the
// answers no dose rises.
const askPainAt = 3

// group holds the sentences for a situation.
type group struct {
	holds func(Facts) bool
	say   func(Facts) []Prompt
}

// groups are in order of precedence; the first that applies and has a sentence is used.
var groups = []group{
	{func(f Facts) bool { return f.Status.Pause != nil }, all("pause-1")},
	{func(f Facts) bool { return f.InFlare }, all("flare-1", "flare-3")},
	{func(f Facts) bool { return f.MorePain }, all("flare-2", "flare-3")},
	{func(f Facts) bool { return f.Kind == reminder.Weekly || f.Kind == reminder.Milestone },
		all("weeks-1", "motivation-3")},
	{Facts.isBack, all("back-1", "ask-1")},
	{func(f Facts) bool { return f.Kind == reminder.Lapse }, all("ask-1")},
	{func(f Facts) bool { return f.Barrier == barrier.Pain }, all("flare-1", "flare-3")},
	{Facts.isAskedPain, all("pain-1")},
	{func(f Facts) bool { return f.Barrier != "" }, aboutBarrier},
	{func(f Facts) bool { return f.Status.Asked }, inTurn("time-3", "motivation-1", "motivation-3", "forgot-1")},
}

// all returns all sentences that fit, up to the maximum.
func all(ids ...string) func(Facts) []Prompt {
	return func(f Facts) []Prompt {
		said := fitting(f, ids)
		return said[:min(len(said), maxShown)]
	}
}

// inTurn returns one of the sentences that fit, a different one each day.
func inTurn(ids ...string) func(Facts) []Prompt {
	return func(f Facts) []Prompt {
		said := fitting(f, ids)
		if len(said) == 0 {
			return nil
		}
		return said[f.Date.DaysSince(localtime.NewDate(2024, 1, 1))%len(said):][:1]
	}
}

// byBarrier holds the sentences about a barrier. For other barriers, the answer given when it was named is repeated.
var byBarrier = map[barrier.Barrier][]string{
	barrier.Time:       {"time-1", "time-2", "time-3"},
	barrier.Motivation: {"motivation-1", "motivation-2", "motivation-3"},
	barrier.Confidence: {"confidence-1", "confidence-2", "confidence-3"},
	barrier.Forgot:     {"forgot-1", "forgot-2", "forgot-3"},
}

// isAskedPain reports whether the patient is asked to fill in pain, every other day: a sentence that never changes is
// not read.
func (f Facts) isAskedPain() bool {
	return f.Status.Asked && f.Unanswered >= askPainAt && f.Date.DaysSince(localtime.NewDate(2024, 1, 1))%2 == 0
}

func (f Facts) isBack() bool {
	last := f.Status.LastDay
	if last.IsZero() {
		last = f.Status.Start
	}
	return f.Status.Asked && f.Date.DaysSince(last) >= longAway
}

// aboutBarrier returns a sentence about the barrier named last, or repeats the answer given when it was named.
func aboutBarrier(f Facts) []Prompt {
	if ids, own := byBarrier[f.Barrier]; own {
		return inTurn(ids...)(f)
	}
	a := coping.AnswerTo(f.Barrier)
	return []Prompt{{
		ID: "answer-" + string(f.Barrier), Version: coping.AnswerVersion, Actions: a.Actions, in: a.In,
	}}
}

// byPhase holds the sentence about each phase to which complaints come.
var byPhase = map[intake.Phase]string{intake.Subacute: "phase-1", intake.Chronic: "phase-2"}

// Choose returns the sentences to show, most important first; none during a safety stop. That the complaints came to
// another phase is said first, beside the last thing there is to say, which in a flare is whom to call. It waits while
// a session of today hurt more.
func Choose(f Facts) []Prompt {
	if !f.Status.Stop.IsZero() {
		return nil
	}
	said := f.fromGroups()
	if id, moved := byPhase[f.Phase]; moved && !f.MorePain {
		said = append(fitting(f, []string{id}), said[max(len(said)-1, 0):]...)
	}
	return said
}

// fromGroups returns the sentences of the first group that has any.
func (f Facts) fromGroups() []Prompt {
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
