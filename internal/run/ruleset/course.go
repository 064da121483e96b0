package ruleset

import (
	"encoding/json"
	"fmt"
	"slices"

	"cadans/internal/kernel/fault"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/internal/record/program"
	"cadans/internal/record/rulebook"
	"cadans/internal/record/safety"
	"cadans/internal/record/settings"
	"cadans/internal/rules/progression"
	"cadans/pkg/localtime"
)

// courseCase is one exercise of somebody, with how it went each time. Weeks and Recovered are those of the day on which
// it started. Where Accepts is false, no step is taken: each session is judged at the same dose.
type courseCase struct {
	Exercise  string    `json:"exercise"`
	Dose      amount    `json:"dose"`
	PerWeek   int       `json:"sessions_per_week"`
	StartedOn string    `json:"started_on"`
	Weeks     int       `json:"weeks"`
	Recovered bool      `json:"recovered"`
	Fear      int       `json:"fear"`
	Radicular bool      `json:"radicular"`
	Unsteady  bool      `json:"unsteady"` // these three are what cautions ask about
	LowerLimb bool      `json:"lower_limb"`
	Signs     []string  `json:"signs"`
	Accepts   *bool     `json:"accepts"` // true unless said
	Sessions  []sitting `json:"sessions"`
	started   localtime.Date
}

// sitting is one session, in the order of the days. An answer that is absent was not given. Settled is what was said
// the next morning.
type sitting struct {
	Day         string `json:"local_date"`
	PainBefore  *int   `json:"pain_before"`
	Pain        *int   `json:"pain"`
	PainAfter   *int   `json:"pain_after"`
	Difficulty  *int   `json:"difficulty"`
	CouldDoMore *bool  `json:"could_do_more"`
	DangerAfter *int   `json:"danger_after"`
	Settled     *bool  `json:"settled"`
}

type courseAnswer struct {
	Versions Versions  `json:"rule_versions"`
	Verdicts []verdict `json:"verdicts"`
}

// verdict is what the rules say the morning after a session. Refused is the step that is not taken in a course that
// accepts none.
type verdict struct {
	Day     string           `json:"local_date"`
	Phase   intake.Phase     `json:"phase"`
	Rule    progression.Rule `json:"rule"`
	Because []text           `json:"because"`
	Asked   rung             `json:"asked"`
	Then    rung             `json:"then"` // the same where nothing changes
	Refused *rung            `json:"refused,omitempty"`
}

type rung struct {
	Exercise string `json:"exercise"`
	Dose     amount `json:"dose"`
}

// course is a course under way.
type course struct {
	courseCase
	library *exercise.Library
	item    program.Item
	facts   progression.Facts
	downs   []localtime.Date // steps down
}

func (r *Rules) course(given json.RawMessage) (any, error) {
	var c courseCase
	if err := read(given, &c); err != nil {
		return nil, err
	}
	under := course{courseCase: c, library: r.library}
	if err := under.begin(); err != nil {
		return nil, err
	}
	said := courseAnswer{Versions: versions(), Verdicts: []verdict{}}
	for i, s := range c.Sessions {
		entry, err := s.entry(under.facts.Today)
		if err != nil {
			return nil, fault.Within(fmt.Sprintf("/sessions/%d", i), err)
		}
		said.Verdicts = append(said.Verdicts, under.judge(entry))
	}
	return said, nil
}

// begin checks what the course starts with.
func (c *course) begin() error {
	var wrong []fault.Violation
	refuse := func(is bool, pointer, code string) {
		if is {
			wrong = append(wrong, fault.Violation{Pointer: pointer, Code: code})
		}
	}
	found, err := c.library.Find(c.Exercise)
	refuse(err != nil, "/exercise", "unknown-exercise")
	dose := exercise.Dose(c.Dose)
	isWrong := dose.Sets < 1 || dose.IsTimed() != found.Default.IsTimed() || dose.Reps < 0
	refuse(err == nil && isWrong, "/dose", "wrong-dose")
	refuse(c.PerWeek < 1 || c.PerWeek > 7, "/sessions_per_week", "out-of-range")
	refuse(c.Weeks < 0, "/weeks", "out-of-range")
	cautious := c.cautious()
	refuse(len(cautious.Signs) < len(c.Signs), "/signs", "unknown-value")
	refuse(c.Fear < 0 || c.Fear > 10, "/fear", "out-of-range")
	c.started, err = localtime.ParseDate(c.StartedOn)
	refuse(err != nil, "/started_on", "unknown-value")
	c.item = program.NewItem{
		ID: "item", Exercise: c.Exercise, Dose: dose,
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: c.PerWeek, TimesPerDay: 1},
	}.In(c.library)
	c.facts = progression.Facts{
		Module: c.item.Module, Today: c.started, StepSince: c.started, Fear: c.Fear, Radicular: c.Radicular,
		Settings: settings.Defaults(), Cautious: cautious,
	}
	return fault.Input(wrong...)
}

