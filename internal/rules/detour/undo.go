package detour

import (
	"slices"

	"cadans/internal/kernel/id"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// change is what a version that is gone has made of what is asked meanwhile: how that was, and how it is.
type change struct {
	was, is program.Version
	usual   program.Version // before the day of the change
}

// takenFrom returns a later copy without the change. What has been changed again since stays, and so does what the
// usual program of the copy's day asks otherwise than before: there a later version has the change as well.
func (c change) takenFrom(v program.Version, h program.History) program.Planned {
	planned := anew(v, v.EffectiveFrom, v.Origin)
	planned.Items = nil
	for _, item := range v.Items {
		if item, stays := c.takenFromItem(item, h, v.EffectiveFrom); stays {
			planned.Items = append(planned.Items, item)
		}
	}
	for i, item := range c.was.Items {
		_, kept := c.is.Item(item.ID)
		_, back := v.Item(item.ID)
		if !kept && !back && c.isGone(item.ID, h, v.EffectiveFrom) {
			planned.Items = slices.Insert(planned.Items, min(i, len(planned.Items)), item)
		}
	}
	return planned
}

// takenFromItem returns an item without the change, or false if it was not there before.
func (c change) takenFromItem(item program.Item, h program.History, day localtime.Date) (program.Item, bool) {
	is, changed := c.is.Item(item.ID)
	if !changed || !c.isGone(item.ID, h, day) {
		return item, true
	}
	was, had := c.was.Item(item.ID)
	switch {
	case same(item, is):
		return was, had
	case !had || item.Exercise != is.Exercise || is.Exercise != was.Exercise:
		return item, true
	case item.Dose == is.Dose:
		return item.WithDose(was.Dose), true
	case same(item, is.WithDose(item.Dose)): // only the dose has been changed since
		item.Schedule = was.Schedule
	}
	return item, true
}

// isGone reports whether the usual program of a day asks the same of an item as before the change.
func (c change) isGone(item id.ProgramItem, h program.History, day localtime.Date) bool {
	now, err := h.Base(day)
	before, had := c.usual.Item(item)
	after, has := now.Item(item)
	return err == nil && had == has && same(before, after)
}

func same(a, b program.Item) bool { return program.SameItems([]program.Item{a}, []program.Item{b}) }
