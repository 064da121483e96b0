package reminder_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

func remindersOf(t *testing.T, p *testkit.Patient) client.ReminderList {
	t.Helper()
	answer, err := p.ListMyRemindersWithResponse(context.Background())
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode(), string(answer.Body))
	return *answer.JSON200
}

func statesOf(list client.ReminderList) (states []string) {
	for _, r := range list.Data {
		states = append(states, r.LocalDate+" "+string(r.Kind)+" "+string(r.State)+": "+r.Reason.En)
	}
	return states
}

// settings changes the patient's reminder settings.
func settings(t *testing.T, p *testkit.Patient, change func(*client.ReminderPreferences)) {
	t.Helper()
	current, err := p.GetPreferencesWithResponse(context.Background())
	require.NoError(t, err)
	wanted, etag := *current.JSON200, current.HTTPResponse.Header.Get("ETag")
	change(&wanted.Reminders)
	stored, err := p.PutPreferencesWithResponse(
		context.Background(), &client.PutPreferencesParams{IfMatch: &etag}, wanted,
	)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, stored.StatusCode(), string(stored.Body))
}

// What a phone is told it may plan is what then comes, under the same id and at the same moment.
func TestWhatIsPlannedIsWhatComes(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		list := remindersOf(t, anna)
		require.Equal(t, []string{
			"2026-03-03 cue planned: Planned for this moment.", "2026-03-04 cue planned: Planned for this moment.",
		}, statesOf(list), "one a day; the third would be the second idle day in a row")
		require.False(t, list.AskPreference)
		planned := list.Data[0]
		require.Equal(t, "Uw plan voor vandaag staat klaar.", planned.Text.Nl)
		sys.AdvanceTo(planned.DueAt.Add(-time.Second)) // the app was used just now: an hour of rest
		sys.Advance(2 * time.Hour)
		m := anna.ExpectPush(reminder.Cue)
		require.Equal(t, planned.ID, string(m.Slot))
		after := remindersOf(t, anna)
		require.Equal(t, "2026-03-03 cue sent: Planned for this moment.", statesOf(after)[0])
		require.Equal(t, planned.ID, after.Data[0].ID)
	})
}

// What chance leaves out is not planned either: a phone that shows it by itself would spoil the measurement.
func TestWhatChanceLeavesOutIsNotPlanned(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		settings(t, anna, func(w *client.ReminderPreferences) { w.MaxPerDay = 2 })
		for _, s := range statesOf(remindersOf(t, anna)) {
			require.NotContains(t, s, "rescue planned")
		}
		sys.Advance(12 * time.Hour)
		anna.ExpectPush(reminder.Cue) // the first weeks leave no cue out
		require.Contains(
			t, statesOf(remindersOf(t, anna)),
			"2026-03-03 rescue skipped: We do not send something every time. That shows us whether reminders help.",
		)
	}, testkit.Leaving)
}

func receipt(t *testing.T, p *testkit.Patient, slot id.Slot, event client.ReminderReceiptEvent, at time.Time) int {
	t.Helper()
	answer, err := p.RecordReminderReceiptWithResponse(
		context.Background(), string(slot), client.ReminderReceipt{Event: event, At: at},
	)
	require.NoError(t, err)
	return answer.StatusCode()
}

