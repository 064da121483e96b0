package reminder

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/pkg/localtime"
)

// What was sent counts for the week and the day, each kind where it belongs; the caps rest on these sums.
func TestWhatWasSentIsCounted(t *testing.T) {
	t.Parallel()
	today := localtime.MustParseDate("2026-03-30")
	at := func(ago, hour int) time.Time { return time.Date(2026, 3, 30-ago, hour, 0, 0, 0, time.UTC) }
	sent := []sentSlot{
		{id: "itself", kind: Cue, date: today, due: at(0, 22)},
		{id: "tomorrow", kind: Cue, date: today.AddDays(1), due: at(-1, 9)},
		{id: "a", kind: Feedback, date: today, at: at(0, 12), due: at(0, 11)},
		{id: "b", kind: Cue, date: today, due: at(0, 10)}, // as good as sent
		{id: "c", kind: Rescue, date: today.AddDays(-6), at: at(6, 19)},
		{id: "d", kind: Milestone, date: today.AddDays(-5), at: at(5, 9)},
		{id: "e", kind: Lapse, date: today.AddDays(-4), at: at(4, 9)},
		{id: "f", kind: Weekly, date: today.AddDays(-3), at: at(3, 9)},
		{id: "g", kind: Questions, date: today.AddDays(-2), at: at(2, 9)},
		{id: "h", kind: Cue, date: today.AddDays(-7), at: at(7, 9)}, // a week ago
		{id: "i", kind: Milestone, date: today.AddDays(-28), at: at(28, 9)},
	}
	require.Equal(t, Counts{
		Today: 2, TodayReminders: 1, Week: 7, WeekReminders: 3, WeekCues: 1, WeekRescues: 1, Last: at(0, 12),
		LastCue: at(0, 10), LastReminder: today, LastOther: today.AddDays(-3), LastMilestone: today.AddDays(-5),
	}, countsOf(sent, slot{ID: "itself", Date: today}))
	require.Equal(t, Counts{}, countsOf(sent[:2], slot{ID: "itself", Date: today}))
}
