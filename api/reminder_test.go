package api_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// What reminders do, from logged decisions and the sessions that followed: twelve patients, four decisions
// each, worked out by hand. Sending was followed by a session within a day in 9 of 12 and 6 of 12
// decisions, not sending in 3 of 12 and 6 of 12.
func TestReminderEffects(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		began := sys.Clock.Now()
		var patients []*testkit.Patient
		for i := range 12 {
			p := therapist.NewPatient(fmt.Sprint("P. ", i), "Europe/Amsterdam")
			therapist.Publishes(p, 5)
			patients = append(patients, p)
		}
		effects := func(query string) client.ReminderEffects {
			answer := sys.Call("GET", "/v1/practice/reminder-effects"+query, therapist.Token(), nil)
			require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
			var e client.ReminderEffects
			require.NoError(t, json.Unmarshal(answer.Body, &e))
			return e
		}
		for i, p := range patients {
			for n, arm := range []string{"plain", "none", "plain", "none"} {
				decided := began.Add(time.Duration(48*n) * time.Hour)
				done := n == 0 && i < 9 || n == 1 && i < 3 || n > 1 && i%2 == 0
				decision(t, sys, p, decided, n, arm)
				if done {
					sys.Clock.Set(decided.Add(23 * time.Hour))
					p.Logs(p.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
				}
			}
			if i == 8 {
				sys.Clock.Set(began.Add(30 * 24 * time.Hour))
				require.Nil(t, effects("").Practice[0].Patients, "nine are too few")
			}
			sys.Clock.Set(began.Add(30 * 24 * time.Hour))
		}
		e := effects("")
		require.Len(t, e.Practice, 1)
		require.Equal(t, e.Practice, e.Pooled, "there is one practice")
		cue := e.Practice[0]
		require.Equal(
			t, []any{client.ReminderCue, "plain", 48, 24, 12},
			[]any{cue.Kind, cue.Arm, *cue.Decisions, *cue.Sent, *cue.Patients},
		)
		require.InDelta(t, 15.0/24, *cue.RateSent, 1e-4)
		require.InDelta(t, 9.0/24, *cue.RateNotSent, 1e-4)
		require.InDelta(t, 6.0/24, *cue.Effect, 1e-4)
		require.Less(t, *cue.Low, *cue.Effect)
		require.Greater(t, *cue.High, *cue.Effect)

		table := sys.Call("GET", "/v1/practice/reminder-effects?format=csv", therapist.Token(), nil)
		rows, err := csv.NewReader(strings.NewReader(string(table.Body))).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 3)
		require.Equal(t, []string{"practice", "cue", "plain", "48", "24", "12", "0.625", "0.375", "0.25"}, rows[1][:9])

		for n, ago := range []time.Duration{71, 73} { // what may still come in late is not counted yet
			decision(t, sys, patients[0], sys.Clock.Now().Add(-ago*time.Hour), 10+n, "none")
		}
		require.Equal(t, 49, *effects("").Practice[0].Decisions)

		practice, admin := sys.NewPractice("Praktijk Elders")
		elsewhere := sys.Call("GET", "/v1/practice/reminder-effects", admin.Token(), nil)
		var other client.ReminderEffects
		require.NoError(t, json.Unmarshal(elsewhere.Body, &other))
		require.Empty(t, other.Practice)
		require.Equal(t, effects("").Pooled, other.Pooled)
		require.Empty(t, effects("?since=2027-01-01").Practice)

		// with one patient: together less our own would be about that one alone
		colleague := sys.Therapist(admin, "C. Elders")
		one := colleague.NewPatient("E. Enig", "Europe/Amsterdam")
		for n, arm := range []string{"plain", "none"} {
			decisionOf(t, sys, practice, one, began.Add(time.Duration(48*n)*time.Hour), n, arm)
		}
		require.Equal(t, 12, *effects("").Practice[0].Patients)
		require.Nil(t, effects("").Pooled[0].Patients)
	}, testkit.At("2026-03-03T09:00:00+01:00"))
}

// A cue that was left out and followed by a rescue tells nothing about cues: the rescue helped. One that was followed
// by a rescue that was left out, too, stands for both.
func TestAnEffectIsThatOfOneReminderAlone(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		began := sys.Clock.Now()
		for i := range 12 {
			p := therapist.NewPatient(fmt.Sprint("P. ", i), "Europe/Amsterdam")
			therapist.Publishes(p, 5)
			for n, day := range []struct{ cue, rescue string }{{"plain", ""}, {"none", "none"}, {"none", "plain"}} {
				at := began.Add(time.Duration(48*n) * time.Hour)
				decision(t, sys, p, at, 2*n, day.cue)
				if day.rescue != "" {
					decision(t, sys, p, at.Add(9*time.Hour), 2*n+1, day.rescue)
				}
				if n == 1 && i < 4 || n == 2 {
					sys.Clock.Set(at.Add(10 * time.Hour))
					p.Logs(p.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
				}
			}
			sys.Clock.Set(began)
		}
		sys.Clock.Set(began.Add(30 * 24 * time.Hour))
		require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
			_, err := tx.Exec("UPDATE reminder_decisions SET kind = 'rescue' WHERE id LIKE '%!_1' ESCAPE '!' " +
				"OR id LIKE '%!_3' ESCAPE '!' OR id LIKE '%!_5' ESCAPE '!'")
			return err
		}))
		answer := sys.Call("GET", "/v1/practice/reminder-effects", therapist.Token(), nil)
		var e client.ReminderEffects
		require.NoError(t, json.Unmarshal(answer.Body, &e))
		cue := e.Practice[0]
		require.Equal(t, []any{client.ReminderCue, 24, 12}, []any{cue.Kind, *cue.Decisions, *cue.Sent})
		require.InDelta(t, 0, *cue.RateSent, 1e-4)
		require.InDelta(t, 4.0/12, *cue.RateNotSent, 1e-4)
		rescue := e.Practice[1]
		require.Equal(t, []any{client.ReminderRescue, 24, 12}, []any{rescue.Kind, *rescue.Decisions, *rescue.Sent})
		require.InDelta(t, 1, *rescue.RateSent, 1e-4)
	}, testkit.At("2026-03-03T09:00:00+01:00"))
}

func decision(t *testing.T, sys *testkit.System, p *testkit.Patient, at time.Time, n int, arm string) {
	t.Helper()
	decisionOf(t, sys, sys.Practice, p, at, n, arm)
}

// decisionOf adds to the log of a practice what chance decided.
func decisionOf(
	t *testing.T, sys *testkit.System, practice id.Practice, p *testkit.Patient, at time.Time, n int, arm string,
) {
	t.Helper()
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		_, err := tx.Exec(`INSERT INTO reminder_decisions (id, practice_id, patient_id, kind, policy, decided_at,
			time_zone, local_date, local_minute, program_week,
			available, reason, arms, seed, arm, template, template_version, state)
			VALUES (?, ?, ?, 'cue', 2, ?, 'Europe/Amsterdam', ?, 540, 7, true, 'due',
			'[{"arm":"none","permille":500},{"arm":"plain","permille":500}]', 0, ?, 'cue/plain', 1, '{}')`,
			fmt.Sprint(p.ID, "_", n), practice, p.ID, database.At(at), at.In(p.Zone).Format(time.DateOnly), arm)
		return err
	}))
}
