package program

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/record/exercise"
	"cadans/pkg/localtime"
)

var monday = localtime.MustParseDate("2026-03-02")

func embedded(t *testing.T) *exercise.Library {
	t.Helper()
	l, err := exercise.Load()
	require.NoError(t, err)
	return l
}

// wrong shows what an error says is wrong, as "pointer code".
func wrong(err error) (all []string) {
	var f *fault.Fault
	if errors.As(err, &f) {
		for _, v := range f.Violations {
			all = append(all, v.Pointer+" "+v.Code)
		}
	}
	return all
}

func weekly(quota int) Schedule { return Schedule{Kind: WeeklyQuota, Quota: quota, TimesPerDay: 1} }

func reps(sets, n int) exercise.Dose { return exercise.Dose{Sets: sets, Reps: n} }

func minutes(sets, n int) exercise.Dose { return exercise.Dose{Sets: sets, Minutes: n} }

func item(as id.ProgramItem, slug string, dose exercise.Dose) Item {
	l, err := exercise.Load()
	if err != nil {
		panic(err)
	}
	return NewItem{ID: as, Exercise: slug, Dose: dose, Schedule: weekly(3)}.In(l)
}

// A program may begin today up to a year ahead.
func TestWhenAProgramMayBegin(t *testing.T) {
	t.Parallel()
	for days, want := range map[int][]string{-1: {"/effective_from in-the-past"}, 0: nil, 365: nil,
		366: {"/effective_from too-far-ahead"}} {
		require.Equal(t, want, wrong(checkStart(monday.AddDays(days), monday)), "%d days", days)
		_, err := NewVersion{EffectiveFrom: monday.AddDays(days)}.build(embedded(t), monday)
		require.Equal(t, want, wrong(err), "%d days", days)
	}
}

// A dose counts in the units of its exercise, a smallest dose is no larger than the dose, and a schedule says when.
func TestWhatAnItemMayAsk(t *testing.T) {
	t.Parallel()
	l := embedded(t)
	days := []time.Weekday{time.Monday}
	some := func(d exercise.Dose) *exercise.Dose { return &d }
	for name, tc := range map[string]struct {
		slug string
		item NewItem
		want []string
	}{
		"repetitions":    {"bridge", NewItem{Dose: reps(2, 8)}, nil},
		"no repetitions": {"bridge", NewItem{Dose: reps(2, 0)}, []string{"/at/dose wrong-dose"}},
		"no sets":        {"bridge", NewItem{Dose: reps(0, 8)}, []string{"/at/dose wrong-dose"}},
		"minutes of it":  {"bridge", NewItem{Dose: minutes(1, 5)}, []string{"/at/dose wrong-dose"}},
		"both": {"bridge", NewItem{Dose: exercise.Dose{Sets: 1, Reps: 2, Minutes: 3}},
			[]string{"/at/dose wrong-dose"}},
		"minutes":           {"walk-easy", NewItem{Dose: minutes(0, 5)}, nil},
		"repetitions of it": {"walk-easy", NewItem{Dose: reps(2, 8)}, []string{"/at/dose wrong-dose"}},
		"both, timed": {"walk-easy", NewItem{Dose: exercise.Dose{Sets: 1, Reps: 1, Minutes: 3}},
			[]string{"/at/dose wrong-dose"}},
		"smallest below":    {"bridge", NewItem{Dose: reps(2, 8), Minimum: some(reps(1, 8))}, nil},
		"smallest as large": {"bridge", NewItem{Dose: reps(2, 8), Minimum: some(reps(2, 8))}, nil},
		"smallest above": {"bridge", NewItem{Dose: reps(2, 8), Minimum: some(reps(2, 9))},
			[]string{"/at/minimum_dose above-dose"}},
		"smallest minutes": {"bridge", NewItem{Dose: reps(2, 8), Minimum: some(minutes(1, 1))},
			[]string{"/at/minimum_dose wrong-dose"}},
		"smallest above timed": {"walk-easy", NewItem{Dose: minutes(1, 5), Minimum: some(minutes(1, 6))},
			[]string{"/at/minimum_dose above-dose"}},
		"smallest below timed": {"walk-easy", NewItem{Dose: minutes(1, 5), Minimum: some(minutes(1, 4))}, nil},
		"both wrong": {"bridge", NewItem{Dose: reps(0, 8), Minimum: some(reps(2, 0))},
			[]string{"/at/dose wrong-dose", "/at/minimum_dose wrong-dose"}},
		"dose wrong, smallest above": {"bridge", NewItem{Dose: reps(0, 8), Minimum: some(reps(2, 1))},
			[]string{"/at/dose wrong-dose"}},
		"a quota of 0": {"bridge", NewItem{Dose: reps(2, 8), Schedule: Schedule{Kind: WeeklyQuota}},
			[]string{"/at/schedule/sessions_per_week required"}},
		"a quota with days": {"bridge", NewItem{Dose: reps(2, 8), Schedule: Schedule{Kind: WeeklyQuota, Quota: 2,
			Days: days}},
			[]string{"/at/schedule/days not-with-quota"}},
		"fixed days": {"bridge", NewItem{Dose: reps(2, 8), Schedule: Schedule{Kind: FixedDays, Days: days}}, nil},
		"no days": {"bridge", NewItem{Dose: reps(2, 8), Schedule: Schedule{Kind: FixedDays}},
			[]string{"/at/schedule/days required"}},
		"days with a quota": {"bridge",
			NewItem{Dose: reps(2, 8), Schedule: Schedule{Kind: FixedDays, Quota: 2, Days: days}},
			[]string{"/at/schedule/sessions_per_week not-with-days"}},
	} {
		e, err := l.Find(tc.slug)
		require.NoError(t, err)
		if tc.item.Schedule.Kind == "" {
			tc.item.Schedule = weekly(3)
		}
		require.Equal(t, tc.want, wrong(fault.Input(tc.item.check("/at", e)...)), name)
	}
}

