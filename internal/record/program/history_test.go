package program

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/kernel/words"
	"cadans/pkg/localtime"
)

// at is a version of so many days from Monday.
func at(as id.ProgramVersion, days int, origin Origin, items ...Item) Version {
	return Version{ID: as, EffectiveFrom: monday.AddDays(days), Origin: origin, Items: items}
}

// What rules have planned for later days, in the order in which it will govern; what was overtaken does not.
func TestWhatRulesHavePlanned(t *testing.T) {
	t.Parallel()
	h := History{Versions: []Version{
		at("1", -20, Published), at("2", 0, ByFlare), at("3", 10, ByRebuild), at("4", 5, ByRebuild),
		at("5", 7, ByWalking), at("6", 10, ByRebuild), at("7", 30, Published), at("8", 12, ByLighter),
	}}
	ids := func(versions []Version) (all []id.ProgramVersion) {
		for _, v := range versions {
			all = append(all, v.ID)
		}
		return all
	}
	require.Equal(t, []id.ProgramVersion{"4", "6", "8"}, ids(h.plannedAfter(monday)))
	require.Equal(t, []id.ProgramVersion{"6", "8"}, ids(h.plannedAfter(monday.AddDays(5))))
	require.Equal(t, []id.ProgramVersion{"8"}, ids(h.plannedAfter(monday.AddDays(10))))
	require.Empty(t, h.plannedAfter(monday.AddDays(12)))

}

// A change reaches a version that has its item; one that has not stays as it is. What cannot be is refused.
func TestAChangeOfWhatRulesPlanned(t *testing.T) {
	t.Parallel()
	planned := at("v", 3, ByRebuild, item("a", "bridge", reps(2, 8)))
	to := func(items []Item, err error) derived {
		return derived{items: func(_ Version, b beside) ([]Item, error) {
			require.True(t, b.partly)
			return items, err
		}}
	}
	lighter := []Item{item("a", "bridge", reps(2, 4))}
	changed, err := planned.changedBy(to(lighter, nil), beside{})
	require.NoError(t, err)
	require.NotEqual(t, id.ProgramVersion("v"), changed.ID)
	require.Equal(t, at(changed.ID, 3, ByRebuild, lighter...), changed)
	kept, err := planned.changedBy(to(nil, ErrNothingChanged), beside{})
	require.NoError(t, err)
	require.Equal(t, at(kept.ID, 3, ByRebuild, planned.Items...), kept)
	_, err = planned.changedBy(to(nil, ErrNoItem), beside{})
	require.ErrorIs(t, err, ErrNoItem)
}

// Below what rules planned lies what a member published; what members published for later days is planned anew on top.
func TestWhatLiesBelowAndAhead(t *testing.T) {
	t.Parallel()
	h := History{Versions: []Version{
		at("1", 0, Published), at("2", 4, ByFlare), at("3", 20, Published, item("a", "bridge", reps(2, 8))), at("4", 9,
			ByRebuild),
		at("5", 30, ByLighter), at("6", 8, ByWalking),
	}}
	h.Versions[2].Reason.NL, h.Versions[2].Reason.EN = "Later.", "Later on."
	for days, want := range map[int]id.ProgramVersion{0: "1", 5: "1", 7: "1", 8: "6", 40: "6"} {
		v, err := h.Base(monday.AddDays(days))
		require.NoError(t, err)
		require.Equal(t, want, v.ID, "day %d", days)
	}
	_, err := h.Base(monday.AddDays(-1))
	require.ErrorIs(t, err, ErrNoProgram)
	require.Equal(t, []Planned{{From: monday.AddDays(20), Items: h.Versions[2].Items, Origin: ByRebuild,
		Reason: words.Pair{NL: "Later.", EN: "Later on."}, Regardless: true}}, h.Later(monday.AddDays(19)))
	require.Empty(t, h.Later(monday.AddDays(20)))
	require.Equal(t, []Item{item("a", "bridge", reps(3, 8)), item("b", "bridge", reps(1, 8))}, Version{Items: []Item{
		item("a", "bridge", reps(2, 8)), item("b", "bridge", reps(1, 8)),
	}}.With(item("a", "bridge", reps(3, 8))))
}

// From the flare or the lighter program on, and on the way back until the usual is asked again, no rule changes doses.
func TestWhenAProgramIsLightened(t *testing.T) {
	t.Parallel()
	usual, less := item("a", "bridge", reps(3, 10)), item("a", "bridge", reps(2, 5))
	for name, tc := range map[string]struct {
		versions []Version
		want     bool
	}{
		"none":                {nil, false},
		"to come":             {[]Version{at("1", 1, ByFlare, less)}, false},
		"published":           {[]Version{at("1", -9, Published, usual)}, false},
		"a flare":             {[]Version{at("1", -9, Published, usual), at("2", 0, ByFlare, less)}, true},
		"lighter":             {[]Version{at("1", -9, Published, usual), at("2", 0, ByLighter, less)}, true},
		"on the way back":     {[]Version{at("1", -9, Published, usual), at("2", 0, ByRebuild, less)}, true},
		"back":                {[]Version{at("1", -9, Published, usual), at("2", 0, ByRebuild, usual)}, false},
		"back to nothing":     {[]Version{at("2", 0, ByRebuild, less)}, false},
		"changed by a person": {[]Version{at("1", -9, Published, usual), at("2", 0, BySwap, less)}, false},
		"walking":             {[]Version{at("1", -9, Published, usual), at("2", 0, ByWalking, less)}, false},
	} {
		require.Equal(t, tc.want, History{Versions: tc.versions}.IsLightened(monday), name)
	}
}

