package reminder_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"cadans/internal/record/people"
	practice "cadans/internal/record/settings"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/reminder"
	"cadans/pkg/localtime"
)

var amsterdam = func() *time.Location {
	zone, err := localtime.LoadZone("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return zone
}()

// tuesday is the date of every case; most are decided at noon.
var tuesday = localtime.NewDate(2026, 3, 10)

// willing is a patient for whom everything speaks for sending.
func willing(kind reminder.Kind, now time.Time) reminder.Facts {
	return reminder.Facts{
		Kind: kind, Policy: reminder.Default, Zone: amsterdam, Date: tuesday, HasProgram: true, Phones: 1,
		LastSeen: now.Add(-3 * time.Hour),
		Patient:  people.Patient{Zone: "Europe/Amsterdam", Reminders: people.DefaultWishes}, DaysIn: 28, Away: 1,
		Idle: 1, Day: adherence.Course{Expected7: 5}, Unread: 1,
		Questions: reminder.Waiting{Waiting: 1, DueOn: tuesday},
	}
}

// Each case changes one thing about a willing patient.
func TestDecide(t *testing.T) {
	t.Parallel()
	at := func(clock string) time.Time {
		return localtime.Resolve(tuesday, localtime.MustParseTimeOfDay(clock), amsterdam)
	}
	noon, night, morning := at("12:00"), at("22:30"), localtime.Resolve(tuesday.AddDays(1), 8*60, amsterdam)
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	days := tuesday.AddDays
	const (
		cue, rescue, weekly, lapse     = reminder.Cue, reminder.Rescue, reminder.Weekly, reminder.Lapse
		milestone, questions, feedback = reminder.Milestone, reminder.Questions, reminder.Feedback
	)
	everyKind := []reminder.Kind{cue, rescue, weekly, lapse, milestone, questions, feedback}
	asking := []reminder.Kind{cue, rescue, lapse}
	spaced := []reminder.Kind{cue, rescue, weekly, milestone}
	notFeedback := everyKind[:6]

	type change func(*reminder.Facts)
	for _, tc := range []struct {
		name    string
		kinds   []reminder.Kind
		now     time.Time
		change  change
		outcome reminder.Outcome
		reason  reminder.Reason
		until   time.Time
	}{
		{"all is well", everyKind, noon, func(*reminder.Facts) {}, reminder.Send, reminder.Due, time.Time{}},
		{"no consent", everyKind, noon, func(f *reminder.Facts) { f.Patient.Reminders.Consent = false }, reminder.Skip,
			reminder.NoConsent, time.Time{}},
		{"none a day wanted", notFeedback, noon, func(f *reminder.Facts) { f.Patient.Reminders.MaxPerDay = 0 },
			reminder.Skip, reminder.Stopped, time.Time{}},
		{"none a week wanted", notFeedback, noon, func(f *reminder.Facts) { f.Patient.Reminders.MaxPerWeek = 0 },
			reminder.Skip, reminder.Stopped, time.Time{}},
		{"who wants none still hears of feedback", []reminder.Kind{feedback}, noon,
			func(f *reminder.Facts) { f.Patient.Reminders.MaxPerWeek = 0 }, reminder.Send, reminder.Due, time.Time{}},
		{"safety stop", notFeedback, noon, func(f *reminder.Facts) { f.SafetyStop = true }, reminder.Skip,
			reminder.SafetyStop, time.Time{}},
		{"no approved program", notFeedback, noon, func(f *reminder.Facts) { f.HasProgram = false }, reminder.Skip,
			reminder.NoProgram, time.Time{}},
		{"paused", notFeedback, noon, func(f *reminder.Facts) { f.Day.Paused = true }, reminder.Skip,
			reminder.Paused, time.Time{}},
		{"flare", notFeedback, noon, func(f *reminder.Facts) { f.Day.InFlare = true }, reminder.Skip,
			reminder.InFlare, time.Time{}},
		{"feedback goes out in a pause too", []reminder.Kind{feedback}, noon,
			func(f *reminder.Facts) { f.Day.Paused = true }, reminder.Send, reminder.Due, time.Time{}},
		{"rest day", []reminder.Kind{cue, rescue}, noon, func(f *reminder.Facts) { f.Day.Expected7 = 0 }, reminder.Skip,
			reminder.RestDay, time.Time{}},
		{"a week can be talked about on a rest day", []reminder.Kind{weekly, lapse, milestone, questions}, noon,
			func(f *reminder.Facts) { f.Day.Expected7 = 0 }, reminder.Send, reminder.Due, time.Time{}},
		{"the week is complete", []reminder.Kind{cue, rescue}, noon, func(f *reminder.Facts) { f.WeekDone = true },
			reminder.Skip, reminder.WeekComplete, time.Time{}},
		{"done already", asking, noon, func(f *reminder.Facts) { f.Day.Sessions = 1 }, reminder.Skip,
			reminder.DoneAlready, time.Time{}},
		{"phone silent for 5 days", notFeedback[:5], noon,
			func(f *reminder.Facts) { f.LastSeen = ago(5 * 24 * time.Hour) }, reminder.Skip, reminder.Unknown,
			time.Time{}},
		{"phone silent for a minute less", notFeedback[:5], noon,
			func(f *reminder.Facts) { f.LastSeen = ago(5*24*time.Hour - time.Minute) }, reminder.Send, reminder.Due,
			time.Time{}},
		{"no device", everyKind, noon, func(f *reminder.Facts) { f.Phones = 0 }, reminder.Skip,
			reminder.NoDevice, time.Time{}},

		{"5 ignored in a row, long ago", notFeedback, noon, func(f *reminder.Facts) { f.Ignored = 5 }, reminder.Send,
			reminder.Due, time.Time{}},
		{"6 ignored in a row", notFeedback, noon, func(f *reminder.Facts) { f.Ignored = 6 }, reminder.Skip,
			reminder.Ignored, time.Time{}},
		{"feedback comes however many were ignored", []reminder.Kind{feedback}, noon,
			func(f *reminder.Facts) { f.Ignored = 6 }, reminder.Send, reminder.Due, time.Time{}},
		{"away for 59 days", notFeedback, noon, func(f *reminder.Facts) { f.Idle = 59 }, reminder.Send,
			reminder.Due, time.Time{}},
		{"away for 60 days", notFeedback, noon, func(f *reminder.Facts) { f.Idle = 60 }, reminder.Skip,
			reminder.AwayTooLong, time.Time{}},

		{"active: a cue every day", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Sent.LastReminder = days(-1) }, reminder.Send, reminder.Due, time.Time{}},
		{"active: another reminder 2 days ago", []reminder.Kind{rescue, weekly, milestone}, noon,
			func(f *reminder.Facts) { f.Sent.LastOther = days(-2) }, reminder.Skip, reminder.TooSoon, time.Time{}},
		{"active: another reminder 3 days ago", []reminder.Kind{rescue, weekly, milestone}, noon,
			func(f *reminder.Facts) { f.Sent.LastOther = days(-3) }, reminder.Send, reminder.Due, time.Time{}},
		{"2 days away: a reminder yesterday", spaced, noon,
			func(f *reminder.Facts) { f.Idle, f.Sent.LastReminder = 2, days(-1) }, reminder.Skip, reminder.TooSoon,
			time.Time{}},
		{"2 days away: a reminder 2 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Idle, f.Sent.LastReminder = 2, days(-2) }, reminder.Send, reminder.Due,
			time.Time{}},
		{"9 days away: a reminder 2 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Idle, f.Sent.LastReminder = 9, days(-2) }, reminder.Send, reminder.Due,
			time.Time{}},
		{"10 days away: a reminder 6 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Idle, f.Sent.LastReminder = 10, days(-6) }, reminder.Skip, reminder.TooSoon,
			time.Time{}},
		{"29 days away: a reminder 7 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Idle, f.Sent.LastReminder = 29, days(-7) }, reminder.Send, reminder.Due,
			time.Time{}},
		{"30 days away: a reminder 13 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Idle, f.Sent.LastReminder = 30, days(-13) }, reminder.Skip, reminder.TooSoon,
			time.Time{}},
		{"30 days away: a reminder 14 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Idle, f.Sent.LastReminder = 30, days(-14) }, reminder.Send, reminder.Due,
			time.Time{}},
		{"2 ignored: a cue every day", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Ignored, f.Sent.LastReminder = 2, days(-1) }, reminder.Send, reminder.Due,
			time.Time{}},
		{"3 ignored: half as many", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Ignored, f.Sent.LastReminder = 3, days(-1) }, reminder.Skip, reminder.TooSoon,
			time.Time{}},
		{"3 ignored: every other day", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Ignored, f.Sent.LastReminder = 3, days(-2) }, reminder.Send, reminder.Due,
			time.Time{}},
		{"3 ignored, 2 days away: 3 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Ignored, f.Idle, f.Sent.LastReminder = 3, 2, days(-3) }, reminder.Skip,
			reminder.TooSoon, time.Time{}},
		{"3 ignored, 2 days away: 4 days ago", spaced, noon,
			func(f *reminder.Facts) { f.Ignored, f.Idle, f.Sent.LastReminder = 3, 2, days(-4) }, reminder.Send,
			reminder.Due, time.Time{}},

		{"another day than the patient wants", notFeedback, noon,
			func(f *reminder.Facts) { f.Patient.Reminders.Days = people.WeekdaysOf(time.Monday) }, reminder.Skip,
			reminder.DayOff, time.Time{}},
		{"quiet hours hold until the morning", everyKind, night, func(*reminder.Facts) {}, reminder.Hold,
			reminder.QuietHours, morning},
		{"at the end of quiet hours", everyKind, at("08:00"), func(*reminder.Facts) {}, reminder.Send,
			reminder.Due, time.Time{}},
		{"inside a window", notFeedback, noon, func(f *reminder.Facts) {
			f.Patient.Reminders.Windows = []localtime.Window{{From: 12 * 60, Until: 13 * 60}}
		}, reminder.Send, reminder.Due, time.Time{}},
		{"before a window", notFeedback, noon, func(f *reminder.Facts) {
			f.Patient.Reminders.Windows = []localtime.Window{
				{From: 17 * 60, Until: 20 * 60}, {From: 13 * 60, Until: 14 * 60},
			}
		}, reminder.Hold, reminder.OutsideWindows, at("13:00")},
		{"before two windows, the nearer first", notFeedback, noon, func(f *reminder.Facts) {
			f.Patient.Reminders.Windows = []localtime.Window{
				{From: 13 * 60, Until: 14 * 60}, {From: 17 * 60, Until: 20 * 60},
			}
		}, reminder.Hold, reminder.OutsideWindows, at("13:00")},
		{"between two windows", notFeedback, noon, func(f *reminder.Facts) {
			f.Patient.Reminders.Windows = []localtime.Window{
				{From: 9 * 60, Until: 10 * 60}, {From: 17 * 60, Until: 20 * 60},
			}
		}, reminder.Hold, reminder.OutsideWindows, at("17:00")},
		{"after the last window", notFeedback, noon, func(f *reminder.Facts) {
			f.Patient.Reminders.Windows = []localtime.Window{{From: 9 * 60, Until: 12 * 60}}
		}, reminder.Skip, reminder.OutsideWindows, time.Time{}},
		{"the app was used 59 minutes ago", notFeedback, noon,
			func(f *reminder.Facts) { f.LastSeen = ago(59 * time.Minute) }, reminder.Hold, reminder.AppInUse,
			noon.Add(time.Minute)},
		{"the app was used an hour ago", notFeedback, noon, func(f *reminder.Facts) { f.LastSeen = ago(time.Hour) },
			reminder.Send, reminder.Due, time.Time{}},
		{"feedback comes while the app is in use", []reminder.Kind{feedback}, noon,
			func(f *reminder.Facts) { f.LastSeen = noon }, reminder.Send, reminder.Due, time.Time{}},

		{"another push 3:59 ago", notFeedback, noon,
			func(f *reminder.Facts) { f.Sent.Last = ago(4*time.Hour - time.Minute) }, reminder.Skip, reminder.TooSoon,
			time.Time{}},
		{"another push 4:00 ago", notFeedback, noon, func(f *reminder.Facts) { f.Sent.Last = ago(4 * time.Hour) },
			reminder.Send, reminder.Due, time.Time{}},
		{"a cue 19:59 ago", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Sent.LastCue = ago(20*time.Hour - time.Minute) }, reminder.Skip,
			reminder.TooSoon, time.Time{}},
		{"a cue 20:00 ago", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Sent.LastCue = ago(20 * time.Hour) }, reminder.Send, reminder.Due, time.Time{}},
		{"a cue 5 hours ago is another matter", notFeedback[1:], noon, func(f *reminder.Facts) {
			f.Sent.LastCue, f.Sent.Last = ago(5*time.Hour), ago(5*time.Hour)
		}, reminder.Send, reminder.Due, time.Time{}},
		{"one reminder today already", asking, noon,
			func(f *reminder.Facts) { f.Sent.TodayReminders, f.Sent.Today = 1, 1 }, reminder.Skip, reminder.DailyCap,
			time.Time{}},
		{"one reminder today leaves room to talk", []reminder.Kind{weekly, milestone, questions}, noon,
			func(f *reminder.Facts) { f.Sent.TodayReminders, f.Sent.Today = 1, 1 }, reminder.Send, reminder.Due,
			time.Time{}},
		{"two a day allowed, one sent", asking, noon, func(f *reminder.Facts) {
			f.Patient.Reminders.MaxPerDay, f.Sent.TodayReminders, f.Sent.Today = 2, 1, 1
		}, reminder.Send, reminder.Due, time.Time{}},
		{"two pushes of any kind today", notFeedback, noon, func(f *reminder.Facts) { f.Sent.Today = 2 }, reminder.Skip,
			reminder.DailyCap, time.Time{}},
		{"four cues this week", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Sent.WeekCues, f.Patient.Reminders.MaxPerWeek = 4, 7 }, reminder.Send,
			reminder.Due, time.Time{}},
		{"five cues this week", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Sent.WeekCues, f.Patient.Reminders.MaxPerWeek = 5, 7 }, reminder.Skip,
			reminder.WeeklyCap, time.Time{}},
		{"one rescue this week", []reminder.Kind{rescue}, noon, func(f *reminder.Facts) { f.Sent.WeekRescues = 1 },
			reminder.Send, reminder.Due, time.Time{}},
		{"two rescues this week", []reminder.Kind{rescue}, noon, func(f *reminder.Facts) { f.Sent.WeekRescues = 2 },
			reminder.Skip, reminder.WeeklyCap, time.Time{}},
		{"as many as the patient wants this week", asking, noon, func(f *reminder.Facts) { f.Sent.WeekReminders = 5 },
			reminder.Skip, reminder.WeeklyCap, time.Time{}},
		{"as many reminders as the patient wants leave room to talk", []reminder.Kind{weekly, milestone, questions},
			noon, func(f *reminder.Facts) { f.Sent.WeekReminders = 5 }, reminder.Send, reminder.Due, time.Time{}},
		{"five cues leave room for others", []reminder.Kind{rescue, weekly, lapse}, noon, func(f *reminder.Facts) {
			f.Sent.WeekCues, f.Patient.Reminders.MaxPerWeek = 5, 7
		}, reminder.Send, reminder.Due, time.Time{}},
		{"two rescues leave room for others", []reminder.Kind{cue, weekly, lapse}, noon,
			func(f *reminder.Facts) { f.Sent.WeekRescues = 2 }, reminder.Send, reminder.Due, time.Time{}},
		{"one less", asking, noon, func(f *reminder.Facts) { f.Sent.WeekReminders = 4 }, reminder.Send,
			reminder.Due, time.Time{}},
		{"seven pushes of any kind this week", notFeedback, noon, func(f *reminder.Facts) { f.Sent.Week = 7 },
			reminder.Skip, reminder.WeeklyCap, time.Time{}},
		{"the week wins over the day", notFeedback, noon, func(f *reminder.Facts) { f.Sent.Week, f.Sent.Today = 7, 2 },
			reminder.Skip, reminder.WeeklyCap, time.Time{}},

		{"dropped: the evening is better", []reminder.Kind{cue}, noon, func(f *reminder.Facts) { f.Dropped = true },
			reminder.Skip, reminder.RescueInstead, time.Time{}},
		{"dropped, two rescues this week: the cue again", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Dropped, f.Sent.WeekRescues = true, 2 }, reminder.Send, reminder.Due,
			time.Time{}},
		{"dropped, two a day allowed: the cue too", []reminder.Kind{cue}, noon,
			func(f *reminder.Facts) { f.Dropped, f.Patient.Reminders.MaxPerDay = true, 2 }, reminder.Send, reminder.Due,
			time.Time{}},
		{"dropped, one of two sent: the evening is better", []reminder.Kind{cue}, noon, func(f *reminder.Facts) {
			f.Dropped, f.Patient.Reminders.MaxPerDay, f.Sent.TodayReminders, f.Sent.Today = true, 2, 1, 1
		}, reminder.Skip, reminder.RescueInstead, time.Time{}},
		{"4 days away, two a day allowed: the question too", []reminder.Kind{cue, rescue}, noon,
			func(f *reminder.Facts) {
				f.Away, f.Patient.Reminders.MaxPerDay = 4, 2
			}, reminder.Send, reminder.Due, time.Time{}},
		{"4 days away: a question instead", []reminder.Kind{cue, rescue}, noon, func(f *reminder.Facts) { f.Away = 4 },
			reminder.Skip, reminder.LapseInstead, time.Time{}},
		{"5 days away: no question", []reminder.Kind{cue, rescue}, noon, func(f *reminder.Facts) { f.Away = 5 },
			reminder.Send, reminder.Due, time.Time{}},
		{"a milestone 13 days ago", []reminder.Kind{milestone}, noon,
			func(f *reminder.Facts) { f.Sent.LastMilestone = days(-13) }, reminder.Skip, reminder.TooSoon, time.Time{}},
		{"a milestone 14 days ago", []reminder.Kind{milestone}, noon,
			func(f *reminder.Facts) { f.Sent.LastMilestone = days(-14) }, reminder.Send, reminder.Due, time.Time{}},
		{"questions answered meanwhile", []reminder.Kind{questions}, noon,
			func(f *reminder.Facts) { f.Questions.Waiting = 0 }, reminder.Skip, reminder.NothingWaiting, time.Time{}},
		{"feedback opened meanwhile", []reminder.Kind{feedback}, noon, func(f *reminder.Facts) { f.Unread = 0 },
			reminder.Skip, reminder.NothingUnread, time.Time{}},
		{"feedback on a day with one push", []reminder.Kind{feedback}, noon,
			func(f *reminder.Facts) { f.Sent.Today = 1 }, reminder.Send, reminder.Due, time.Time{}},
		{"feedback on a full day", []reminder.Kind{feedback}, noon, func(f *reminder.Facts) { f.Sent.Today = 2 },
			reminder.Hold, reminder.DailyCap, morning},

		{"put off: no limit holds", notFeedback, noon, func(f *reminder.Facts) {
			f.Snoozed, f.Ignored, f.Sent.Today, f.Sent.Week, f.Sent.Last, f.LastSeen = true, 6, 2, 7, noon, noon
		}, reminder.Send, reminder.Due, time.Time{}},
		{"put off, and done meanwhile", asking, noon, func(f *reminder.Facts) { f.Snoozed, f.Day.Sessions = true, 1 },
			reminder.Skip, reminder.DoneAlready, time.Time{}},
		{"put off into the night", notFeedback, night, func(f *reminder.Facts) { f.Snoozed = true }, reminder.Hold,
			reminder.QuietHours, morning},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range tc.kinds {
				f := willing(kind, tc.now)
				tc.change(&f)
				v := reminder.Decide(f, tc.now)
				require.Equal(t, tc.outcome, v.Outcome, "%s: %s", kind, v.Reason)
				require.Equal(t, tc.reason, v.Reason, kind)
				require.True(t, tc.until.Equal(v.Until), "%s: until %s", kind, v.Until)
			}
		})
	}
}