// A version names everything that is wrong with it, and is completed from the library otherwise.
func TestAVersionIsBuilt(t *testing.T) {
	t.Parallel()
	l := embedded(t)
	walk := NewItem{ID: "i2", Exercise: "walk-easy", Dose: minutes(0, 10), Schedule: weekly(5)}
	twice := walk
	twice.ID, twice.Dose = "i3", minutes(2, 10)
	items, err := NewVersion{EffectiveFrom: monday, Items: []NewItem{
		{ID: "i1", Exercise: "bridge", Dose: reps(2, 8), Schedule: weekly(3)}, walk, twice,
	}}.build(l, monday)
	require.NoError(t, err)
	require.Equal(t, []Item{
		{ID: "i1", Exercise: "bridge", Module: exercise.Strength, Dose: reps(2, 8), Schedule: weekly(3),
			SecondsPerSet: 65},
		{ID: "i2", Exercise: "walk-easy", Module: exercise.Walking, Dose: minutes(1, 10), Schedule: weekly(5),
			SecondsPerSet: 600},
		{ID: "i3", Exercise: "walk-easy", Module: exercise.Walking, Dose: minutes(2, 10), Schedule: weekly(5),
			SecondsPerSet: 600},
	}, items, "10 minutes are once 10 minutes")

	_, err = NewVersion{EffectiveFrom: monday, Items: []NewItem{
		{ID: "i1", Exercise: "bridge", Dose: reps(2, 8), Schedule: weekly(3)},
		{ID: "i1", Exercise: "handstand", Dose: reps(2, 8), Schedule: weekly(3)},
		{ID: "i2", Exercise: "bridge", Dose: reps(0, 8), Schedule: weekly(3)},
	}}.build(l, monday)
	require.Equal(
		t, []string{"/items/1/id duplicate", "/items/1/exercise unknown-exercise", "/items/2/dose wrong-dose"},
		wrong(err),
	)
}

// A pause runs forwards, not for too long, and begins at most a week back and a year ahead.
func TestWhichPauseIsAllowed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		start, end int
		byPatient  bool
		want       []string
	}{
		"one day":             {0, 0, true, nil},
		"backwards":           {1, 0, true, []string{"/end_date before-start"}},
		"21 days alone":       {0, 20, true, nil},
		"22 days alone":       {0, 21, true, []string{"/end_date pause-too-long"}},
		"22 days, therapist":  {0, 21, false, nil},
		"180 days, therapist": {0, 179, false, nil},
		"181 days, therapist": {0, 180, false, []string{"/end_date pause-over-180-days"}},
		"7 days back":         {-7, 0, true, nil},
		"8 days back":         {-8, 0, true, []string{"/start_date too-long-ago"}},
		"a year ahead":        {365, 366, true, nil},
		"more than a year":    {366, 366, true, []string{"/start_date too-far-ahead"}},
	} {
		err := NewPause{Start: monday.AddDays(tc.start), End: monday.AddDays(tc.end)}.check(monday, tc.byPatient, 21)
		require.Equal(t, tc.want, wrong(err), name)
	}
}
