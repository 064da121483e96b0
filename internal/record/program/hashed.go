package program

import (
	"time"

	"cadans/internal/kernel/id"
	"cadans/pkg/localtime"
)

// Hashes of these forms tell a repeated request from another one with the same id. Never change them: a phone or a page
// may repeat a request that an older release stored. A new field must be omitted when empty.

type versionHashed struct {
	ID            id.ProgramVersion `json:"ID"`
	EffectiveFrom localtime.Date    `json:"EffectiveFrom"`
	Items         []itemHashed      `json:"Items"`
}

type itemHashed struct {
	ID       id.ProgramItem `json:"ID"`
	Exercise string         `json:"Exercise"`
	Dose     doseHashed     `json:"Dose"`
	Minimum  *doseHashed    `json:"Minimum"`
	Schedule scheduleHashed `json:"Schedule"`
}

type doseHashed struct {
	Sets    int `json:"Sets"`
	Reps    int `json:"Reps"`
	HoldS   int `json:"HoldS"`
	Minutes int `json:"Minutes"`
}

type scheduleHashed struct {
	Kind        ScheduleKind   `json:"Kind"`
	Quota       int            `json:"Quota"`
	Days        []time.Weekday `json:"Days"`
	TimesPerDay int            `json:"TimesPerDay"`
}

type adjustmentHashed struct {
	ID            id.ProgramVersion `json:"ID"`
	EffectiveFrom localtime.Date    `json:"EffectiveFrom"`
	Changes       []changeHashed    `json:"Changes"`
	Reason        string            `json:"Reason"`
}

type changeHashed struct {
	Item     id.ProgramItem  `json:"Item"`
	Kind     ChangeKind      `json:"Kind"`
	Dose     *doseHashed     `json:"Dose"`
	Schedule *scheduleHashed `json:"Schedule"`
}

type swapHashed struct {
	ID       id.ProgramVersion `json:"ID"`
	Item     id.ProgramItem    `json:"Item"`
	Exercise string            `json:"Exercise"`
}

type pauseHashed struct {
	ID     id.Pause       `json:"ID"`
	Reason PauseReason    `json:"Reason"`
	Start  localtime.Date `json:"Start"`
	End    localtime.Date `json:"End"`
}

type draftHashed struct {
	EffectiveFrom localtime.Date `json:"EffectiveFrom"`
	Items         []itemHashed   `json:"Items"`
	Template      id.Template    `json:"Template"`
	Reason        string         `json:"Reason"`
	Based         string         `json:"Based"`
}

type templateItemHashed struct {
	itemHashed
	Core bool `json:"Core"`
}

func (n NewVersion) hashed() versionHashed {
	return versionHashed{ID: n.ID, EffectiveFrom: n.EffectiveFrom, Items: mapped(n.Items, NewItem.hashed)}
}

func (n NewItem) hashed() itemHashed {
	return itemHashed{
		ID: n.ID, Exercise: n.Exercise, Dose: doseHashed(n.Dose), Minimum: (*doseHashed)(n.Minimum),
		Schedule: scheduleHashed(n.Schedule),
	}
}

func (a Adjustment) hashed() adjustmentHashed {
	return adjustmentHashed{
		ID: a.ID, EffectiveFrom: a.EffectiveFrom, Changes: mapped(a.Changes, Change.hashed), Reason: a.Reason,
	}
}

func (c Change) hashed() changeHashed {
	return changeHashed{
		Item: c.Item, Kind: c.Kind, Dose: (*doseHashed)(c.Dose), Schedule: (*scheduleHashed)(c.Schedule),
	}
}

func (w Swap) hashed() swapHashed { return swapHashed(w) }

func (n NewPause) hashed() pauseHashed { return pauseHashed(n) }

func (d Draft) hashed() draftHashed {
	return draftHashed{
		EffectiveFrom: d.EffectiveFrom, Items: mapped(d.Items, NewItem.hashed), Template: d.Template, Reason: d.Reason,
		Based: d.Based,
	}
}

func (t Template) hashed() []any {
	items := mapped(t.Items, func(i TemplateItem) templateItemHashed { return templateItemHashed{i.hashed(), i.Core} })
	return []any{t.ID, t.Name, items, t.Revision}
}

// mapped converts every element. It keeps nil, which encodes differently from an empty list.
func mapped[From, To any](list []From, say func(From) To) []To {
	if list == nil {
		return nil
	}
	all := make([]To, len(list))
	for i, one := range list {
		all[i] = say(one)
	}
	return all
}
