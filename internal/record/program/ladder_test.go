package program_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/dose"
	"cadans/internal/record/exercise"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

func library(t testing.TB) *exercise.Library {
	t.Helper()
	l, err := exercise.Load()
	require.NoError(t, err)
	return l
}

// item is an exercise with a dose, five days a week. Reps of 0 make it timed.
func item(t testing.TB, slug string, sets, reps, minutes int) program.Item {
	t.Helper()
	n := program.NewItem{
		ID: "item", Exercise: slug, Dose: exercise.Dose{Sets: sets, Reps: reps, Minutes: minutes},
		Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 5, TimesPerDay: 1},
	}
	return n.In(library(t))
}

func show(i program.Item) string {
	if i.Dose.IsTimed() {
		return fmt.Sprintf("%s %d min", i.Exercise, i.Dose.Minutes)
	}
	return fmt.Sprintf("%s %dx%d", i.Exercise, i.Dose.Sets, i.Dose.Reps)
}

// The example of the product's own words.
func TestDiffInWords(t *testing.T) {
	t.Parallel()
	before := program.Version{Items: []program.Item{item(t, "bridge", 3, 10, 0)}}
	after := func(change func(*program.Item)) program.Version {
		it := before.Items[0]
		change(&it)
		return program.Version{EffectiveFrom: localtime.MustParseDate("2026-11-23"), Items: []program.Item{it}}
	}
	for _, tc := range []struct {
		name, en, nl string
		version      program.Version
	}{
		{"dose", "Bridge 3×10 → 3×12 from Mon 23 Nov", "Bruggetje 3×10 → 3×12 vanaf ma 23 nov",
			after(func(i *program.Item) { i.Dose.Reps = 12 })},
		{"variant", "Bridge 3×10 → Single-leg bridge 2×8 from Mon 23 Nov", "", after(func(i *program.Item) {
			*i = item(t, "bridge-single-leg", 2, 8, 0)
		})},
		{"days", "Bridge 5× a week → 3× a week from Mon 23 Nov", "Bruggetje 5× per week → 3× per week vanaf ma 23 nov",
			after(func(i *program.Item) { i.Schedule.Quota = 3 })},
		{"dose and days", "Bridge 3×10 → 3×12, 3× a week from Mon 23 Nov", "",
			after(func(i *program.Item) { i.Dose.Reps, i.Schedule.Quota = 12, 3 })},
		{"nothing", "", "", after(func(*program.Item) {})},
		{"made anew", "Bridge 3×10 → 4×10 from Mon 23 Nov", "",
			after(func(i *program.Item) { i.ID, i.Dose.Sets = "another", 4 })},
		{"made anew, the same", "", "", after(func(i *program.Item) { i.ID = "another" })},
	} {
		require.Equal(t, wanted(tc.en), program.Diff(before, tc.version, library(t), people.English), tc.name)
		if tc.nl != "" {
			require.Equal(t, wanted(tc.nl), program.Diff(before, tc.version, library(t), people.Dutch), tc.name)
		}
	}
	other := item(t, "walk-easy", 1, 0, 10)
	other.ID = "other"
	replaced := program.Version{EffectiveFrom: localtime.MustParseDate("2026-11-23"), Items: []program.Item{other}}
	require.Equal(t, []string{"New: Easy walk 10 min, 5× a week from Mon 23 Nov", "Stops: Bridge from Mon 23 Nov"},
		program.Diff(before, replaced, library(t), people.English))
	twice := replaced
	twice.Items = []program.Item{before.Items[0], item(t, "bridge", 1, 5, 0)}
	twice.Items[1].ID = "second"
	require.Equal(
		t, []string{"New: Bridge 1×5, 5× a week from Mon 23 Nov"},
		program.Diff(before, twice, library(t), people.English), "it is paired already",
	)
}

func wanted(sentence string) []string {
	if sentence == "" {
		return []string{}
	}
	return []string{sentence}
}

