package program_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/exercise"
	"cadans/internal/people"
	"cadans/internal/program"
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

// Steps up beside three other exercises of the same size: repetitions, then a set, then the harder variant.
func TestHarder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		slug                string
		sets, reps, minutes int
		want                string
	}{
		{"bridge-small", 2, 8, 0, "bridge-small 2x10"},
		{"bridge-small", 2, 9, 0, "bridge-small 2x10"},
		{"bridge-small", 2, 10, 0, "bridge-small 3x10"},
		{"bridge-small", 3, 10, 0, "bridge 3x10"},
		{"bridge", 3, 10, 0, "bridge 3x12"},
		{"bridge", 3, 12, 0, "bridge-single-leg 2x8"},
		{"bridge-single-leg", 3, 12, 0, ""},
		{"side-arm-raise", 2, 12, 0, "side-arm-raise 2x14"},
		{"side-arm-raise", 3, 15, 0, "band-side-raise 2x12"},
		{"heel-slide-brace", 3, 10, 0, "dead-bug-legs 2x8"},
		{"pelvic-tilt-lying", 2, 10, 0, "cat-camel 2x8"},
		{"seated-forward-bend", 1, 6, 0, "roll-down-standing 1x6"},
		{"floor-pick-up-loaded", 2, 6, 0, ""},
		{"walk-easy", 1, 0, 10, "walk-easy 12 min"},
		{"walk-easy", 1, 0, 20, "walk-brisk 15 min"},
		{"walk-brisk", 1, 0, 15, "walk-brisk 18 min"},
		{"walk-brisk", 1, 0, 30, ""},
		{"cycle-steady", 1, 0, 25, "cycle-steady 30 min"},
		{"belly-breathing", 1, 0, 5, "belly-breathing 6 min"},
		{"belly-breathing", 1, 0, 10, "slow-breathing 10 min"},
		{"evening-wind-down", 1, 0, 15, ""},
		{"neck-press-hands", 3, 15, 0, ""},
	} {
		it := item(t, tc.slug, tc.sets, tc.reps, tc.minutes)
		v := program.Version{Items: []program.Item{it, item(t, "open-book", 3, 8, 0), item(t, "march-standing", 1, 0, 20), item(t, "cat-camel", 2, 8, 0)}}
		up, ok := v.Harder(library(t), it)
		if tc.want == "" {
			require.False(t, ok, "%s went to %s", show(it), show(up))
			continue
		}
		require.True(t, ok, show(it))
		require.Equal(t, tc.want, show(up))
		require.Equal(t, it.ID, up.ID, "it stays the same item")
	}
}

// Alone in a program, a step of 25 % becomes a smaller one.
func TestAStepNeverRaisesTheWeekByMoreThanAFifth(t *testing.T) {
	t.Parallel()
	alone := func(slug string, sets, reps int) string {
		it := item(t, slug, sets, reps, 0)
		up, ok := program.Version{Items: []program.Item{it}}.Harder(library(t), it)
		require.True(t, ok)
		return show(up)
	}
	require.Equal(t, "bridge-small 2x9", alone("bridge-small", 2, 8))
	require.Equal(t, "bridge-small 3x8", alone("bridge-small", 2, 10), "a set more, with fewer repetitions")
}

func TestLighterAndEasier(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		from, lighter, easier string
		item                  program.Item
	}{
		{"bridge 3x10", "bridge 3x7", "bridge-small 2x8", item(t, "bridge", 3, 10, 0)},
		{"bridge-small 2x8", "bridge-small 2x5", "", item(t, "bridge-small", 2, 8, 0)},
		{"walk-brisk 20 min", "walk-brisk 14 min", "walk-easy 10 min", item(t, "walk-brisk", 1, 0, 20)},
	} {
		require.Equal(t, tc.from, show(tc.item))
		down, ok := tc.item.Lighter()
		require.True(t, ok)
		require.Equal(t, tc.lighter, show(down))
		simpler, ok := tc.item.Easier(library(t))
		require.Equal(t, tc.easier != "", ok)
		if ok {
			require.Equal(t, tc.easier, show(simpler))
		}
	}
	least := item(t, "bridge", 1, 1, 0)
	_, ok := least.Lighter()
	require.False(t, ok, "nothing can be taken off one repetition")
}

// From the start of every chain the ladder ends at its last exercise, after finitely many steps of one variable each.
func TestEveryLadderEnds(t *testing.T) {
	t.Parallel()
	l := library(t)
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom(l.All()).Draw(t, "exercise")
		it := program.NewItem{Exercise: e.Slug, Dose: e.Default, Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 3, TimesPerDay: 1}}.In(l)
		for steps := 0; ; steps++ {
			require.Less(t, steps, 60, "the ladder of %s does not end", e.Slug)
			up, ok := program.Version{Items: []program.Item{it}}.Harder(l, it)
			if !ok {
				break
			}
			changed := 0
			for _, different := range []bool{up.Exercise != it.Exercise, up.Dose.Minutes != it.Dose.Minutes, up.Dose.Sets != it.Dose.Sets || up.Dose.Reps != it.Dose.Reps} {
				if different {
					changed++
				}
			}
			require.True(t, changed == 1 || up.Exercise != it.Exercise)
			it = up
		}
	})
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
		{"dose", "Bridge 3×10 → 3×12 from Mon 23 Nov", "Bruggetje 3×10 → 3×12 vanaf ma 23 nov", after(func(i *program.Item) { i.Dose.Reps = 12 })},
		{"variant", "Bridge 3×10 → Single-leg bridge 2×8 from Mon 23 Nov", "", after(func(i *program.Item) {
			*i = item(t, "bridge-single-leg", 2, 8, 0)
		})},
		{"days", "Bridge 5× a week → 3× a week from Mon 23 Nov", "Bruggetje 5× per week → 3× per week vanaf ma 23 nov", after(func(i *program.Item) { i.Schedule.Quota = 3 })},
		{"dose and days", "Bridge 3×10 → 3×12, 3× a week from Mon 23 Nov", "", after(func(i *program.Item) { i.Dose.Reps, i.Schedule.Quota = 12, 3 })},
		{"nothing", "", "", after(func(*program.Item) {})},
		{"made anew", "Bridge 3×10 → 4×10 from Mon 23 Nov", "", after(func(i *program.Item) { i.ID, i.Dose.Sets = "another", 4 })},
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
	require.Equal(t, []string{"New: Bridge 1×5, 5× a week from Mon 23 Nov"}, program.Diff(before, twice, library(t), people.English), "it is paired already")
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
		return program.Version{Number: number, EffectiveFrom: day.AddDays(from), Origin: origin, Items: []program.Item{item(t, "bridge", 3, reps, 0)}}
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
