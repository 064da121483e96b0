package reminder_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

// Every local date that exists has one slot of each kind, at the wall time it should have, whatever the clocks do:
// every quarter of an hour around the changes, and some over all years.
func TestOneSlotForEachLocalDate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"Europe/Amsterdam", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kathmandu",
		"America/Santiago",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := localtime.LoadZone(name)
			require.NoError(t, err)
			years := 7
			if testing.Short() {
				years = 2
			}
			first := localtime.NewDate(2024, 1, 1)
			last := localtime.NewDate(2024+years, 1, 1)
			for _, anchor := range []string{"00:05", "02:30", "09:00", "23:50"} {
				walkDays(t, zone, localtime.MustParseTimeOfDay(anchor), first, last)
			}
			for day := first; day.Before(last); day = day.AddDays(1) {
				if offset(day, zone) == offset(day.AddDays(1), zone) {
					continue
				}
				for quarter := range 96 {
					walkDays(t, zone, localtime.TimeOfDay(15*quarter), day.AddDays(-2), day.AddDays(4))
				}
			}
		})
	}
}

// Apia skipped 30 December 2011: there is no slot for a day that was none, and none is lost beside it.
func TestTheDayThatWasNone(t *testing.T) {
	t.Parallel()
	apia, err := localtime.LoadZone("Pacific/Apia")
	require.NoError(t, err)
	p := patientWith(9 * 60)
	from, until := localtime.Resolve(localtime.NewDate(2011, 12, 28), 0, apia),
		localtime.Resolve(localtime.NewDate(2012, 1, 2), 0, apia)
	dates, _ := reminder.Walk(p, apia, from, until)
	require.Equal(t, []localtime.Date{
		localtime.NewDate(2011, 12, 28), localtime.NewDate(2011, 12, 29), localtime.NewDate(2011, 12, 31),
		localtime.NewDate(2012, 1, 1),
	}, dates[reminder.Cue])
}

func offset(day localtime.Date, zone *time.Location) int {
	_, seconds := localtime.Resolve(day, 0, zone).Zone()
	return seconds
}

func patientWith(anchor localtime.TimeOfDay) people.Patient {
	wishes := people.DefaultWishes
	wishes.Anchor = anchor
	return people.Patient{ID: id.Patient("019aa0c4-7d00-7000-8000-0000000000c1"), Reminders: wishes}
}

// walkDays checks the slots of a range of days; the last is not part of it.
func walkDays(t *testing.T, zone *time.Location, anchor localtime.TimeOfDay, first, last localtime.Date) {
	t.Helper()
	dates, moments := reminder.Walk(
		patientWith(anchor), zone, localtime.Resolve(first, 0, zone).Add(-12*time.Hour),
		localtime.Resolve(last, 0, zone).Add(12*time.Hour),
	)
	for _, kind := range []reminder.Kind{reminder.Weekly, reminder.Cue} {
		inside := slices.DeleteFunc(
			slices.Clone(dates[kind]), func(d localtime.Date) bool { return d.Before(first) || !d.Before(last) },
		)
		require.Len(t, inside, last.DaysSince(first), "%s %s: %s", zone, anchor, kind)
	}
	for i, at := range moments[reminder.Cue] {
		day := dates[reminder.Cue][i]
		require.Equal(
			t, localtime.Resolve(day, anchor, zone).Add(-10*time.Minute), at, "%s %s on %s", zone, anchor, day,
		)
		if i > 0 {
			require.Equal(
				t, 1, day.DaysSince(dates[reminder.Cue][i-1]), "%s %s after %s", zone, anchor, dates[reminder.Cue][i-1],
			)
		}
	}
}
