package program

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
	"cadans/pkg/localtime"
)

// ErrNothingChanged means that an adjustment asks for what is already asked.
var ErrNothingChanged = fault.New(fault.Conflict, "nothing-changed", "the adjustment changes nothing")

// ChangeKind is a way to adjust an item.
type ChangeKind string

// The ways to adjust an item.
const (
	Progress ChangeKind = "progress" // one step up; see Harder
	Regress  ChangeKind = "regress"  // 30 % less; see Lighter
	Simplify ChangeKind = "easier"   // the easier variant
	SetTo    ChangeKind = "set"      // another dose, schedule or both
	Remove   ChangeKind = "remove"
)

// Change adjusts one item. Dose and Schedule apply to SetTo only.
type Change struct {
	Item     id.ProgramItem
	Kind     ChangeKind
	Dose     *exercise.Dose
	Schedule *Schedule
}

// Adjustment describes a version by its changes. A zero EffectiveFrom means the patient's today.
type Adjustment struct {
	ID            id.ProgramVersion
	EffectiveFrom localtime.Date
	Changes       []Change
	Reason        string
}

// Adjusted is a history after an adjustment, with what its therapist has to know.
type Adjusted struct {
	History
	Warnings []words.Pair // the cautions against what was chosen by hand
}

// Adjust publishes today's version with some items changed. Based is the last-read Etag. Repeating the adjustment
// returns what is stored. An exercise that a caution keeps from the patient is not refused: a therapist may decide so.
func (s *Service) Adjust(
	ctx context.Context, v access.Viewer, patient id.Patient, a Adjustment, based string,
) (Adjusted, bool, error) {
	o, created, err := s.derive(ctx, v.Asks(access.AdjustProgram, patient), patient, derived{
		id:          a.ID,
		by:          v.Member,
		from:        a.EffectiveFrom,
		origin:      ByAdjustment,
		reason:      words.Pair{NL: a.Reason, EN: a.Reason},
		hash:        database.BodyHash(a.hashed()),
		based:       based,
		items:       func(before Version, b beside) ([]Item, error) { return a.apply(s.library, before, b) },
		withPlanned: true,
	})
	version, _ := o.history.Version(a.ID)
	return Adjusted{o.history, a.warnings(s.library, version, o.cautious)}, created, err
}

// warnings name the cautions against the exercises of a version that were chosen by hand; less of one needs none.
func (a Adjustment) warnings(library *exercise.Library, v Version, cautious intake.Cautious) (all []words.Pair) {
	for _, change := range a.Changes {
		item, there := v.Item(change.Item)
		if there && change.Kind != Regress {
			all = append(all, CautionAgainst(library, cautious, item)...)
		}
	}
	return all
}

// CautionAgainst names the caution that keeps an item's exercise from somebody, if there is one.
func CautionAgainst(library *exercise.Library, cautious intake.Cautious, item Item) []words.Pair {
	caution, is := cautious.Against(library, item.Exercise)
	if !is {
		return nil
	}
	return []words.Pair{words.KeepAs(func(l words.Language) string {
		return l.Say("program.cautioned", "exercise", differ{library: library, l: l}.name(item), "because",
			caution.Text.Pair().In(l))
	})}
}

// Complete ends a program: from a day on nothing is asked. Everything logged stays.
func (s *Service) Complete(
	ctx context.Context, v access.Viewer, patient id.Patient, a Adjustment, based string,
) (History, bool, error) {
	o, created, err := s.derive(ctx, v.Asks(access.CompleteProgram, patient), patient, derived{
		id: a.ID, by: v.Member, from: a.EffectiveFrom, origin: ByCompletion, based: based,
		reason: words.Pair{NL: a.Reason, EN: a.Reason},
		hash:   database.BodyHash([]string{"complete", string(a.ID), a.EffectiveFrom.String(), a.Reason}),
		items: func(before Version, _ beside) ([]Item, error) {
			if len(before.Items) == 0 {
				return nil, ErrNothingChanged
			}
			return nil, nil
		},
	})
	return o.history, created, err
}