// Every reason has words for the patient in both languages, and every kind a text for a locked phone.
func TestReasonsHaveWords(t *testing.T) {
	t.Parallel()
	const later reminder.Reason = "what a later version decided"
	for _, r := range []reminder.Reason{
		reminder.Due, reminder.Chosen, reminder.NoConsent, reminder.Stopped, reminder.NoDevice, reminder.NoProgram,
		reminder.SafetyStop, reminder.DoneAlready, reminder.WeekComplete, reminder.Paused, reminder.RestDay,
		reminder.InFlare, reminder.Unknown, reminder.Ignored, reminder.AwayTooLong, reminder.DayOff,
		reminder.QuietHours, reminder.OutsideWindows, reminder.AppInUse, reminder.DailyCap, reminder.WeeklyCap,
		reminder.TooSoon, reminder.RescueInstead, reminder.LapseInstead, reminder.NothingUnread,
		reminder.NothingWaiting, reminder.LeftOut, reminder.TooLate, reminder.Ambiguous, reminder.Undeliverable,
		reminder.ServiceRejected,
	} {
		require.NotEmpty(t, r.In(people.Dutch), r)
		require.NotEmpty(t, r.In(people.English), r)
		require.NotEqual(t, later.In(people.Dutch), r.In(people.Dutch), r)
	}
	require.Equal(t, "De reden is niet bekend.", later.In(people.Dutch))
	require.Equal(t, "The reason is not known.", later.In(people.English))
	require.Empty(t, reminder.Reason("").In(people.Dutch), "nothing is decided yet")
}

