package program

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/internal/record/intake"
)

// One item is adjusted in one of five ways; what cannot be says why and where.
func TestAnItemIsAdjusted(t *testing.T) {
	t.Parallel()
	l := embedded(t)
	bridge, top, bottom := item("i1", "bridge", reps(3, 10)), item("i1", "bridge-single-leg", reps(3, 12)), item("i1",
		"bridge-small", reps(1, 3))
	walk, unknown := item("i1", "walk-easy", minutes(1, 10)), item("i1", "handstand", reps(1, 3))
	least := reps(1, 8)
	bridge.Minimum = &least
	with := func(it Item, change func(*Item)) Item {
		change(&it)
		return it
	}
	dose := func(d exercise.Dose) *exercise.Dose { return &d }
	often := weekly(5)
	none := Schedule{Kind: WeeklyQuota}
	easier, _ := bridge.Easier(l)
	floor := item("i1", "bridge", reps(1, 3))
	before, _ := floor.Easier(l)
	for name, tc := range map[string]struct {
		item   Item
		change Change
		want   Item
		wrong  []string
	}{
		"up":                {bridge, Change{Kind: Progress}, with(bridge, func(i *Item) { i.Dose.Reps = 12 }), nil},
		"up at the top":     {top, Change{Kind: Progress}, top, []string{"/kind at-the-top"}},
		"down":              {bridge, Change{Kind: Regress}, with(bridge, func(i *Item) { i.Dose.Reps = 7 }), nil},
		"down at the end":   {bottom, Change{Kind: Regress}, bottom, []string{"/kind at-the-bottom"}},
		"down at the floor": {floor, Change{Kind: Regress}, before, nil},
		"easier":            {bridge, Change{Kind: Simplify}, easier, nil},
		"easier at an end":  {bottom, Change{Kind: Simplify}, bottom, []string{"/kind at-the-bottom"}},
		"up with a dose": {bridge, Change{Kind: Progress, Dose: dose(reps(1, 1))}, bridge,
			[]string{"/kind only-with-set"}},
		"up with days": {bridge, Change{Kind: Progress, Schedule: &often}, bridge, []string{"/kind only-with-set"}},
		"a dose": {bridge, Change{Kind: SetTo, Dose: dose(reps(2, 6))},
			with(bridge, func(i *Item) { i.Dose = reps(2, 6) }), nil},
		"a dose at the least": {bridge, Change{Kind: SetTo, Dose: dose(reps(1, 8))},
			with(bridge, func(i *Item) { i.Dose, i.Minimum = reps(1, 8), nil }), nil},
		"days": {bridge, Change{Kind: SetTo, Schedule: &often},
			with(bridge, func(i *Item) { i.Schedule = often }), nil},
		"both": {bridge, Change{Kind: SetTo, Dose: dose(reps(2, 6)), Schedule: &often},
			with(bridge, func(i *Item) { i.Dose, i.Schedule = reps(2, 6), often }), nil},
		"neither": {bridge, Change{Kind: SetTo}, bridge, []string{"/dose required"}},
		"minutes, once": {walk, Change{Kind: SetTo, Dose: dose(minutes(0, 12))},
			with(walk, func(i *Item) { i.Dose = minutes(1, 12) }), nil},
		"minutes, twice": {walk, Change{Kind: SetTo, Dose: dose(minutes(2, 12))},
			with(walk, func(i *Item) { i.Dose = minutes(2, 12) }), nil},
		"another unit": {walk, Change{Kind: SetTo, Dose: dose(reps(0, 6))},
			with(walk, func(i *Item) { i.Dose = reps(0, 6) }), []string{"/dose wrong-dose"}},
		"no days": {bridge, Change{Kind: SetTo, Schedule: &none},
			with(bridge, func(i *Item) { i.Schedule = none }), []string{"/schedule/sessions_per_week required"}},
		"unknown exercise": {unknown, Change{Kind: SetTo, Schedule: &often},
			with(unknown, func(i *Item) { i.Schedule = often }), []string{"/item_id unknown-exercise"}},
		"up what is unknown": {unknown, Change{Kind: Progress}, unknown, []string{"/kind at-the-top"}},
	} {
		got, violations := tc.change.apply(l, tc.item)
		require.Equal(t, tc.want, got, name)
		var all []string
		for _, v := range violations {
			all = append(all, v.Pointer+" "+v.Code)
		}
		require.Equal(t, tc.wrong, all, name)
	}
}

