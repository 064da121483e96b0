package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/record/pain"
	"cadans/internal/record/people"
	"cadans/internal/record/program"
	"cadans/internal/rules/adherence"
	"cadans/internal/screens/overview"
	"cadans/internal/screens/progress"
	"cadans/pkg/localtime"
)

var english = Words{Words: adherence.Words{Language: people.English}}

// days are some days from Monday 2 March 2026 with the scores before and after; -1 is none.
func days(scores ...[2]int) (d progress.Days) {
	monday := localtime.MustParseDate("2026-03-02")
	for i, s := range scores {
		day := adherence.Day{Date: monday.AddDays(i), Active: true, Expected7: 5}
		if s[0] >= 0 {
			day.Before, day.Sessions, day.Done = adherence.Scores{Sum: s[0], Count: 1}, 1, 1
		}
		if s[1] >= 0 {
			day.After = adherence.Scores{Sum: s[1], Count: 1}
		}
		d.Days, d.Marks = append(d.Days, day), append(d.Marks, adherence.MarkFree)
	}
	return d
}

// A score that was not given is a gap and never a zero; a week without any breaks the line.
func TestThePainChart(t *testing.T) {
	t.Parallel()
	none := [2]int{-1, -1}
	d := days([2]int{4, 6}, none, [2]int{5, -1}, none, none, none, none, none, none, none, [2]int{0, 10})
	d.Versions = []program.Version{{Number: 2, EffectiveFrom: d.Days[2].Date}}
	d.Points = []pain.Point{
		{Source: pain.FromIntake, Kind: pain.Average, Day: d.Days[0].Date},
		{Source: pain.FromSession, Kind: pain.Before, Day: d.Days[2].Date},
		{Source: pain.FromSession, Kind: pain.After, Day: d.Days[2].Date},
		{Source: pain.FromCheckIn, Kind: pain.Average, Day: d.Days[2].Date},
		{Source: pain.FromQuestionnaire, Kind: pain.Worst, Day: d.Days[2].Date},
	}
	c := painChartOf(english, d)
	require.Len(t, c.Before, 3)
	require.Len(t, c.After, 2)
	require.Len(t, c.Lines, 2, "8 days without a score")
	require.Equal(t, chartHeight-4, c.Before[2].Y, "0 at the bottom")
	require.Equal(t, 4, c.After[1].Y, "10 at the top")
	require.Less(t, c.Before[0].X, c.Before[1].X)
	require.LessOrEqual(t, c.Before[2].X, chartWidth)
	require.Equal(t, []versionMark{{c.Before[1].X, "v2"}}, c.Versions)
	require.Equal(
		t, []painRow{
			{"Thu 12 Mar", "0.0", "10.0", ""}, {"Wed 4 Mar", "5.0", "–", "session, weekly question"},
			{"Mon 2 Mar", "4.0", "6.0", "intake"},
		}, c.Rows,
	)
	require.Equal(t, "Pain 3.0 on average, 3 scores.", c.Said)

	seven := days([2]int{4, -1}, none, none, none, none, none, none, [2]int{4, -1})
	require.Len(t, painChartOf(english, seven).Lines, 1, "7 days do not break it")
	require.Equal(t, "No pain scores in these weeks.", painChartOf(english, days(none)).Said)
}

// Bars are as high as what was done and asked, on one scale.
func TestTheWeekChart(t *testing.T) {
	t.Parallel()
	monday := localtime.MustParseDate("2026-03-02")
	c := weekChartOf(english, []progress.Week{
		{Monday: monday, Rate: adherence.Rate{Done: 5, Expected7: 35}},
		{Monday: monday.AddDays(7), Rate: adherence.Rate{Done: 1, Expected7: 35}},
		{Monday: monday.AddDays(14), Rate: adherence.Rate{Done: 6, Expected7: 0}},
	})
	require.Equal(t, 6, c.Most)
	require.Equal(t, "3.0", c.HalfWay)
	require.Equal(t, "Done of asked: 12 of 10", c.Said)
	require.Equal(t, c.Bars[0].Asked, c.Bars[0].Done)
	require.Equal(t, chartHeight*1/6, c.Bars[1].Done)
	require.Equal(t, chartHeight, c.Bars[2].Done)
	require.Zero(t, c.Bars[2].DoneY)
	require.Zero(t, c.Bars[2].Asked, "nothing was asked")
	require.Equal(t, "9 Mar: 1 of 5", c.Bars[1].Said)
}

// The calendar has a cell for each day of the range, in words as well; the latest week comes first.
func TestTheCalendar(t *testing.T) {
	t.Parallel()
	d := days(
		[2]int{4, 6}, [2]int{-1, -1}, [2]int{-1, -1}, [2]int{-1, -1}, [2]int{-1, -1}, [2]int{-1, -1}, [2]int{-1, -1},
		[2]int{3, 3},
	)
	d.Marks[0], d.Days[0].Rises, d.Marks[7] = adherence.MarkDone, 1, adherence.MarkOpen
	d.Weeks = []progress.Week{
		{Monday: d.Days[0].Date, Rate: adherence.Rate{Done: 1, Expected7: 35}},
		{Monday: d.Days[7].Date, Rate: adherence.Rate{Expected7: 5}},
	}
	weeks := calendarOf(english, d, d.Days[7].Date)
	require.Len(t, weeks, 2)
	require.Equal(t, "9 Mar", weeks[0].Monday)
	require.Equal(
		t, calendarDay{Sign: "☐", Said: "Mon 9 Mar, planned, not recorded", Kind: "open", Today: true},
		weeks[0].Days[0],
	)
	require.Empty(t, weeks[0].Days[1].Said, "after the range")
	require.Equal(
		t, calendarDay{Sign: "■", Said: "Mon 2 Mar, done, more pain after the session", Kind: "done", Rise: true},
		weeks[1].Days[0],
	)
	require.Equal(t, "1 of 5", weeks[1].Rate)
}

// Numbers of the practice are written in the unit that their key names; a hidden one is a dash.
func TestTiles(t *testing.T) {
	t.Parallel()
	n := func(i int) *int { return &i }
	v := practiceView{Words: english}
	for key, tc := range map[string]struct {
		value *int
		want  string
	}{
		"paired_permille":    {n(613), "61%"},
		"pain_change_tenths": {n(-16), "–1.6"},
		"therapists_active":  {n(6), "6"},
		"week_12_permille":   {nil, "–"},
	} {
		require.Equal(t, tc.want, v.TileValue(overview.Tile{Key: key, Value: tc.value}), key)
	}
	bars := v.bars(
		[]overview.Cell{{Name: "a", Patients: n(10)}, {Name: "b"}, {Name: "c", Patients: n(40)}},
		func(s string) string { return s },
	)
	require.Equal(
		t,
		[]bar{{Name: "a", Value: 10, Most: 40}, {Name: "b", Most: 40, Hidden: true}, {Name: "c", Value: 40, Most: 40}},
		bars,
	)
}