// What chance may leave out, by kind, week and habit.
func TestChances(t *testing.T) {
	t.Parallel()
	always := []reminder.Chance{{Arm: reminder.Nothing}, {Arm: reminder.Plain, Permille: 1000}}
	send := func(permille int) []reminder.Chance {
		return []reminder.Chance{
			{Arm: reminder.Nothing, Permille: 1000 - permille},
			{Arm: reminder.Plain, Permille: permille},
		}
	}
	for _, tc := range []struct {
		name   string
		kind   reminder.Kind
		change func(*reminder.Facts)
		want   []reminder.Chance
	}{
		{"a cue in the sixth week", reminder.Cue, func(f *reminder.Facts) { f.DaysIn = 41 }, always},
		{"a cue in the seventh week", reminder.Cue, func(f *reminder.Facts) { f.DaysIn = 42 }, send(800)},
		{"a habit of six weeks", reminder.Cue,
			func(f *reminder.Facts) { f.DaysIn, f.HabitWeeks, f.Recent = 42, 6, adherence.OnTrack }, send(500)},
		{"a habit of ten weeks", reminder.Cue,
			func(f *reminder.Facts) { f.DaysIn, f.HabitWeeks, f.Recent = 70, 10, adherence.OnTrack }, send(250)},
		{"a habit, but no longer on track", reminder.Cue,
			func(f *reminder.Facts) { f.DaysIn, f.HabitWeeks, f.Recent = 70, 10, adherence.Partial }, send(800)},
		{"a rescue", reminder.Rescue, func(*reminder.Facts) {}, send(500)},
		{"a weekly check", reminder.Weekly, func(*reminder.Facts) {}, always},
		{"a weekly check of a practice that holds out a tenth", reminder.Weekly,
			func(f *reminder.Facts) { f.Policy.HoldOut = map[reminder.Kind]int{reminder.Weekly: 10} }, send(900)},
		{"a lapse of that practice", reminder.Lapse,
			func(f *reminder.Facts) { f.Policy.HoldOut = map[reminder.Kind]int{reminder.Lapse: 10} }, send(900)},
		{"a milestone of that practice", reminder.Milestone,
			func(f *reminder.Facts) { f.Policy.HoldOut = map[reminder.Kind]int{reminder.Milestone: 10} }, send(900)},
		{"a weekly check beside milestones that are held out", reminder.Weekly,
			func(f *reminder.Facts) { f.Policy.HoldOut = map[reminder.Kind]int{reminder.Milestone: 50} }, send(1000)},
		{"questions are never left out", reminder.Questions, func(f *reminder.Facts) {
			f.Policy.HoldOut = map[reminder.Kind]int{reminder.Weekly: 50, reminder.Lapse: 50, reminder.Milestone: 50}
		}, always},
		{"without consent the learner chooses nothing", reminder.Cue, func(f *reminder.Facts) {
			f.Experience = reminder.Experience{"": {reminder.Plain: {Done: 9}}}
		}, always},
		{"nor feedback", reminder.Feedback, func(f *reminder.Facts) {
			f.Policy.HoldOut = map[reminder.Kind]int{reminder.Weekly: 50, reminder.Lapse: 50, reminder.Milestone: 50}
		}, always},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := willing(tc.kind, localtime.Resolve(tuesday, 12*60, amsterdam))
			tc.change(&f)
			require.Equal(t, tc.want, reminder.Chances(f))
		})
	}
}