func TestReceipts(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		sys.Advance(time.Hour)
		m := anna.ExpectPush(reminder.Cue)
		first := sys.Clock.Now().Add(-time.Minute)
		require.Equal(t, http.StatusNoContent, receipt(t, anna, m.Slot, client.ReminderOpened, first))
		require.Equal(
			t, http.StatusNoContent, receipt(t, anna, m.Slot, client.ReminderOpened, first.Add(30*time.Second)),
			"again",
		)
		require.Equal(
			t, http.StatusNoContent, receipt(t, anna, m.Slot, client.ReminderActed, sys.Clock.Now().Add(time.Hour)),
			"a clock that runs ahead",
		)
		require.True(t, remindersOf(t, anna).Data[0].Opened)
		var delivered, opened, acted database.Instant
		require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
			return tx.Rows("SELECT delivered_at, opened_at, acted_at FROM reminder_slots WHERE id = ?", []any{m.Slot},
				func(rows *sql.Rows) error {
					return rows.Scan(&delivered, &opened, &acted)
				})
		}))
		require.Equal(
			t, []database.Instant{database.At(first), database.At(first), database.At(sys.Clock.Now())},
			[]database.Instant{delivered, opened, acted},
		)
		bert := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		require.Equal(t, http.StatusNotFound, receipt(t, bert, m.Slot, client.ReminderOpened, first))
	})
}

func snooze(t *testing.T, sys *testkit.System, p *testkit.Patient, slot id.Slot, body map[string]any) testkit.Answer {
	t.Helper()
	return sys.Call("POST", "/v1/me/reminders/"+string(slot)+"/snoozes", p.Token(), body)
}

// Put off is asked for: it comes again under its own id, though today's limit is reached and the app was just used, but
// not when the session is done, and not more than three times.
func TestSnooze(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Advance(time.Hour)
		slot := anna.ExpectPush(reminder.Cue).Slot
		body := map[string]any{"id": sys.NewID(), "minutes": 30}
		first, again := snooze(t, sys, anna, slot, body), snooze(t, sys, anna, slot, body)
		require.Equal(t, []int{201, 200}, []int{first.Status, again.Status}, string(first.Body))
		require.JSONEq(t, string(first.Body), string(again.Body))
		require.Equal(
			t, "id-reused", snooze(t, sys, anna, slot, map[string]any{"id": body["id"], "minutes": 45}).Problem().Code,
		)
		require.Equal(
			t, "already-acted",
			snooze(t, sys, anna, slot, map[string]any{"id": sys.NewID(), "minutes": 30}).Problem().Code,
			"it is put off already",
		)
		sys.Advance(29 * time.Minute)
		anna.ExpectNoPush()
		sys.Advance(time.Minute)
		require.Equal(t, slot, anna.ExpectPush(reminder.Cue).Slot)
		for range 2 {
			require.Equal(t, 201, snooze(t, sys, anna, slot, map[string]any{"id": sys.NewID(), "minutes": 60}).Status)
			sys.Advance(time.Hour)
			anna.ExpectPush(reminder.Cue)
		}
		require.Equal(
			t, "already-acted",
			snooze(t, sys, anna, slot, map[string]any{"id": sys.NewID(), "minutes": 60}).Problem().Code,
		)
	})
}

// Yesterday's reminder cannot come back.
func TestWhatIsOverIsNotPutOff(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Advance(time.Hour)
		slot := anna.ExpectPush(reminder.Cue).Slot
		sys.Advance(15 * time.Hour)
		anna.Pushes()
		require.Equal(
			t, "already-acted",
			snooze(t, sys, anna, slot, map[string]any{"id": sys.NewID(), "minutes": 60}).Problem().Code,
		)
	})
}

func TestPutOffAndDoneMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Advance(time.Hour)
		slot := anna.ExpectPush(reminder.Cue).Slot
		require.Equal(t, 201, snooze(t, sys, anna, slot, map[string]any{"id": sys.NewID(), "minutes": 60}).Status)
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		sys.Advance(12 * time.Hour)
		anna.ExpectNoPush()
		require.Contains(t, statesOf(remindersOf(t, anna)), "2026-03-03 cue skipped: You are done for today.")
	})
}

