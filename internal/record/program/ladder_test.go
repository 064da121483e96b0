package program_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

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

// Steps up: repetitions or minutes to their bound, then the harder variant with no more effort than there was.
func TestHarder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		slug                string
		sets, reps, minutes int
		want                string
	}{
		{"bridge-small", 2, 5, 0, "bridge-small 2x6"}, // after a step down; it was the next exercise, 3x10
		{"bridge-small", 2, 8, 0, "bridge-small 2x9"},
		{"bridge-small", 2, 9, 0, "bridge-small 2x10"},
		{"bridge-small", 2, 10, 0, "bridge 2x9"},
		{"bridge", 3, 10, 0, "bridge 3x12"},
		{"bridge", 3, 12, 0, "bridge-single-leg 2x8"},
		{"bridge-single-leg", 3, 12, 0, ""},
		{"side-arm-raise", 2, 12, 0, "side-arm-raise 2x14"},
		{"side-arm-raise", 3, 15, 0, "band-side-raise 2x12"},
		{"heel-slide-brace", 3, 10, 0, "dead-bug-legs 2x8"},
		{"pelvic-tilt-lying", 2, 10, 0, "cat-camel 2x7"},
		{"seated-forward-bend", 1, 6, 0, "roll-down-standing 1x4"},
		{"floor-pick-up-loaded", 2, 6, 0, ""},
		{"walk-easy", 1, 0, 3, "walk-easy 4 min"}, // it was a brisk walk of 15 minutes
		{"walk-easy", 1, 0, 10, "walk-easy 12 min"},
		{"walk-easy", 1, 0, 20, "walk-brisk 15 min"},
		{"walk-brisk", 1, 0, 15, "walk-brisk 18 min"},
		{"walk-brisk", 1, 0, 30, ""},
		{"cycle-steady", 1, 0, 25, "cycle-steady 30 min"},
		{"belly-breathing", 1, 0, 5, "belly-breathing 6 min"},
		{"belly-breathing", 1, 0, 10, "slow-breathing 10 min"},
		{"evening-wind-down", 1, 0, 15, ""},
		{"neck-press-hands", 3, 15, 0, ""},
		{"sit-to-stand-raised", 1, 4, 0, "sit-to-stand-raised 1x5"}, // it was a chair stand, 3x10
	} {
		it := item(t, tc.slug, tc.sets, tc.reps, tc.minutes)
		up, ok := it.Harder(library(t))
		if tc.want == "" {
			require.False(t, ok, "%s went to %s", show(it), show(up))
			continue
		}
		require.True(t, ok, show(it))
		require.Equal(t, tc.want, show(up))
		require.Equal(t, it.ID, up.ID, "it stays the same item")
	}
}

// seconds is what an item asks for once, by the library's own time for its usual repetitions.
func seconds(l *exercise.Library, i program.Item) float64 {
	if i.Dose.IsTimed() {
		return float64(i.Dose.Sets * i.Dose.Minutes * 60)
	}
	e, err := l.Find(i.Exercise)
	if err != nil {
		panic(err)
	}
	return float64(i.Dose.Sets*e.SecondsPerSet*i.Dose.Reps) / float64(e.Default.Reps)
}

// Any exercise of the library with any dose on any schedule, walked up and down at will: no step changes two variables,
// adds more than a fifth or one repetition or minute, or goes below one set of three or one minute; another exercise
// begins with no more than there was.
func TestNoStepJumps(t *testing.T) {
	t.Parallel()
	l := library(t)
	rapid.Check(t, func(t *rapid.T) {
		it := anyItem(t, l)
		t.Repeat(map[string]func(*rapid.T){
			"harder":  func(t *rapid.T) { it = stepped(t, l, it, func() (program.Item, bool) { return it.Harder(l) }) },
			"lighter": func(t *rapid.T) { it = stepped(t, l, it, it.Lighter) },
			"easier":  func(t *rapid.T) { it = stepped(t, l, it, func() (program.Item, bool) { return it.Easier(l) }) },
		})
	})
}

func anyItem(t *rapid.T, l *exercise.Library) program.Item {
	e := rapid.SampledFrom(l.All()).Draw(t, "exercise")
	dose := e.Default
	dose.Sets = rapid.IntRange(1, 5).Draw(t, "sets")
	if e.Default.IsTimed() {
		dose.Minutes = rapid.IntRange(1, 60).Draw(t, "minutes")
	} else {
		dose.Reps = rapid.IntRange(3, 30).Draw(t, "reps")
	}
	return program.NewItem{Exercise: e.Slug, Dose: dose, Schedule: program.Schedule{
		Kind:        program.WeeklyQuota,
		Quota:       rapid.IntRange(1, 7).Draw(t, "quota"),
		TimesPerDay: rapid.IntRange(1, 3).Draw(t, "times"),
	}}.In(l)
}

func stepped(t *rapid.T, l *exercise.Library, before program.Item, step func() (program.Item, bool)) program.Item {
	after, ok := step()
	if !ok {
		require.Equal(t, before, after, "no step, no change")
		return before
	}
	unit := 60.0
	if d := after.Dose; !d.IsTimed() {
		unit = seconds(l, after) / float64(d.Reps)
	}
	was, is := seconds(l, before), seconds(l, after)
	require.LessOrEqual(
		t, is, max(was*1.2, was+unit*float64(max(1, sets(after))))+0.001, "%s to %s", show(before), show(after),
	)
	require.Equal(t, before.Schedule, after.Schedule)
	require.GreaterOrEqual(t, after.Dose.Sets, 1)
	require.True(t, after.Dose.IsTimed() && after.Dose.Minutes >= 1 || after.Dose.Reps >= 3, show(after))
	if after.Exercise != before.Exercise {
		require.LessOrEqual(t, is, was+0.001, "%s to %s", show(before), show(after))
		return after
	}
	changed := 0
	for _, different := range []bool{
		after.Dose.Minutes != before.Dose.Minutes, after.Dose.Sets != before.Dose.Sets,
		after.Dose.Reps != before.Dose.Reps, after.Dose.HoldS != before.Dose.HoldS,
	} {
		if different {
			changed++
		}
	}
	require.Equal(t, 1, changed, "%s to %s", show(before), show(after))
	return after
}

// sets is how many times the smallest unit of a timed dose counts.
func sets(i program.Item) int {
	if i.Dose.IsTimed() {
		return i.Dose.Sets
	}
	return 1
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
		it := program.NewItem{
			Exercise: e.Slug,
			Dose:     e.Default,
			Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: 3, TimesPerDay: 1},
		}.In(l)
		for steps := 0; ; steps++ {
			require.Less(t, steps, 60, "the ladder of %s does not end", e.Slug)
			up, ok := it.Harder(l)
			if !ok {
				break
			}
			changed := 0
			for _, different := range []bool{
				up.Exercise != it.Exercise, up.Dose.Minutes != it.Dose.Minutes,
				up.Dose.Sets != it.Dose.Sets || up.Dose.Reps != it.Dose.Reps,
			} {
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
