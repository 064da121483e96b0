package program

import (
	"cmp"
	"slices"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/people"
	"cadans/pkg/localtime"
)

// Planned is a version made by a rule, possibly for a later day.
type Planned struct {
	From   localtime.Date
	Items  []Item
	Origin Origin
	Reason words.Pair
	// Regardless plans it even if a member has published a version for a later day; the planner has taken that into
	// account.
	Regardless bool
}

// Plan adds versions in the caller's transaction. By is the member who asked for it, or empty when a rule did so, based
// on what a member published.
func (s *Service) Plan(tx *database.Tx, patient id.Patient, by id.Member, planned ...Planned) error {
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	for _, plan := range planned {
		h, err := HistoryOf(tx, patient)
		if err != nil {
			return err
		}
		before, err := h.Current(plan.From)
		if err != nil && by == "" { // a rule needs a published version to change; a member may start without one
			return err
		}
		if err := h.accepts(plan.From, h.Etag()); err != nil && !plan.Regardless {
			return err
		}
		version := id.ProgramVersion(id.New())
		if err := s.add(tx, h, Version{
			ID: version, Patient: patient, EffectiveFrom: plan.From, Items: plan.Items, Origin: plan.Origin,
			PublishedBy: cmp.Or(by, before.PublishedBy), Reason: plan.Reason,
		}, database.BodyHash(version), p.Today(tx.Now())); err != nil {
			return err
		}
	}
	return nil
}

// With returns the items of a version with one of them replaced.
func (v Version) With(item Item) []Item {
	items := slices.Clone(v.Items)
	for i := range items {
		if items[i].ID == item.ID {
			items[i] = item
		}
	}
	return items
}

// Base returns the version of a day that a member published or a person chose, ignoring what rules planned on top of
// it.
func (h History) Base(day localtime.Date) (Version, error) {
	for _, v := range slices.Backward(h.Versions) {
		if !v.Origin.IsPlanned() && !day.Before(v.EffectiveFrom) {
			return v, nil
		}
	}
	return Version{}, ErrNoProgram
}

// Later returns what members have published for later days, to be planned again on top of something else.
func (h History) Later(day localtime.Date) (planned []Planned) {
	for _, v := range h.Versions {
		if !v.Origin.IsPlanned() && v.EffectiveFrom.After(day) {
			planned = append(planned, Planned{
				From:       v.EffectiveFrom,
				Items:      v.Items,
				Origin:     ByRebuild,
				Reason:     v.Reason,
				Regardless: true,
			})
		}
	}
	return planned
}

// Ahead returns what will become usual on later days: the versions that members have published for them.
func (h History) Ahead(day localtime.Date) (ahead []Version) {
	for _, v := range h.Versions {
		if usual, err := h.Base(v.EffectiveFrom); err == nil && v.EffectiveFrom.After(day) && usual.ID == v.ID {
			ahead = append(ahead, v)
		}
	}
	return ahead
}

// HasPlanned reports whether a version that a rule has planned for a detour governs from a day on, or from a later one;
// what has begun by today does not count.
func (h History) HasPlanned(from, today localtime.Date) bool {
	return slices.ContainsFunc(h.plannedAfter(today), func(v Version) bool { return !v.EffectiveFrom.Before(from) })
}

// IsLightened reports whether less than usual is asked on a day: in a flare, on the way back from one, or because the
// patient chose so. Rules do not change doses then.
func (h History) IsLightened(day localtime.Date) bool {
	version, _ := h.On(day)
	if version.Origin == ByFlare || version.Origin == ByLighter {
		return true
	}
	usual, err := h.Base(day)
	return err == nil && !SameItems(version.Items, usual.Items)
}

// StepSince returns the first day on which an item asked the same as in the version of a day.
func (h History) StepSince(item Item, day localtime.Date) localtime.Date {
	since := day
	for _, v := range slices.Backward(h.Versions) {
		if day.Before(v.EffectiveFrom) {
			continue
		}
		was, _ := v.Item(item.ID) // a missing item has no exercise
		if was.Exercise != item.Exercise || was.Dose != item.Dose {
			break
		}
		since = v.EffectiveFrom
	}
	return since
}

// Encode writes an item as it is stored in a version; DecodeItem reads it.
func (i Item) Encode() (string, error) { return encodeItems([]Item{i}) }

// DecodeItem reads the output of Encode.
func DecodeItem(stored []byte) (Item, error) {
	items, err := decodeItems(stored)
	if err != nil {
		return Item{}, err
	}
	return items[0], nil
}