// Nobody opens them and nothing is done: fewer, then none, one note to the therapist, and again as before once
// the patient chooses how to be reminded.
func TestIgnoredRemindersStop(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		settings(t, anna, func(w *client.ReminderPreferences) { w.MaxPerWeek = 7 })
		pushed, asked := 0, 0
		for range 45 {
			sys.PassDays(1)
			pushed += len(anna.Pushes())
			quietly(t, sys, anna) // the phone syncs by itself; nobody opens anything
			if remindersOf(t, anna).AskPreference && asked == 0 {
				asked = pushed
			}
		}
		require.Equal(t, 3, asked, "after three in a row the app asks")
		require.LessOrEqual(t, pushed, 8, "two may be on their way when the sixth turns a day old")
		require.GreaterOrEqual(t, pushed, 6)
		require.True(t, remindersOf(t, anna).Silent)
		alerts := sys.Call("GET", "/v1/alerts?state=all", therapist.Token(), nil)
		require.Equal(t, 1, countOf(t, alerts.Body, "reminders_ignored"))
		resolved := sys.Call(
			"POST", "/v1/alerts/"+idOf(t, alerts.Body, "reminders_ignored")+"/resolutions", therapist.Token(),
			map[string]any{"outcome": "contacted"},
		)
		require.Equal(t, http.StatusOK, resolved.Status, string(resolved.Body))
		wrote := sys.Call(
			"POST", "/v1/patients/"+string(anna.ID)+"/feedback", therapist.Token(),
			map[string]any{"id": sys.NewID(), "about": "program", "text": "Hoe gaat het?"},
		)
		require.Equal(t, http.StatusCreated, wrote.Status) // a push of another kind is no new run
		for range 5 {
			sys.PassDays(1)
			quietly(t, sys, anna)
		}
		anna.Pushes()
		alerts = sys.Call("GET", "/v1/alerts?state=all", therapist.Token(), nil)
		require.Equal(t, 1, countOf(t, alerts.Body, "reminders_ignored"), "told once")

		settings(t, anna, func(w *client.ReminderPreferences) { w.AnchorTime = "10:00" })
		require.False(t, remindersOf(t, anna).Silent)
		before := pushed
		for range 15 {
			sys.PassDays(1)
			pushed += len(anna.Pushes())
			quietly(t, sys, anna)
		}
		require.Greater(t, pushed, before)
	})
}

// Who never opens a reminder but does what it asks is not ignoring it.
func TestASessionAnswersAReminder(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		pushed := 0
		for range 21 {
			sys.PassDays(1)
			if got := len(anna.ExpectFew()); got > 0 {
				pushed += got
				anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
			}
			quietly(t, sys, anna)
		}
		require.Greater(t, pushed, 8)
		require.False(t, remindersOf(t, anna).AskPreference)
	})
}

// quietly keeps the phone in contact without anybody looking.
func quietly(t *testing.T, sys *testkit.System, p *testkit.Patient) {
	t.Helper()
	require.Equal(t, http.StatusOK, sys.Call("GET", "/v1/me/program", p.Token(), nil).Status)
}

func idOf(t *testing.T, list []byte, kind string) string {
	t.Helper()
	var alerts struct{ Data []struct{ ID, Kind string } }
	require.NoError(t, json.Unmarshal(list, &alerts))
	for _, a := range alerts.Data {
		if a.Kind == kind {
			return a.ID
		}
	}
	require.Fail(t, "no such alert")
	return ""
}

func countOf(t *testing.T, list []byte, kind string) (n int) {
	t.Helper()
	var alerts struct{ Data []struct{ Kind string } }
	require.NoError(t, json.Unmarshal(list, &alerts))
	for _, a := range alerts.Data {
		if a.Kind == kind {
			n++
		}
	}
	return n
}

