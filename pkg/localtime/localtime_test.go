package localtime_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/pkg/localtime"
)

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, in string
		ok       bool
	}{
		{"an ordinary day", "2026-11-19", true},
		{"the leap day", "2028-02-29", true},
		{"no leap day this year", "2026-02-29", false},
		{"30 February", "2026-02-30", false},
		{"one digit", "2026-1-09", false},
		{"with a time", "2026-11-19T10:00", false},
		{"year zero", "0000-01-01", false},
		{"empty", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d, err := localtime.ParseDate(tc.in)
			if !tc.ok {
				require.ErrorIs(t, err, localtime.ErrInvalidDate)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tc.in, d.String())
		})
	}
}

func TestDateAgreesWithTheCalendar(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-60e9, 60e9).Draw(t, "unix"), 0).UTC()
		days := rapid.IntRange(-5000, 5000).Draw(t, "days")
		d := localtime.DateOf(at)
		require.Equal(t, at.Format("2006-01-02"), d.String())
		require.Equal(t, at.Weekday(), d.Weekday())
		require.Equal(t, at.AddDate(0, 0, days).Format("2006-01-02"), d.AddDays(days).String())
		require.Equal(t, days, d.AddDays(days).DaysSince(d))
		require.Equal(t, time.Monday, d.Monday().Weekday())
		require.Less(t, d.DaysSince(d.Monday()), 7)
		require.GreaterOrEqual(t, d.DaysSince(d.Monday()), 0)
	})
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, zone, day, clock, want string }{
		{"an ordinary morning", "Europe/Amsterdam", "2026-11-19", "09:00", "2026-11-19T08:00:00Z"},
		{"Amsterdam gap: first instant after it", "Europe/Amsterdam", "2026-03-29", "02:30", "2026-03-29T01:00:00Z"},
		{"New York gap: first instant after it", "America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00:00Z"},
		{"Lord Howe gap of 30 minutes", "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30:00Z"},
		{"Amsterdam overlap: first occurrence", "Europe/Amsterdam", "2026-10-25", "02:30", "2026-10-25T00:30:00Z"},
		{"Lord Howe overlap: first occurrence", "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00Z"},
		{"Cairo changes at midnight: the evening stands", "Africa/Cairo", "2026-04-24", "18:00",
			"2026-04-24T15:00:00Z"},
		{"Cairo: midnight itself is skipped", "Africa/Cairo", "2026-04-24", "00:30", "2026-04-23T22:00:00Z"},
		{"Santiago changes at midnight: the evening stands", "America/Santiago", "2026-09-06", "18:00",
			"2026-09-06T21:00:00Z"},
		{"Kathmandu, +05:45", "Asia/Kathmandu", "2026-11-19", "09:00", "2026-11-19T03:15:00Z"},
		{"Apia: the lost day ends where the next begins", "Pacific/Apia", "2011-12-30", "09:00",
			"2011-12-30T10:00:00Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			zone, err := localtime.LoadZone(tc.zone)
			require.NoError(t, err)
			got := localtime.Resolve(localtime.MustParseDate(tc.day), localtime.MustParseTimeOfDay(tc.clock), zone)
			require.Equal(t, tc.want, got.UTC().Format(time.RFC3339))
		})
	}
}

// places change their clocks at other hours, by 30 minutes, at midnight, or not at all; one has no whole hours, and one
// has lost a day.
var places = []string{
	"Europe/Amsterdam", "America/New_York", "Africa/Cairo", "America/Santiago", "Australia/Lord_Howe",
	"Asia/Kathmandu", "Pacific/Apia",
}