// cautious is what the course says about cautions, without signs that nobody asks about.
func (c *course) cautious() intake.Cautious {
	cautious := intake.Cautious{Unsteady: c.Unsteady, LowerLimb: c.LowerLimb}
	for _, q := range safety.IntakeQuestions {
		if slices.Contains(c.Signs, string(q.Sign)) {
			cautious.Signs = append(cautious.Signs, q.Sign)
		}
	}
	return cautious
}

// entry reads a session, which is on the last day or after it.
func (s sitting) entry(last localtime.Date) (progression.Entry, error) {
	var wrong []fault.Violation
	day, err := localtime.ParseDate(s.Day)
	if err != nil || day.AddDays(1).Before(last) {
		wrong = append(wrong, fault.Violation{Pointer: "/local_date", Code: "unknown-value"})
	}
	for name, score := range map[string]*int{
		"/pain_before": s.PainBefore, "/pain": s.Pain, "/pain_after": s.PainAfter, "/difficulty": s.Difficulty,
		"/danger_after": s.DangerAfter,
	} {
		if score != nil && (*score < 0 || *score > 10) {
			wrong = append(wrong, fault.Violation{Pointer: name, Code: "out-of-range"})
		}
	}
	return progression.Entry{
		Date: day, Before: s.PainBefore, Pain: s.Pain, After: s.PainAfter, Effort: s.Difficulty,
		CouldDoMore: s.CouldDoMore, Danger: s.DangerAfter, Settled: s.Settled,
	}, fault.Input(wrong...)
}

// judge decides the morning after a session, when the patient may have said whether pain settled.
func (c *course) judge(e progression.Entry) verdict {
	c.facts.Entries = append(c.facts.Entries, e)
	c.facts.Today = e.Date.AddDays(1)
	c.facts.Phase = intake.PhaseOf(c.Weeks+max(c.facts.Today.DaysSince(c.started), 0)/7, c.Recovered)
	c.facts.Expected7 = progression.Asked7(
		c.item, c.facts.StepSince, c.facts.Today, func(localtime.Date) bool { return false },
	)
	c.facts.Regressed = c.recentDowns()
	facts := c.facts
	facts.Entries = progression.Lately(c.facts.Entries, c.facts.Today)
	v, after, isStep := progression.Judge(c.library, facts, c.item)
	said := verdict{
		Day: c.facts.Today.String(), Phase: c.facts.Phase, Rule: v.Rule, Because: each(v.Because, textOf),
		Asked: rungOf(c.item),
	}
	switch accepts := c.Accepts == nil || *c.Accepts; {
	case isStep && accepts:
		c.take(v, after)
	case isStep:
		refused := rungOf(after)
		said.Refused = &refused
	}
	said.Then = rungOf(c.item)
	return said
}

// recentDowns counts the steps down that make the next one graver.
func (c *course) recentDowns() (n int) {
	for _, day := range c.downs {
		if c.facts.Today.DaysSince(day) < rulebook.Current().Progression.Limits.RegressWindow.Value {
			n++
		}
	}
	return n
}

// take takes a step. What was done until now was at another dose.
func (c *course) take(v progression.Verdict, after program.Item) {
	if v.Rule == progression.Regress {
		c.downs = append(c.downs, c.facts.Today)
	}
	c.item, c.facts.StepSince, c.facts.Entries = after, c.facts.Today, nil
}

func rungOf(i program.Item) rung { return rung{Exercise: i.Exercise, Dose: amount(i.Dose)} }