// Each logged decision can be made again from its chances and seed, and says why where there was nothing to decide.
func TestTheLogReproducesEveryDecision(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		settings(t, anna, func(w *client.ReminderPreferences) { w.MaxPerDay = 2 })
		for day := range 60 {
			if day%3 == 0 {
				anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
			}
			quietly(t, sys, anna)
			sys.PassDays(1)
			anna.Pushes()
		}
		arms := map[string]int{}
		require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
			return tx.Rows(`SELECT d.id, d.available, d.reason, d.arms, d.seed, d.arm, d.state, s.state
				FROM reminder_decisions d JOIN reminder_slots s ON s.id = d.id`,
				nil, func(rows *sql.Rows) error {
					var slot id.Slot
					var available bool
					var reason, chances, arm, known, state string
					var seed int64
					require.NoError(t, rows.Scan(&slot, &available, &reason, &chances, &seed, &arm, &known, &state))
					require.Equal(t, reminder.HashSeed(slot), uint64(seed))
					require.True(t, json.Valid([]byte(known)))
					if !available {
						require.Empty(t, arm)
						require.NotEmpty(t, reason)
						require.Equal(t, "skipped", state)
						return nil
					}
					var could []reminder.Chance
					require.NoError(t, json.Unmarshal([]byte(chances), &could))
					require.Equal(t, arm, string(reminder.Draw(could, uint64(seed))))
					arms[arm]++
					return nil
				})
		}))
		require.Positive(t, arms["none"], "nothing was left out: %v", arms)
		require.Positive(t, arms["plain"])
		_, err := anna.GetMeWithResponse(context.Background())
		require.NoError(t, err)
		effects := sys.Call("GET", "/v1/practice/reminder-effects", therapist.Token(), nil)
		require.Equal(t, http.StatusOK, effects.Status, string(effects.Body))
		require.Contains(t, string(effects.Body), `"patients":null`, "one patient is too few to be shown")
	}, testkit.RandomReminders)
}

// A flight westwards brings no second cue within 20 hours, and days keep the place where the phone is.
func TestATravellersCue(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Advance(time.Hour)
		first := anna.ExpectPush(reminder.Cue)
		sys.Advance(2 * time.Hour)
		newYork := "America/New_York"
		moved, err := anna.PutPushRegistrationWithResponse(context.Background(), string(anna.Device),
			client.PushRegistration{Kind: client.Fcm, Address: "phone-of-" + string(anna.ID), TimeZone: &newYork})
		require.NoError(t, err)
		require.Equal(t, http.StatusNoContent, moved.StatusCode(), string(moved.Body))
		sys.Advance(12 * time.Hour) // over 08:50 in New York
		anna.ExpectNoPush()
		sys.AdvanceTo(time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)) // 09:00 in New York the next day
		next := anna.ExpectPush(reminder.Cue)
		require.NotEqual(t, first.Slot, next.Slot)
		require.Equal(t, reminder.SlotID(anna.ID, localtime.NewDate(2026, 3, 4), reminder.Cue), next.Slot)
	})
}

// Days, windows and a stop.
func TestThePatientSaysWhen(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		settings(t, anna, func(w *client.ReminderPreferences) { w.Days = []client.Weekday{client.WeekdayThu} })
		sys.Advance(40 * time.Hour)
		anna.ExpectNoPush()
		settings(t, anna, func(w *client.ReminderPreferences) {
			w.Windows = []client.ReminderWindow{{From: "10:00", Until: "12:00"}}
		})
		sys.AdvanceTo(localtime.Resolve(localtime.NewDate(2026, 3, 5), 10*60-1, anna.Zone))
		anna.ExpectNoPush()
		sys.Advance(5 * time.Minute)
		anna.ExpectPush(reminder.Cue)
		settings(t, anna, func(w *client.ReminderPreferences) { w.MaxPerWeek = 0 })
		sys.PassDays(8)
		anna.ExpectNoPush()
	})
}

// Two that are due at one moment: the first takes it, the other has come too soon.
func TestTwoAtOnce(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Advance(12 * time.Hour)
		anna.ExpectPushes(reminder.Cue, reminder.Questions)
		require.Contains(
			t, statesOf(remindersOf(t, anna)), "2026-03-01 weekly skipped: You got a message not long ago.",
		)
	}, testkit.At("2026-03-01T07:00:00+01:00"), testkit.Unanswered) // a Sunday, and the first questionnaires wait
}