// From the first day of a flare until the full dose is back no rule changes doses.
func TestAFlareLastsUntilTheFullDoseIsBack(t *testing.T) {
	t.Parallel()
	day := localtime.MustParseDate("2026-03-02")
	version := func(number, from int, origin program.Origin, reps int) program.Version {
		return program.Version{
			Number:        number,
			EffectiveFrom: day.AddDays(from),
			Origin:        origin,
			Items:         []program.Item{item(t, "bridge", 3, reps, 0)},
		}
	}
	h := program.History{Versions: []program.Version{
		version(1, -10, program.Published, 12), version(2, 0, program.ByFlare, 4), version(3, 5, program.ByRebuild, 6),
		version(4, 12, program.ByRebuild, 9), version(5, 19, program.ByRebuild, 12),
	}}
	for _, tc := range []struct {
		day  int
		want bool
	}{{-11, false}, {-1, false}, {0, true}, {4, true}, {5, true}, {12, true}, {18, true}, {19, false}, {60, false}} {
		require.Equal(t, tc.want, h.IsLightened(day.AddDays(tc.day)), "day %d", tc.day)
	}
}

// A step keeps the item and its schedule, and its smallest dose as long as that is smaller; another exercise brings its
// own.
func TestAStepOfAnItem(t *testing.T) {
	t.Parallel()
	l := library(t)
	for sets, stays := range map[int]bool{1: true, 2: true, 3: false} {
		bridge := item(t, "bridge", 3, 10, 0)
		bridge.Minimum = &exercise.Dose{Sets: sets, Reps: 7}
		down, ok := bridge.Lighter()
		require.True(t, ok)
		require.Equal(t, "bridge 3x7", show(down))
		require.Equal(t, stays, down.Minimum != nil, "a smallest dose of %d×7", sets)
		require.Equal(t, bridge.Schedule, down.Schedule)
	}
	top := item(t, "bridge", 3, 12, 0)
	top.Minimum = &exercise.Dose{Sets: 1, Reps: 12}
	up, ok := top.Harder(l)
	require.True(t, ok)
	require.Equal(t, program.Item{
		ID: top.ID, Exercise: "bridge-single-leg", Module: exercise.Strength, Dose: exercise.Dose{Sets: 2, Reps: 8},
		Minimum: &exercise.Dose{Sets: 1, Reps: 8}, Schedule: top.Schedule, SecondsPerSet: 90,
	}, up)
	easier, ok := up.Easier(l)
	require.True(t, ok)
	require.Equal(t, "bridge 2x12", show(easier))
	top.Minimum = nil
	up, _ = top.Harder(l)
	require.Nil(t, up.Minimum, "there was none")

	unknown := program.Item{Exercise: "handstand", Dose: exercise.Dose{Sets: 2, Reps: 8}}
	same, ok := unknown.Easier(l)
	require.False(t, ok)
	require.Equal(t, unknown, same)
	half := item(t, "walk-easy", 1, 0, 12)
	half.Minimum = &exercise.Dose{Sets: 1, Minutes: 6}
	half = half.Scaled(50)
	require.Equal(t, "walk-easy 6 min", show(half))
	require.Nil(t, half.Minimum, "it is no smaller any more")
	require.Equal(t, "bridge 2x10", show(item(t, "bridge", 3, 10, 0).Shorter()))
}

// What a change of dose makes of a week: the work of a session as often as it is asked for.
func TestTheWorkOfAWeek(t *testing.T) {
	t.Parallel()
	before, after := item(t, "walk-easy", 1, 0, 10), item(t, "walk-easy", 1, 0, 12)
	after.Schedule = program.Schedule{
		Kind: program.FixedDays, Days: []time.Weekday{time.Monday, time.Friday}, TimesPerDay: 2,
	}
	require.Equal(t, dose.Week{Before: 100 * 600 * 5, After: 100 * 720 * 4}, before.Week(library(t), after))
}
