package program

import (
	"time"

	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// What was sent is told from another thing with its id by the hash of these forms. They are for ever: a phone or a page
// may send again what an older version stored. A field that is added is left out while it is empty.

type versionSaid struct {
	ID            id.ProgramVersion `json:"ID"`
	EffectiveFrom localtime.Date    `json:"EffectiveFrom"`
	Items         []itemSaid        `json:"Items"`
}

type itemSaid struct {
	ID       id.ProgramItem `json:"ID"`
	Exercise string         `json:"Exercise"`
	Dose     doseSaid       `json:"Dose"`
	Minimum  *doseSaid      `json:"Minimum"`
	Schedule scheduleSaid   `json:"Schedule"`
}

type doseSaid struct {
	Sets    int `json:"Sets"`
	Reps    int `json:"Reps"`
	HoldS   int `json:"HoldS"`
	Minutes int `json:"Minutes"`
}

type scheduleSaid struct {
	Kind        ScheduleKind   `json:"Kind"`
	Quota       int            `json:"Quota"`
	Days        []time.Weekday `json:"Days"`
	TimesPerDay int            `json:"TimesPerDay"`
}

type adjustmentSaid struct {
	ID            id.ProgramVersion `json:"ID"`
	EffectiveFrom localtime.Date    `json:"EffectiveFrom"`
	Changes       []changeSaid      `json:"Changes"`
	Reason        string            `json:"Reason"`
}

type changeSaid struct {
	Item     id.ProgramItem `json:"Item"`
	Kind     ChangeKind     `json:"Kind"`
	Dose     *doseSaid      `json:"Dose"`
	Schedule *scheduleSaid  `json:"Schedule"`
}

type swapSaid struct {
	ID       id.ProgramVersion `json:"ID"`
	Item     id.ProgramItem    `json:"Item"`
	Exercise string            `json:"Exercise"`
}

type pauseSaid struct {
	ID     id.Pause       `json:"ID"`
	Reason PauseReason    `json:"Reason"`
	Start  localtime.Date `json:"Start"`
	End    localtime.Date `json:"End"`
}

type draftSaid struct {
	EffectiveFrom localtime.Date `json:"EffectiveFrom"`
	Items         []itemSaid     `json:"Items"`
	Template      id.Template    `json:"Template"`
	Reason        string         `json:"Reason"`
	Based         string         `json:"Based"`
}

type templateItemSaid struct {
	itemSaid
	Core bool `json:"Core"`
}

func (n NewVersion) said() versionSaid {
	return versionSaid{ID: n.ID, EffectiveFrom: n.EffectiveFrom, Items: each(n.Items, NewItem.said)}
}

func (n NewItem) said() itemSaid {
	return itemSaid{
		ID: n.ID, Exercise: n.Exercise, Dose: doseSaid(n.Dose), Minimum: (*doseSaid)(n.Minimum),
		Schedule: scheduleSaid(n.Schedule),
	}
}

func (a Adjustment) said() adjustmentSaid {
	return adjustmentSaid{
		ID: a.ID, EffectiveFrom: a.EffectiveFrom, Changes: each(a.Changes, Change.said), Reason: a.Reason,
	}
}

func (c Change) said() changeSaid {
	return changeSaid{
		Item: c.Item, Kind: c.Kind, Dose: (*doseSaid)(c.Dose), Schedule: (*scheduleSaid)(c.Schedule),
	}
}

func (w Swap) said() swapSaid { return swapSaid(w) }

func (n NewPause) said() pauseSaid { return pauseSaid(n) }

func (d Draft) said() draftSaid {
	return draftSaid{
		EffectiveFrom: d.EffectiveFrom, Items: each(d.Items, NewItem.said), Template: d.Template, Reason: d.Reason,
		Based: d.Based,
	}
}

func (t Template) said() []any {
	items := each(t.Items, func(i TemplateItem) templateItemSaid { return templateItemSaid{i.said(), i.Core} })
	return []any{t.ID, t.Name, items, t.Revision}
}

// each says every one; none stays none, as it is written in another way than an empty list.
func each[From, To any](list []From, say func(From) To) []To {
	if list == nil {
		return nil
	}
	all := make([]To, len(list))
	for i, one := range list {
		all[i] = say(one)
	}
	return all
}
