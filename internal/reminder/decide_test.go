package reminder_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/adherence"
	"cadans/internal/people"
	"cadans/internal/reminder"
	"cadans/pkg/localtime"
)

// Each case changes one thing about a patient for whom everything speaks for sending.
func TestDecide(t *testing.T) {
	t.Parallel()
	amsterdam, err := localtime.LoadZone("Europe/Amsterdam")
	require.NoError(t, err)
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, amsterdam)
	night := time.Date(2026, 3, 10, 22, 30, 0, 0, amsterdam)
	morning := time.Date(2026, 3, 11, 8, 0, 0, 0, amsterdam)
	send, skip, hold := reminder.Send, reminder.Skip, reminder.Hold

	type change func(*reminder.Facts)
	for _, tc := range []struct {
		name    string
		kind    reminder.Kind
		now     time.Time
		change  change
		outcome reminder.Outcome
		reason  reminder.Reason
		until   time.Time
	}{
		{"a cue when all is well", reminder.Cue, noon, func(*reminder.Facts) {}, send, reminder.Due, time.Time{}},
		{"no consent", reminder.Cue, noon, func(f *reminder.Facts) { f.Patient.Reminders.Consent = false }, skip, reminder.NoConsent, time.Time{}},
		{"none a day wanted", reminder.Cue, noon, func(f *reminder.Facts) { f.Patient.Reminders.MaxPerDay = 0 }, skip, reminder.Stopped, time.Time{}},
		{"none a week wanted", reminder.Cue, noon, func(f *reminder.Facts) { f.Patient.Reminders.MaxPerWeek = 0 }, skip, reminder.Stopped, time.Time{}},
		{"no program", reminder.Cue, noon, func(f *reminder.Facts) { f.HasProgram = false }, skip, reminder.NoProgram, time.Time{}},
		{"paused", reminder.Cue, noon, func(f *reminder.Facts) { f.Day.Paused = true }, skip, reminder.Paused, time.Time{}},
		{"rest day", reminder.Cue, noon, func(f *reminder.Facts) { f.Day.Expected7 = 0 }, skip, reminder.RestDay, time.Time{}},
		{"the week is complete", reminder.Cue, noon, func(f *reminder.Facts) { f.WeekDone = true }, skip, reminder.WeekComplete, time.Time{}},
		{"done already", reminder.Cue, noon, func(f *reminder.Facts) { f.Day.Sessions = 1 }, skip, reminder.DoneAlready, time.Time{}},
		{"phone silent for 5 days", reminder.Cue, noon, func(f *reminder.Facts) { f.LastSeen = noon.Add(-5 * 24 * time.Hour) }, skip, reminder.Unknown, time.Time{}},
		{"phone silent for a minute less", reminder.Cue, noon, func(f *reminder.Facts) { f.LastSeen = noon.Add(-5*24*time.Hour + time.Minute) }, send, reminder.Due, time.Time{}},
		{"no device", reminder.Cue, noon, func(f *reminder.Facts) { f.Phones = 0 }, skip, reminder.NoDevice, time.Time{}},
		{"quiet hours hold until the morning", reminder.Cue, night, func(*reminder.Facts) {}, hold, reminder.QuietHours, morning},
		{"at the end of quiet hours", reminder.Cue, morning, func(f *reminder.Facts) { f.LastSeen = morning }, send, reminder.Due, time.Time{}},
		{"another push 3:59 ago", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.Last = noon.Add(-4*time.Hour + time.Minute) }, skip, reminder.TooSoon, time.Time{}},
		{"another push 4:00 ago", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.Last = noon.Add(-4 * time.Hour) }, send, reminder.Due, time.Time{}},
		{"a cue 19:59 ago", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.LastCue = noon.Add(-20*time.Hour + time.Minute) }, skip, reminder.TooSoon, time.Time{}},
		{"one reminder today already", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.TodayReminders, f.Sent.Today = 1, 1 }, skip, reminder.DailyCap, time.Time{}},
		{"two allowed, one sent", reminder.Cue, noon, func(f *reminder.Facts) {
			f.Patient.Reminders.MaxPerDay, f.Sent.TodayReminders, f.Sent.Today = 2, 1, 1
		}, send, reminder.Due, time.Time{}},
		{"two pushes of any kind today", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.Today = 2 }, skip, reminder.DailyCap, time.Time{}},
		{"five cues this week", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.WeekCues, f.Patient.Reminders.MaxPerWeek = 5, 7 }, skip, reminder.WeeklyCap, time.Time{}},
		{"as many as the patient wants this week", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.WeekCues, f.Patient.Reminders.MaxPerWeek = 2, 2 }, skip, reminder.WeeklyCap, time.Time{}},
		{"seven pushes of any kind this week", reminder.Cue, noon, func(f *reminder.Facts) { f.Sent.Week = 7 }, skip, reminder.WeeklyCap, time.Time{}},
		{"dropped: the evening is better", reminder.Cue, noon, func(f *reminder.Facts) { f.Dropped = true }, skip, reminder.RescueInstead, time.Time{}},
		{"dropped, two rescues this week: the cue again", reminder.Cue, noon, func(f *reminder.Facts) { f.Dropped, f.Sent.WeekRescues = true, 2 }, send, reminder.Due, time.Time{}},
		{"dropped, two a day allowed: the cue too", reminder.Cue, noon, func(f *reminder.Facts) { f.Dropped, f.Patient.Reminders.MaxPerDay = true, 2 }, send, reminder.Due, time.Time{}},

		{"a rescue needs a drop", reminder.Rescue, noon, func(*reminder.Facts) {}, skip, reminder.NotDropped, time.Time{}},
		{"a rescue after a drop", reminder.Rescue, noon, func(f *reminder.Facts) { f.Dropped = true }, send, reminder.Due, time.Time{}},
		{"no rescue when done", reminder.Rescue, noon, func(f *reminder.Facts) { f.Dropped, f.Day.Sessions = true, 1 }, skip, reminder.DoneAlready, time.Time{}},
		{"two rescues this week", reminder.Rescue, noon, func(f *reminder.Facts) { f.Dropped, f.Sent.WeekRescues = true, 2 }, skip, reminder.WeeklyCap, time.Time{}},
		{"no rescue after today's cue", reminder.Rescue, noon, func(f *reminder.Facts) { f.Dropped, f.Sent.TodayReminders, f.Sent.Today = true, 1, 1 }, skip, reminder.DailyCap, time.Time{}},

		{"feedback to read", reminder.Feedback, noon, func(f *reminder.Facts) { f.Unread = 1 }, send, reminder.Due, time.Time{}},
		{"feedback goes out in a pause too", reminder.Feedback, noon, func(f *reminder.Facts) { f.Unread, f.Day.Paused = 1, true }, send, reminder.Due, time.Time{}},
		{"feedback opened meanwhile", reminder.Feedback, noon, func(f *reminder.Facts) { f.Unread = 0 }, skip, reminder.NothingUnread, time.Time{}},
		{"feedback without consent", reminder.Feedback, noon, func(f *reminder.Facts) { f.Unread, f.Patient.Reminders.Consent = 1, false }, skip, reminder.NoConsent, time.Time{}},
		{"feedback without phone", reminder.Feedback, noon, func(f *reminder.Facts) { f.Unread, f.Phones = 1, 0 }, skip, reminder.NoDevice, time.Time{}},
		{"feedback at night", reminder.Feedback, night, func(f *reminder.Facts) { f.Unread = 1 }, hold, reminder.QuietHours, morning},
		{"feedback on a full day", reminder.Feedback, noon, func(f *reminder.Facts) { f.Unread, f.Sent.Today = 1, 2 }, hold, reminder.DailyCap, morning},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := reminder.Facts{
				Kind: tc.kind, Zone: amsterdam, HasProgram: true, Phones: 1, LastSeen: tc.now,
				Patient: people.Patient{Zone: "Europe/Amsterdam", Reminders: people.DefaultWishes},
				Day:     adherence.Day{Active: true, Expected7: 5},
			}
			tc.change(&f)
			v := reminder.Decide(f, tc.now)
			require.Equal(t, tc.outcome, v.Outcome)
			require.Equal(t, tc.reason, v.Reason)
			require.True(t, tc.until.Equal(v.Until), "until %s", v.Until)
		})
	}
}
