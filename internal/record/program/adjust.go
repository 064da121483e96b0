package program

import (
	"cmp"
	"context"
	"errors"
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
	"cadans/internal/record/people"
	"cadans/internal/record/safety"
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

// derived is a version made by changing the previous one.
type derived struct {
	id     id.ProgramVersion
	by     id.Member      // empty: whoever published the previous version
	from   localtime.Date // zero for the patient's today
	origin Origin
	reason words.Pair
	hash   string
	based  string // the last-read Etag
	// items are those of a version with the change.
	items func(before Version, b beside) ([]Item, error)
	// onLatest lets patients publish without naming the previous version.
	onLatest bool
	// withPlanned also changes the versions that rules have planned for later days, and the usual program they lead
	// back to.
	withPlanned bool
}

// beside is what a change is judged by beside the version that it changes.
type beside struct {
	rises    rises           // what has risen lately
	cautious intake.Cautious // of the patient
	// partly leaves out what the version has not got: another one has it.
	partly bool
}

// Adjust publishes today's version with some items changed. Based is the last-read Etag. Repeating the adjustment
// returns what is stored.
func (s *Service) Adjust(
	ctx context.Context, v access.Viewer, patient id.Patient, a Adjustment, based string,
) (History, bool, error) {
	return s.derive(ctx, v.Asks(access.AdjustProgram, patient), patient, derived{
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
}

// Complete ends a program: from a day on nothing is asked. Everything logged stays.
func (s *Service) Complete(
	ctx context.Context, v access.Viewer, patient id.Patient, a Adjustment, based string,
) (History, bool, error) {
	return s.derive(ctx, v.Asks(access.CompleteProgram, patient), patient, derived{
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
}

// derive publishes a version based on the one in force on its first day.
func (s *Service) derive(
	ctx context.Context, ask access.Request, patient id.Patient, d derived,
) (History, bool, error) {
	return access.Create(ctx, s.guard, ask.Alone(), func(tx *database.Tx) (History, bool, error) {
		h, err := HistoryOf(tx, patient)
		if err != nil {
			return History{}, false, err
		}
		if repeated, err := newStore(tx).isRepeatedVersion(patient, d.id, d.hash); repeated || err != nil {
			return h, false, err
		}
		if d.onLatest {
			d.based = h.Etag()
		}
		if err := s.addDerived(tx, h, patient, d); err != nil {
			return History{}, false, err
		}
		h, err = HistoryOf(tx, patient)
		return h, true, err
	})
}

func (s *Service) addDerived(tx *database.Tx, h History, patient id.Patient, d derived) error {
	if _, blocked, err := safety.BlockOf(tx, patient); blocked || err != nil {
		return cmp.Or[error](err, safety.ErrStopped)
	}
	p, err := people.ByID(tx, patient)
	if err != nil {
		return err
	}
	today := p.Today(tx.Now())
	if d.from.IsZero() {
		d.from = today
	}
	if err := checkStart(d.from, today); err != nil {
		return err
	}
	if err := h.accepts(d.from, d.based); err != nil {
		return err
	}
	before, err := h.Current(d.from)
	if err != nil {
		return err
	}
	if d.withPlanned && before.Origin.IsPlanned() {
		return s.addWithPlanned(tx, h, before, d, today)
	}
	return s.addOn(tx, h, before, d, today)
}

// addOn adds the changed form of a version.
func (s *Service) addOn(tx *database.Tx, h History, before Version, d derived, today localtime.Date) error {
	b, err := s.besideOf(tx, h, before.Patient, d.from)
	if err != nil {
		return err
	}
	items, err := d.items(before, b)
	if err != nil {
		return err
	}
	return s.add(tx, h, Version{
		ID:            d.id,
		Patient:       before.Patient,
		EffectiveFrom: d.from,
		Items:         items,
		PublishedBy:   cmp.Or(d.by, before.PublishedBy),
		Origin:        d.origin,
		Reason:        d.reason,
	}, d.hash, today)
}

func (s *Service) besideOf(tx *database.Tx, h History, patient id.Patient, from localtime.Date) (beside, error) {
	cautious, err := intake.CautiousOf(tx, patient)
	return beside{rises: h.Rises(s.library, from), cautious: cautious}, err
}

// addWithPlanned changes a program that rules have temporarily made lighter.
func (s *Service) addWithPlanned(tx *database.Tx, h History, before Version, d derived, today localtime.Date) error {
	b, err := s.besideOf(tx, h, before.Patient, d.from)
	if err != nil {
		return err
	}
	changed, err := d.items(before, b)
	if err != nil {
		return err
	}
	versions, err := h.changedBase(d, b)
	if err != nil {
		return err
	}
	before.ID, before.EffectiveFrom, before.Items = d.id, d.from, changed
	versions = append(versions, before)
	for _, later := range h.plannedAfter(d.from) {
		if later, err = later.changedBy(d, b); err != nil {
			return err
		}
		versions = append(versions, later)
	}
	return s.addAll(tx, versions, d, today)
}

// changedBase returns the usual program with the change; nothing if the change does not concern it.
func (h History) changedBase(d derived, b beside) ([]Version, error) {
	base, err := h.Base(d.from)
	if err != nil {
		return nil, err
	}
	b.partly = true
	items, err := d.items(base, b)
	if errors.Is(err, ErrNothingChanged) {
		return nil, nil
	}
	base.ID, base.EffectiveFrom, base.Items = id.ProgramVersion(id.New()), d.from, items
	base.Origin, base.Reason, base.PublishedBy = d.origin, d.reason, cmp.Or(d.by, base.PublishedBy)
	return []Version{base}, err
}

// addAll adds versions one after another; that of the change itself is recognised when it is repeated.
func (s *Service) addAll(tx *database.Tx, versions []Version, d derived, today localtime.Date) error {
	for _, v := range versions {
		h, err := HistoryOf(tx, v.Patient)
		if err != nil {
			return err
		}
		hash := database.BodyHash(v.ID)
		if v.ID == d.id {
			hash = d.hash
		}
		if err := s.add(tx, h, v, hash, today); err != nil {
			return err
		}
	}
	return nil
}

// changedBy returns a new version with the change, or the same items if the change does not concern it. What cannot be
// changed in it is refused: the change would last only until this version.
func (v Version) changedBy(d derived, b beside) (Version, error) {
	v.ID, b.partly = id.ProgramVersion(id.New()), true
	items, err := d.items(v, b)
	if errors.Is(err, ErrNothingChanged) {
		return v, nil
	}
	v.Items = items
	return v, err
}

// plannedAfter returns the versions that rules have planned for days after a day, in the order in which they will
// govern. Those that a later version replaces entirely are left out.
func (h History) plannedAfter(day localtime.Date) (planned []Version) {
	for _, v := range h.Versions {
		governs, _ := h.On(v.EffectiveFrom)
		if v.Origin.IsPlanned() && v.EffectiveFrom.After(day) && governs.ID == v.ID {
			planned = append(planned, v)
		}
	}
	return planned
}

func checkStart(from, today localtime.Date) error {
	switch {
	case from.Before(today):
		return fault.Input(fault.Violation{Pointer: "/effective_from", Code: "in-the-past"})
	case from.DaysSince(today) > maxPublishAhead:
		return fault.Input(fault.Violation{Pointer: "/effective_from", Code: "too-far-ahead"})
	default:
		return nil
	}
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