// An adjustment changes the items it names and leaves the others as they are.
func TestAnAdjustment(t *testing.T) {
	t.Parallel()
	l := embedded(t)
	a, b, c := item("a", "bridge", reps(2, 8)), item("b", "walk-easy", minutes(1, 10)),
		item("c", "cat-camel", reps(2, 8))
	d, e := item("d", "bridge-small", reps(2, 3)), item("e", "sit-to-stand-raised", reps(2, 3))
	four := reps(2, 4)
	with := Item.WithDose
	v := Version{Items: []Item{a, b, c, d, e}}
	up := a
	up.Dose.Reps = 9
	same := a.Dose
	for name, tc := range map[string]struct {
		changes []Change
		want    []Item
		wrong   []string
		nothing bool
	}{
		"the first":     {[]Change{{Item: "a", Kind: Progress}}, []Item{up, b, c, d, e}, nil, false},
		"one less":      {[]Change{{Item: "b", Kind: Remove}}, []Item{a, c, d, e}, nil, false},
		"the last less": {[]Change{{Item: "c", Kind: Remove}}, []Item{a, b, d, e}, nil, false},
		"two": {[]Change{{Item: "b", Kind: Remove}, {Item: "a", Kind: Progress}}, []Item{up, c, d, e}, nil,
			false},
		"twice the same": {[]Change{{Item: "a", Kind: Progress}, {Item: "a", Kind: Remove}, {Item: "x", Kind: Remove}},
			nil, []string{"/changes/1/item_id duplicate", "/changes/2/item_id unknown-item"}, false},
		"removed twice": {[]Change{{Item: "a", Kind: Remove}, {Item: "a", Kind: Remove}}, nil,
			[]string{"/changes/1/item_id duplicate"}, false},
		"what cannot be": {[]Change{{Item: "b", Kind: Simplify}}, nil,
			[]string{"/changes/0/kind at-the-bottom"}, false},
		"two by their smallest unit": {[]Change{{Item: "d", Kind: Progress}, {Item: "e", Kind: Progress}}, nil,
			[]string{"/changes/0/kind too-much-at-once", "/changes/1/kind too-much-at-once"}, false},
		"one of them": {[]Change{{Item: "e", Kind: Regress}, {Item: "d", Kind: Progress}},
			[]Item{a, b, c, with(d, four), with(e, reps(1, 3))}, nil, false},
		"both by hand": {[]Change{{Item: "d", Kind: SetTo, Dose: &four}, {Item: "e", Kind: SetTo, Dose: &four}},
			[]Item{a, b, c, with(d, four), with(e, four)}, nil, false},
		"nothing changed": {[]Change{{Item: "a", Kind: SetTo, Dose: &same}}, nil, nil, true},
	} {
		got, err := Adjustment{Changes: tc.changes}.apply(l, v, beside{rises: rises{}})
		require.Equal(t, tc.want, got, name)
		require.Equal(t, tc.wrong, wrong(err), name)
		if tc.nothing {
			require.ErrorIs(t, err, ErrNothingChanged)
		}
		require.Equal(t, []Item{a, b, c, d, e}, v.Items, "a version never changes")
	}
}

// What rose in the last 7 days counts towards the week, and does not rise again; what a therapist sets does.
func TestAWeekOfAdjustments(t *testing.T) {
	t.Parallel()
	l := embedded(t)
	a, d := item("a", "bridge", reps(2, 8)), item("d", "bridge-small", reps(2, 3))
	risen := func(then, now Item, daysAgo int) rises {
		return History{Versions: []Version{at("1", -30, Published, then), at("2", -daysAgo, ByAdjustment, now)}}.Rises(
			l, monday)
	}
	before := a.WithDose(reps(2, 7))
	for name, tc := range map[string]struct {
		risen rises
		up    id.ProgramItem
		wrong []string
	}{
		"nothing rose":       {rises{}, "d", nil},
		"it rose 6 days ago": {risen(before, a, 6), "a", []string{"/changes/0/kind too-much-at-once"}},
		"it rose 7 days ago": {risen(before, a, 7), "a", nil},
		"it fell":            {risen(a.WithDose(reps(2, 9)), a, 1), "a", nil},
		"another rose too much with it": {
			risen(a.WithDose(reps(2, 6)), a, 1), "d", []string{"/changes/0/kind too-much-at-once"},
		},
		"it rose in a program of three days": {
			History{Versions: []Version{at("1", -3, Published, before), at("2", -1, ByAdjustment, a)}}.Rises(l, monday),
			"a", []string{"/changes/0/kind too-much-at-once"},
		},
		"another came": {risen(d, a, 1), "d", nil},
	} {
		up := Adjustment{Changes: []Change{{Item: tc.up, Kind: Progress}}}
		_, err := up.apply(l, Version{Items: []Item{a, d}}, beside{rises: tc.risen})
		require.Equal(t, tc.wrong, wrong(err), name)
	}
	four := reps(2, 9)
	_, err := Adjustment{Changes: []Change{{Item: "a", Kind: SetTo, Dose: &four}}}.apply(
		l, Version{Items: []Item{a}}, beside{rises: risen(before, a, 1)},
	)
	require.NoError(t, err)
}