// apply returns the items of a version with the changes applied.
func (a Adjustment) apply(library *exercise.Library, v Version, b beside) ([]Item, error) {
	items := slices.Clone(v.Items)
	var wrong []fault.Violation
	seen := map[id.ProgramItem]bool{}
	for n, change := range a.Changes {
		at := "/changes/" + strconv.Itoa(n)
		i := slices.IndexFunc(items, func(it Item) bool { return it.ID == change.Item })
		switch {
		case seen[change.Item]:
			wrong = append(wrong, fault.Violation{Pointer: at + "/item_id", Code: "duplicate"})
			continue
		case i < 0 && b.partly:
			continue
		case i < 0:
			wrong = append(wrong, fault.Violation{Pointer: at + "/item_id", Code: "unknown-item"})
			continue
		}
		seen[change.Item] = true
		if change.Kind == Remove {
			items = slices.Delete(items, i, i+1)
			continue
		}
		changed, violations := change.apply(library, items[i])
		for _, violation := range violations {
			wrong = append(wrong, fault.Violation{Pointer: at + violation.Pointer, Code: violation.Code})
		}
		items[i] = changed
	}
	if len(wrong) == 0 {
		wrong = a.tooMuchAtOnce(library, v.Items, items, b.rises)
	}
	if err := fault.Input(wrong...); err != nil {
		return nil, err
	}
	if SameItems(items, v.Items) {
		return nil, ErrNothingChanged
	}
	return items, nil
}

// tooMuchAtOnce names the steps up that are too much for one week together, with what has risen in the last 7 days; see
// package dose. An exercise that has risen itself waits. What a therapist sets is the therapist's.
func (a Adjustment) tooMuchAtOnce(
	library *exercise.Library, before, after []Item, risen rises,
) (wrong []fault.Violation) {
	weeks, roseBefore := maps.Clone(risen), false
	for n, change := range a.Changes {
		was, found := Version{Items: before}.Item(change.Item)
		is, stays := Version{Items: after}.Item(change.Item)
		if change.Kind == Progress && found && stays {
			_, rose := risen[change.Item]
			weeks[change.Item], roseBefore = was.Week(library, is), roseBefore || rose
			at := "/changes/" + strconv.Itoa(n) + "/kind"
			wrong = append(wrong, fault.Violation{Pointer: at, Code: "too-much-at-once"})
		}
	}
	if !roseBefore && dose.MayRiseTogether(slices.Collect(maps.Values(weeks))...) {
		return nil
	}
	return wrong
}

func (c Change) apply(library *exercise.Library, item Item) (Item, []fault.Violation) {
	if c.Kind != SetTo && (c.Dose != nil || c.Schedule != nil) {
		return item, []fault.Violation{{Pointer: "/kind", Code: "only-with-set"}}
	}
	switch c.Kind {
	case Progress:
		up, ok := item.Harder(library)
		return up, unless(ok, "at-the-top")
	case Regress:
		down, ok := item.Down(library)
		return down, unless(ok, "at-the-bottom")
	case Simplify:
		down, ok := item.Easier(library)
		return down, unless(ok, "at-the-bottom")
	}
	if c.Dose == nil && c.Schedule == nil {
		return item, []fault.Violation{{Pointer: "/dose", Code: "required"}}
	}
	if c.Dose != nil {
		item.Dose = *c.Dose
	}
	if c.Schedule != nil {
		item.Schedule = *c.Schedule
	}
	item.keepMinimum()
	e, err := library.Find(item.Exercise)
	if err != nil {
		return item, []fault.Violation{{Pointer: "/item_id", Code: "unknown-exercise"}}
	}
	return item.timedOnce(), NewItem{Dose: item.Dose, Schedule: item.Schedule}.check("", e)
}

// timedOnce reads "10 minutes" as one set of 10 minutes.
func (i Item) timedOnce() Item {
	if i.Dose.IsTimed() && i.Dose.Sets == 0 {
		i.Dose.Sets = 1
	}
	return i
}

func unless(ok bool, code string) []fault.Violation {
	if ok {
		return nil
	}
	return []fault.Violation{{Pointer: "/kind", Code: code}}
}
