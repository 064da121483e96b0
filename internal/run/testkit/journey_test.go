package testkit_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// The product in one line, over real TCP: pair, today, log (late, twice), miss days, one push a day at most, the
// therapist sees the drop with its reason and writes back. Once in each direction
// of the clock change, on both databases.
func TestJourney(t *testing.T) {
	t.Parallel()
	for _, season := range []struct{ name, start, change string }{
		{"clocks go forward in March", "2026-02-02T07:00:00+01:00", "2026-03-29"},
		{"clocks go back in October", "2026-08-31T07:00:00+02:00", "2026-10-25"},
	} {
		t.Run(season.name, func(t *testing.T) {
			testkit.OnEach(t, func(t *testing.T, on testkit.Option) { journey(t, season.start, season.change, on) })
		})
	}
}

func journey(t *testing.T, start, change string, on testkit.Option) {
	sys := testkit.Start(t, on, testkit.At(start))
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	anna := therapist.NewPatient("Anna Jansen", "Europe/Amsterdam")
	therapist.Publishes(anna, 5)
	changeDay := localtime.MustParseDate(change)

	// Eight weeks of five days a week, logged in the evening, up to the week before the change.
	lastGood := changeDay.AddDays(-7)
	for day := anna.Today(); !day.After(lastGood); day = day.AddDays(1) {
		sys.AdvanceTo(localtime.Resolve(day, 20*60, anna.Zone))
		if weekday := day.Weekday(); weekday != time.Saturday && weekday != time.Sunday {
			anna.Logs(anna.FullSession(sys.Clock.Now().Add(-time.Hour), 3, 3), http.StatusCreated)
		}
		anna.ExpectFew()
	}
	require.Equal(t, client.StateOnTrack, therapist.Row(anna, "en").State)

	// Nothing for a week, over the night of the change: one reminder a day at most, always at the wall time.
	pushedDays := map[localtime.Date]int{}
	for day := lastGood.AddDays(1); !day.After(changeDay.AddDays(1)); day = day.AddDays(1) {
		sys.AdvanceTo(localtime.Resolve(day, 23*60, anna.Zone))
		keepContact(t, anna)
		for _, m := range anna.ExpectFew() {
			pushedDays[day]++
			require.Contains(t, []reminder.Kind{
				reminder.Cue, reminder.Rescue, reminder.Lapse, reminder.Weekly, reminder.Questions, reminder.Milestone,
			}, m.Kind)
		}
	}
	require.GreaterOrEqual(t, len(pushedDays), 4, "reminders went silent: %v", pushedDays)

	// The therapist sees the drop and why, with numbers and dates.
	row := therapist.Row(anna, "en")
	require.Equal(t, client.StateDropped, row.State)
	require.True(t, row.NeedsAttention)
	require.NotNil(t, row.Reason)
	require.Contains(t, *row.Reason, "0% (0 of 5)")
	require.Contains(t, *row.Reason, "usually 100%")
	require.Contains(t, *therapist.Row(anna, "nl").Reason, "0 % (0 van 5)")

	// A session done offline arrives a day late, and twice: it counts once, on the day it was done.
	offline := anna.FullSession(localtime.Resolve(changeDay, 9*60, anna.Zone), 4, 4)
	logged := anna.Logs(offline, http.StatusCreated)
	require.Equal(t, change, logged.JSON201.LocalDate)
	require.Equal(t, client.Prompt, logged.JSON201.Counted)
	anna.Logs(offline, http.StatusOK)
	require.Equal(t, 1, therapist.Row(anna, "en").Last7Days.Done)
	other := offline
	other.PainAfter = nil
	anna.Logs(other, http.StatusConflict)

	// The therapist writes back in the night: one push, when quiet hours end, and receipts.
	sent, err := therapist.SendFeedbackWithResponse(context.Background(), string(anna.ID), client.NewFeedback{
		ID: sys.NewID(), About: client.FeedbackAboutProgram, Text: "I see you practised on Sunday. What helped?",
	})
	require.NoError(t, err)
	require.Equal(t, http.StatusCreated, sent.StatusCode())
	sys.AdvanceTo(localtime.Resolve(changeDay.AddDays(2), 8*60+5, anna.Zone))
	require.Equal(t, "Er is een bericht voor u.", anna.ExpectPush(reminder.Feedback).Body)
	readsFeedback(t, anna, sent.JSON201.ID)
	anna.ExpectNoPush()
}

// keepContact opens the app, as the phone does now and then by itself.
func keepContact(t *testing.T, p *testkit.Patient) {
	t.Helper()
	today, err := p.GetTodayWithResponse(context.Background(), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, today.StatusCode(), string(today.Body))
	require.Equal(t, p.Today().String(), today.JSON200.LocalDate)
}

func readsFeedback(t *testing.T, p *testkit.Patient, feedback string) {
	t.Helper()
	ctx := context.Background()
	listed, err := p.ListMyFeedbackWithResponse(ctx, nil)
	require.NoError(t, err)
	require.Len(t, listed.JSON200.Data, 1)
	require.Equal(t, feedback, listed.JSON200.Data[0].ID)
	require.Nil(t, listed.JSON200.Data[0].OpenedAt)
	opened, err := p.RecordFeedbackReceiptWithResponse(
		ctx, feedback, client.FeedbackReceipt{Event: client.Opened, At: listed.JSON200.Data[0].SentAt},
	)
	require.NoError(t, err)
	require.NotNil(t, opened.JSON200.OpenedAt)
	require.NotNil(t, opened.JSON200.DeliveredAt)
}