// Every quarter of an hour of every day 2024-2030 resolves to an instant that shows it, or to the end of a gap; the
// next day is at the wall time again.
func TestResolveEveryQuarter(t *testing.T) {
	t.Parallel()
	for _, name := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := localtime.LoadZone(name)
			require.NoError(t, err)
			last := time.Time{}
			for day := localtime.NewDate(2024, 1, 1); day.Before(localtime.NewDate(2031, 1, 1)); day = day.AddDays(1) {
				for clock := localtime.TimeOfDay(0); clock < 24*60; clock += 15 {
					got := localtime.Resolve(day, clock, zone)
					shown := localtime.TimeOfDayOf(got)
					if localtime.DateOf(got) != day || shown != clock {
						start, _ := got.ZoneBounds()
						require.True(
							t, start.Equal(got), "%s %s resolved to %s, which is no clock change", day, clock, got,
						)
						require.False(t, got.Before(last))
					}
					require.False(t, got.Before(last), "%s %s", day, clock)
					last = got
				}
			}
		})
	}
}

// Time that passes runs through every local day once and in order, however long the day is.
func TestEveryDayComesOnce(t *testing.T) {
	t.Parallel()
	lengths := map[string][]float64{ // hours of the days that have not 24
		"Europe/Amsterdam": {23, 25}, "America/New_York": {23, 25}, "Africa/Cairo": {23, 25},
		"America/Santiago": {23, 25}, "Australia/Lord_Howe": {23.5, 24.5}, "Asia/Kathmandu": nil, "Pacific/Apia": nil,
	}
	for _, name := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := localtime.LoadZone(name)
			require.NoError(t, err)
			day, odd := localtime.NewDate(2024, 1, 1), map[float64]int{}
			for ; day.Before(localtime.NewDate(2031, 1, 1)); day = day.AddDays(1) {
				start, end := localtime.Resolve(day, 0, zone), localtime.Resolve(day.AddDays(1), 0, zone)
				require.Equal(t, day, localtime.Today(start, zone))
				require.Equal(t, day, localtime.Today(end.Add(-time.Millisecond), zone))
				require.Equal(t, day.AddDays(1), localtime.Today(end, zone))
				if hours := end.Sub(start).Hours(); hours != 24 {
					odd[hours]++
				}
			}
			require.Len(t, odd, len(lengths[name]))
			for _, hours := range lengths[name] {
				require.Equal(t, 7, odd[hours], "once a year, of %v hours", hours)
			}
		})
	}
}

// Apia went from 29 to 31 December 2011: the day between exists on no clock there, and lasts no time.
func TestApiaLostADay(t *testing.T) {
	t.Parallel()
	zone, err := localtime.LoadZone("Pacific/Apia")
	require.NoError(t, err)
	lost := localtime.MustParseDate("2011-12-30")
	start, end := localtime.Resolve(lost, 0, zone), localtime.Resolve(lost.AddDays(1), 0, zone)
	require.Zero(t, end.Sub(start))
	require.Equal(t, lost.AddDays(-1), localtime.Today(start.Add(-time.Millisecond), zone))
	require.Equal(t, lost.AddDays(1), localtime.Today(start, zone))
}

// A night from 21:00 to 08:00 ends at eight on the clock, whatever the clocks do in it.
func TestNightsEndOnTheClock(t *testing.T) {
	t.Parallel()
	night := localtime.Window{From: localtime.MustParseTimeOfDay("21:00"), Until: localtime.MustParseTimeOfDay("08:00")}
	for _, name := range places {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := localtime.LoadZone(name)
			require.NoError(t, err)
			for day := localtime.NewDate(2024, 1, 1); day.Before(localtime.NewDate(2031, 1, 1)); day = day.AddDays(1) {
				for clock := localtime.TimeOfDay(0); clock < 24*60; clock += 30 {
					now := localtime.Resolve(day, clock, zone)
					end, inside := night.End(now)
					require.Equal(t, night.Contains(localtime.TimeOfDayOf(now)), inside)
					if inside {
						require.Equal(t, "08:00", localtime.TimeOfDayOf(end).String(), "%s %s", day, clock)
						require.Less(t, end.Sub(now), 13*time.Hour)
						require.True(t, end.After(now))
					}
				}
			}
		})
	}
}