// A program's items are the same when they ask the same, whatever they were made of.
func TestWhatAsksTheSame(t *testing.T) {
	t.Parallel()
	fixed := Schedule{Kind: FixedDays, Days: []time.Weekday{time.Monday, time.Friday}, TimesPerDay: 1}
	base := Item{ID: "a", Exercise: "bridge", Dose: reps(2, 8), Schedule: fixed}
	for name, tc := range map[string]struct {
		change func(*Item)
		want   bool
	}{
		"nothing":          {func(*Item) {}, true},
		"its id":           {func(i *Item) { i.ID = "b" }, true},
		"its exercise":     {func(i *Item) { i.Exercise = "cat-camel" }, false},
		"its dose":         {func(i *Item) { i.Dose.Reps = 9 }, false},
		"its kind of days": {func(i *Item) { i.Schedule.Kind = WeeklyQuota }, false},
		"its quota":        {func(i *Item) { i.Schedule.Quota = 2 }, false},
		"how often a day":  {func(i *Item) { i.Schedule.TimesPerDay = 2 }, false},
		"its days":         {func(i *Item) { i.Schedule.Days = []time.Weekday{time.Monday, time.Sunday} }, false},
	} {
		other := base
		tc.change(&other)
		require.Equal(t, tc.want, SameItems([]Item{base}, []Item{other}), name)
	}
	require.False(t, SameItems([]Item{base}, nil))
}

// Swapped are exercises of the same module and level for the same part of the body that the program does not have yet.
func TestWhatCanBeSwapped(t *testing.T) {
	t.Parallel()
	l := embedded(t)
	slugs := func(items []Item, i int) (all []string) {
		for _, e := range (Version{Items: items}).Alternatives(l, items[i], intake.Cautious{}) {
			all = append(all, e.Slug)
		}
		return all
	}
	bridge, general := item("a", "bridge-small", reps(2, 8)), item("b", "sit-to-stand-raised", reps(2, 8))
	neck := item("c", "side-arm-raise", reps(2, 12))
	require.Equal(t, []string{"sit-to-stand-raised", "hip-hinge-wall"}, slugs([]Item{bridge}, 0))
	require.Equal(t, []string{"hip-hinge-wall"}, slugs([]Item{bridge, general}, 0))
	unsteady := Version{Items: []Item{bridge, general}}.Alternatives(l, bridge, intake.Cautious{Unsteady: true})
	require.Empty(t, unsteady, "somebody unsteady is offered no hip hinge")
	require.Equal(t, []string{"bridge-small", "hip-hinge-wall", "band-row-seated", "neck-press-hands"},
		slugs([]Item{general, neck}, 0))
	require.Equal(t, []string{"sit-to-stand-raised", "neck-press-hands"}, slugs([]Item{neck}, 0))
	require.Empty(t, Version{}.Alternatives(l, item("x", "handstand", reps(1, 1)), intake.Cautious{}))
}

// A swap keeps the dose where both count alike, and takes the other's where they do not.
func TestASwap(t *testing.T) {
	t.Parallel()
	l := embedded(t)
	least := reps(1, 6)
	bridge, walk := item("a", "bridge-small", exercise.Dose{Sets: 2, Reps: 9, HoldS: 2}), item("b", "walk-easy",
		minutes(1, 10))
	bridge.Minimum = &least
	v := Version{Items: []Item{walk, bridge}}
	items, err := Swap{Item: "a", Exercise: "hip-hinge-wall"}.apply(l, v, beside{})
	require.NoError(t, err)
	require.Equal(t, []Item{walk, {ID: "a", Exercise: "hip-hinge-wall", Module: exercise.Strength, Dose: reps(2, 9),
		Minimum:  &least,
		Schedule: weekly(3), SecondsPerSet: 45}}, items)
	require.Equal(t, "bridge-small", v.Items[1].Exercise)
	items, err = Swap{Item: "b", Exercise: "walk-easy"}.apply(l, v, beside{})
	require.Nil(t, items)
	require.Equal(t, []string{"/exercise not-an-alternative"}, wrong(err))
	items, err = Swap{Item: "x", Exercise: "hip-hinge-wall"}.apply(l, v, beside{})
	require.Nil(t, items)
	require.Equal(t, []string{"/item_id unknown-item"}, wrong(err))

	cat, err := l.Find("cat-camel")
	require.NoError(t, err)
	snack := item("d", "movement-snack", minutes(1, 2))
	quick := minutes(1, 1)
	snack.Minimum = &quick
	require.Equal(t, Item{ID: "d", Exercise: "cat-camel", Module: exercise.Mobility, Dose: reps(2, 8),
		Schedule: weekly(3), SecondsPerSet: 55},
		snack.swapped(l, cat))
}