// Over all seeds each arm is drawn exactly as often as its chance says, and the same seed draws the same arm.
func TestDrawIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.IntRange(0, 1000).Draw(t, "a")
		b := rapid.IntRange(0, 1000-a).Draw(t, "b")
		chances := []reminder.Chance{
			{Arm: reminder.Nothing, Permille: 1000 - a - b}, {Arm: "a", Permille: a}, {Arm: "b", Permille: b},
		}
		from := rapid.Uint64Range(0, 1<<63/1000*1000).Draw(t, "from") / 1000 * 1000
		drawn := map[reminder.Arm]int{}
		for seed := from; seed < from+1000; seed++ {
			drawn[reminder.Draw(chances, seed)]++
			require.Equal(t, reminder.Draw(chances, seed), reminder.Draw(chances, seed))
		}
		require.Equal(t, a, drawn["a"])
		require.Equal(t, b, drawn["b"])
		require.Equal(t, 1000-a-b, drawn[reminder.Nothing])
	})
}

// Whatever is known, no cap breaks: neither the patient's nor the policy's.
func TestCapsHoldWhateverIsKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, most int) int { return rapid.IntRange(0, most).Draw(t, name) }
		kind := rapid.SampledFrom([]reminder.Kind{
			reminder.Cue, reminder.Rescue, reminder.Weekly, reminder.Lapse, reminder.Milestone, reminder.Questions,
		}).Draw(t, "kind")
		now := localtime.Resolve(tuesday, localtime.TimeOfDay(n("minute", 1439)), amsterdam)
		f := willing(kind, now)
		f.Patient.Reminders.MaxPerDay, f.Patient.Reminders.MaxPerWeek = n("day", 2), n("week", 7)
		f.Sent = reminder.Counts{
			Today:          n("today", 3),
			TodayReminders: n("today reminders", 3),
			Week:           n("sent", 8),
			WeekReminders:  n("reminders", 8),
			WeekCues:       n("cues", 6),
			WeekRescues:    n("rescues", 3),
		}
		f.Idle, f.Ignored, f.Dropped = n("idle", 70), n("ignored", 7), rapid.Bool().Draw(t, "dropped")
		if reminder.Decide(f, now).Outcome != reminder.Send {
			return
		}
		w := f.Patient.Reminders
		require.False(t, w.Quiet.Contains(localtime.TimeOfDayOf(now)))
		require.Less(t, f.Sent.Today, 2)
		require.Less(t, f.Sent.Week, 7)
		require.Less(t, f.Ignored, 6)
		require.Less(t, f.Idle, 60)
		if kind == reminder.Cue || kind == reminder.Rescue || kind == reminder.Lapse {
			require.Less(t, f.Sent.TodayReminders, w.MaxPerDay)
			require.Less(t, f.Sent.WeekReminders, w.MaxPerWeek)
		}
		if kind == reminder.Cue {
			require.Less(t, f.Sent.WeekCues, 5)
		}
		if kind == reminder.Rescue {
			require.Less(t, f.Sent.WeekRescues, 2)
		}
	})
}

// Each share that a practice holds out goes to its own kind.
func TestHoldOutOfAPractice(t *testing.T) {
	s := practice.Defaults()
	s.HoldOutWeekly, s.HoldOutLapse, s.HoldOutMilestone = 1, 2, 3
	require.Equal(
		t, map[reminder.Kind]int{reminder.Weekly: 1, reminder.Lapse: 2, reminder.Milestone: 3}, reminder.For(s).HoldOut,
	)
}
