package web

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"cadans/internal/kernel/access"
	"cadans/internal/record/barrier"
	"cadans/internal/rules/reminder"
	"cadans/internal/screens/overview"
	"cadans/pkg/localtime"
)

// practiceTabs are the pages about the practice.
func (r *request) practiceTabs(open string) tabs {
	w := r.words()
	list := tabs{w.Say("practice.tabs"), []tab{
		{w.Say("practice.tab.numbers"), "/practice", open == ""},
		{w.Say("members.title"), "/practice/members", open == "members"},
		{w.Say("settings.tab"), "/practice/settings", open == "settings"},
	}}
	if access.Enter(r.viewer, access.ListAuditEvents) == nil {
		list.List = append(list.List, tab{w.Say("access.tab"), "/practice/audit", open == "audit"})
	}
	return list
}

// practiceView shows the practice's numbers. Each is about at least ten patients, and none is about a single therapist.
type practiceView struct {
	Words
	overview.Overview
	Tabs    tabs
	Periods tabs
	Effects []reminder.Estimated
}

// periods are the lengths of the period in weeks; the first is the default.
var periods = []int{12, 4, 26, 52}

func (s *site) practice(r *request) error {
	v := practiceView{Words: r.words(), Tabs: r.practiceTabs("")}
	var err error
	weeks := periods[0]
	v.Periods.Name = v.Say("practice.period")
	for _, n := range periods {
		if r.Query("weeks") == strconv.Itoa(n) {
			weeks = n
		}
	}
	for _, n := range slices.Sorted(slices.Values(periods)) {
		v.Periods.List = append(
			v.Periods.List,
			tab{v.Say("unit.weeks", "n", n), "/practice?weeks=" + strconv.Itoa(n), n == weeks},
		)
	}
	since := localtime.DateOf(s.parts.Clock.Now()).AddDays(1 - 7*weeks)
	if v.Overview, err = s.parts.Overview.Of(r.ctx, r.viewer, since, localtime.Date{}); err != nil {
		return err
	}
	effects, err := s.parts.Reminders.Effects(r.ctx, r.viewer, since, localtime.Date{})
	if err != nil {
		return err
	}
	v.Effects = effects.Practice
	return r.show("practice", v.Say("menu.practice"), v)
}

// bar is a number of patients as a bar and a figure; Hidden if it is about too few patients.
type bar struct {
	Name   string
	Value  int
	Most   int
	Hidden bool
}

func (v practiceView) bars(cells []overview.Cell, name func(string) string) []bar {
	most := 1
	for _, c := range cells {
		if c.Patients != nil {
			most = max(most, *c.Patients)
		}
	}
	bars := make([]bar, len(cells))
	for i, c := range cells {
		bars[i] = bar{Name: name(c.Name), Most: most, Hidden: c.Patients == nil}
		if c.Patients != nil {
			bars[i].Value = *c.Patients
		}
	}
	return bars
}

// AdherenceBars is the distribution of adherence.
func (v practiceView) AdherenceBars() []bar {
	return v.bars(v.Adherence, func(name string) string {
		if name == "unknown" {
			return v.Say("practice.adherence.unknown")
		}
		return v.Say("practice.adherence.band", "band", strings.Replace(name, "-", "–", 1))
	})
}

// BarrierBars is the frequency of barriers.
func (v practiceView) BarrierBars() []bar {
	return v.bars(v.Barriers, func(name string) string { return barrier.Barrier(name).In(v.Language) })
}

// TileValue formats a number in the unit that its key implies.
func (v practiceView) TileValue(t overview.Tile) string {
	switch {
	case t.Value == nil:
		return "–"
	case strings.HasSuffix(t.Key, "_permille"):
		return v.Percent(*t.Value)
	case strings.HasSuffix(t.Key, "_tenths"):
		return v.Signed(*t.Value)
	default:
		return strconv.Itoa(*t.Value)
	}
}

// Dimension names a part of RE-AIM.
func (v practiceView) Dimension(t overview.Tile) string {
	return v.Say("practice.dimension." + t.Dimension)
}

// EffectSays formats an effect with its interval, in percentage points.
func (v practiceView) EffectSays(e reminder.Estimated) string {
	if math.IsNaN(e.Effect.Effect) {
		return v.Say("effects.too_little")
	}
	point := func(x float64) string { return v.Signed(int(math.Round(x * 1000))) }
	return v.Say("effects.interval", "effect", point(e.Effect.Effect), "low", point(e.Low), "high", point(e.High))
}

// EffectOf names a kind of reminder and its phrasing.
func (v practiceView) EffectOf(e reminder.Estimated) string {
	name := string(e.Kind)
	if key := "effects.reminder." + name; v.Has(key) {
		name = v.Say(key)
	}
	if e.Arm == "" {
		return name
	}
	if key := "effects.arm." + string(e.Arm); v.Has(key) {
		return name + " – " + v.Say(key)
	}
	return name + " – " + v.Say("effects.arm.other")
}