// An item has asked the same since the first of the versions in a row that ask it; versions to come do not matter.
func TestSinceWhenAnItemAsksTheSame(t *testing.T) {
	t.Parallel()
	now, other, heavier := item("a", "bridge", reps(2, 8)), item("a", "bridge-small", reps(2, 8)), item("a", "bridge",
		reps(2, 9))
	for name, tc := range map[string]struct {
		before Version
		want   int
	}{
		"the same before":         {at("1", -30, Published, now), -30},
		"another exercise before": {at("1", -30, Published, other), -10},
		"another dose before":     {at("1", -30, Published, heavier), -10},
		"not there before":        {at("1", -30, Published, item("b", "bridge", reps(2, 8))), -10},
	} {
		h := History{Versions: []Version{tc.before, at("2", -10, Published, now), at("3", -5, ByAdjustment, now),
			at("4", 3, Published, other)}}
		require.Equal(t, monday.AddDays(tc.want), h.StepSince(now, monday), name)
	}
	require.Equal(t, monday, History{}.StepSince(now, monday))
}

// Days, origins, starts and pauses of a history.
func TestWhatAHistorySays(t *testing.T) {
	t.Parallel()
	h := History{
		Versions: []Version{at("1", 5, Published), at("2", 3, ByWalking), at("3", 9, Published)},
		Pauses: []Pause{
			{ID: "p1", Reason: "holiday", Start: monday, End: monday.AddDays(4)},
			{ID: "p2", Reason: SafetyPause, Start: monday.AddDays(2), End: monday.AddDays(3)},
			{ID: "p3", Reason: SafetyPause, Start: monday.AddDays(20), End: endless},
		},
	}
	require.Equal(t, monday.AddDays(3), h.Start())
	require.Equal(t, localtime.Date{}, History{}.Start())
	for days, want := range map[int]id.ProgramVersion{0: "2", 3: "2", 5: "2", 9: "3"} {
		v, err := h.Current(monday.AddDays(days))
		require.NoError(t, err)
		require.Equal(t, want, v.ID, "day %d", days)
	}
	for days, want := range map[int][2]id.Pause{-1: {"", ""}, 0: {"p1", ""}, 1: {"p1", ""}, 2: {"p1", "p2"},
		3: {"p1", "p2"}, 4: {"p1", ""},
		5: {"", ""}, 19: {"", ""}, 20: {"p3", "p3"}, 4000: {"p3", "p3"}} {
		pause, paused := h.PauseOn(monday.AddDays(days))
		require.Equal(t, want[0], pause.ID, "day %d", days)
		require.Equal(t, want[0] != "", paused)
		stop, stopped := h.StopOn(monday.AddDays(days))
		require.Equal(t, want[1], stop.ID, "day %d", days)
		require.Equal(t, want[1] != "", stopped)
	}
	stop, stopped := History{Pauses: h.Pauses[1:]}.StopOn(monday.AddDays(2))
	require.True(t, stopped)
	require.Equal(t, id.Pause("p2"), stop.ID)
	require.True(t, h.Pauses[2].IsEndless())
	require.False(t, h.Pauses[0].IsEndless())
	for origin, want := range map[Origin][2]bool{Published: {}, ByAdjustment: {}, ByCompletion: {}, BySwap: {},
		ByProgress: {},
		ByFlare:    {true, true}, ByRebuild: {true, true}, ByLighter: {true, true}, ByWalking: {false, true}} {
		require.Equal(t, want, [2]bool{origin.IsPlanned(), origin.IsReplaceable()}, origin)
	}
	twice := Schedule{Kind: FixedDays, Days: []time.Weekday{time.Monday, time.Friday}, TimesPerDay: 2}
	require.Equal(t, 2, twice.PerWeek())
	require.Equal(t, 5, weekly(5).PerWeek())
	require.Equal(t, 4, Version{Items: []Item{{Schedule: weekly(3)}, {Schedule: twice}}}.SessionsPerWeek())
	for name, want := range map[string]time.Weekday{"sun": time.Sunday, "mon": time.Monday, "sat": time.Saturday} {
		day, is := ParseWeekday(name)
		require.True(t, is)
		require.Equal(t, want, day)
		require.Equal(t, name, WeekdayName(day))
	}
	_, is := ParseWeekday("Monday")
	require.False(t, is)
}