func TestLoadZoneRefusesGuesses(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "Local", "EST5", "Europe/Amsterdamm", "../etc/passwd", "posix/Europe/Amsterdam",
		"right/Europe/Amsterdam", "europe/amsterdam", "Europe/ Amsterdam",
	} {
		_, err := localtime.LoadZone(name)
		require.ErrorIs(t, err, localtime.ErrUnknownZone, name)
	}
	for _, name := range []string{"UTC", "Europe/Amsterdam", "Asia/Katmandu", "Europe/Kiev"} {
		_, err := localtime.LoadZone(name)
		require.NoError(t, err, name)
	}
}

func TestWindowEnd(t *testing.T) {
	t.Parallel()
	amsterdam, err := localtime.LoadZone("Europe/Amsterdam")
	require.NoError(t, err)
	night := localtime.Window{From: localtime.MustParseTimeOfDay("21:00"), Until: localtime.MustParseTimeOfDay("08:00")}
	for _, tc := range []struct {
		name, now, want string
		inside          bool
	}{
		{"before it starts", "2026-11-19T20:59:00+01:00", "2026-11-19T20:59:00+01:00", false},
		{"in the evening it ends tomorrow", "2026-11-19T21:00:00+01:00", "2026-11-20T08:00:00+01:00", true},
		{"in the morning it ends today", "2026-11-20T07:59:00+01:00", "2026-11-20T08:00:00+01:00", true},
		{"at its end it is over", "2026-11-20T08:00:00+01:00", "2026-11-20T08:00:00+01:00", false},
		{"over the night clocks go forward", "2026-03-28T23:00:00+01:00", "2026-03-29T08:00:00+02:00", true},
		{"over the night clocks go back", "2026-10-24T23:00:00+02:00", "2026-10-25T08:00:00+01:00", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, tc.now)
			require.NoError(t, err)
			end, inside := night.End(now.In(amsterdam))
			require.Equal(t, tc.inside, inside)
			require.Equal(t, tc.want, end.Format(time.RFC3339))
		})
	}
	require.Equal(t, 11*60, night.Minutes())
	require.False(t, localtime.Window{}.Contains(0), "an empty window holds nothing")
}

// What fuzzing begins with, and whether it has to be accepted.
var (
	dateSeeds = map[string]bool{
		"2026-11-19": true, "2024-02-29": true, "0001-01-01": true, "9999-12-31": true,
		"2026-02-29": false, "2026-13-01": false, "2026-11-31": false, "0000-01-01": false, "2026-1-9": false,
		"20261119": false, "2026-11-19T00:00": false, " 2026-11-19": false, "-026-11-19": false, "": false,
	}
	timeSeeds = map[string]bool{
		"09:00": true, "00:00": true, "23:59": true,
		"24:00": false, "9:00": false, "09:60": false, "09:00:00": false, "09.00": false, "-9:00": false, "": false,
	}
	windowSeeds = map[string]bool{
		"21:00-08:00": true, "09:00-09:00": true,
		"21:00": false, "21:00-": false, "-08:00": false, "21:00-08:00-09:00": false, "21:00–08:00": false, "": false,
	}
)

func FuzzParseDate(f *testing.F) { fuzzesText(f, dateSeeds, localtime.ParseDate) }

func FuzzParseTimeOfDay(f *testing.F) { fuzzesText(f, timeSeeds, localtime.ParseTimeOfDay) }

func FuzzParseWindow(f *testing.F) { fuzzesText(f, windowSeeds, localtime.ParseWindow) }

// fuzzesText expects that what is accepted is written as it was read.
func fuzzesText[T fmt.Stringer](f *testing.F, seeds map[string]bool, parse func(string) (T, error)) {
	for seed, accepted := range seeds {
		_, err := parse(seed)
		require.Equal(f, accepted, err == nil, "%q", seed)
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if read, err := parse(text); err == nil {
			require.Equal(t, text, read.String())
		}
	})
}

func TestExists(t *testing.T) {
	t.Parallel()
	apia, err := localtime.LoadZone("Pacific/Apia")
	require.NoError(t, err)
	for day, want := range map[int]bool{29: true, 30: false, 31: true} {
		require.Equal(t, want, localtime.Exists(localtime.NewDate(2011, 12, day), apia), day)
	}
}
