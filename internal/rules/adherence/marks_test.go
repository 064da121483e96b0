package adherence

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/program"
	"cadans/pkg/localtime"
)

// The strip ends today: its last letter is today's, its first that of 27 days ago.
func TestTheStripEndsToday(t *testing.T) {
	t.Parallel()
	today := localtime.MustParseDate("2026-03-30")
	day := func(ago, done int) Day { return Day{Date: today.AddDays(-ago), Active: true, Done: done, Expected7: 7} }
	var series Series
	for ago := 40; ago >= 0; ago-- {
		series = append(series, day(ago, 0))
	}
	series[40], series[39], series[13], series[12] = day(0, 1), day(1, 0), day(27, 1), day(28, 1)
	free := strings.Repeat(string(MarkFree), 26)
	require.Equal(
		t, string(MarkDone)+free+string(MarkDone), marks(program.History{}, series, today), "28 days ago is not shown",
	)
	require.Equal(
		t, strings.Repeat(string(MarkBeforeStart), 27)+string(MarkDone), marks(program.History{}, series[40:], today),
	)
}

// A day is missed only when something had to happen on that very day.
func TestWhatADayShows(t *testing.T) {
	t.Parallel()
	monday := localtime.MustParseDate("2026-03-23")
	fixed := program.Item{
		Schedule: program.Schedule{Kind: program.FixedDays, Days: []time.Weekday{time.Monday}, TimesPerDay: 1},
	}
	quota := func(n int) program.Item {
		return program.Item{Schedule: program.Schedule{Kind: program.WeeklyQuota, Quota: n, TimesPerDay: 1}}
	}
	asked := func(items ...program.Item) program.History {
		return program.History{Versions: []program.Version{{Number: 1, EffectiveFrom: monday, Items: items}}}
	}
	for name, tc := range map[string]struct {
		history program.History
		day     Day
		want    Mark
	}{
		"the fixed day":                 {asked(fixed), Day{Date: monday, Active: true}, MarkOpen},
		"another day":                   {asked(fixed), Day{Date: monday.AddDays(1), Active: true}, MarkFree},
		"before it was asked":           {asked(fixed), Day{Date: monday.AddDays(-7), Active: true}, MarkFree},
		"fixed day with nothing active": {asked(fixed), Day{Date: monday}, MarkFree},
		"five a week":                   {asked(quota(5)), Day{Date: monday, Active: true}, MarkFree},
		"every day":                     {asked(quota(7)), Day{Date: monday.AddDays(1), Active: true}, MarkOpen},
		"a free day beside a fixed one": {asked(quota(5), fixed),
			Day{Date: monday.AddDays(1), Active: true}, MarkFree},
		"the fixed day beside a quota": {asked(quota(5), fixed), Day{Date: monday, Active: true}, MarkOpen},
		"paused on the fixed day":      {asked(fixed), Day{Date: monday, Active: false, Paused: true}, MarkPaused},
		"done": {asked(fixed),
			Day{Date: monday, Active: true, Sessions: 1, Done: 1, Expected7: 7}, MarkDone},
		"done though nothing was asked": {asked(fixed),
			Day{Date: monday.AddDays(1), Active: true, Sessions: 1, Done: 1}, MarkExtra},
		"done in a pause": {asked(fixed),
			Day{Date: monday, Paused: true, Sessions: 1, PauseDone: 1, Expected7: 7}, MarkExtra},
		"begun": {asked(fixed),
			Day{Date: monday, Active: true, Sessions: 1, Expected7: 7}, MarkPartly},
		"begun, but it came too late": {asked(fixed),
			Day{Date: monday, Active: true, Sessions: 1, Uncounted: 1, Expected7: 7}, MarkOpen},
		"begun twice, once told in time": {asked(fixed),
			Day{Date: monday, Active: true, Sessions: 2, Uncounted: 1, Expected7: 7}, MarkPartly},
	} {
		require.Equal(t, string(tc.want), string(MarkOf(tc.history, tc.day)), name)
	}
}
