package demo_test

import (
	"context"
	"encoding/base64"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/auth"
	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/config"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/run/app"
	"cadans/internal/run/demo"
	"cadans/internal/run/testkit"
	"cadans/internal/screens/caseload"
	"cadans/pkg/localtime"
)

type seeded struct {
	made demo.Practice
	rows []caseload.Row
	db   *database.DB
}

// count says how many rows there are.
func (s seeded) count(t *testing.T, from string) (n int) {
	t.Helper()
	require.NoError(t, s.db.Read(context.Background(), func(tx *database.Tx) error {
		return tx.Value(&n, "SELECT count(*) FROM "+from)
	}))
	return n
}

func seed(t *testing.T, number uint64, now string, patients int) seeded {
	t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	require.NoError(t, err)
	c := clock.NewManual(at)
	a, err := app.New(context.Background(), config.Config{
		PublicURL:     "http://127.0.0.1:8080",
		DatabasePath:  filepath.Join(t.TempDir(), "cadans.db"),
		SweepInterval: time.Minute,
		SigningKey:    base64.StdEncoding.EncodeToString(make([]byte, 32)),
	}, app.Deps{Contract: testkit.Contract(t), Clock: c, Log: slog.New(slog.DiscardHandler), Unsafe: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Stop(0)) })
	made, err := demo.Seed(
		context.Background(), a, c, demo.Options{Now: at, Patients: patients, Seed: number, Progress: func(int) {}},
	)
	require.NoError(t, err)
	admin := access.Viewer{Role: access.Admin, Member: id.Member(made.Members[0].ID)}
	self, err := a.People.Self(
		context.Background(), access.Viewer{Role: access.Admin, Member: admin.Member, Practice: practiceOf(t, a, made)},
	)
	require.NoError(t, err)
	admin.Practice = self.Member.Practice
	page, err := a.Caseload.Caseload(context.Background(), admin, caseload.Filter{Limit: patients}, people.English)
	require.NoError(t, err)
	require.NoError(t, a.DB.Seal(context.Background()))
	return seeded{made: made, rows: page.Rows, db: a.DB}
}

// practiceOf finds the practice the way a log-in does.
func practiceOf(t *testing.T, a *app.App, made demo.Practice) id.Practice {
	t.Helper()
	tokens, err := a.Auth.LogIn(
		context.Background(), auth.Login{Email: made.Members[0].Email, Password: made.Members[0].Password}, "",
	)
	require.NoError(t, err)
	viewer, err := a.Auth.Authenticate(context.Background(), tokens.Access)
	require.NoError(t, err)
	return viewer.Practice
}

// Whatever the moment of the day and year, the first eight patients show the eight states a therapist must meet.
func TestEveryStateIsThere(t *testing.T) {
	t.Parallel()
	for _, now := range []string{
		"2026-11-21T20:07:00+01:00", "2026-03-29T01:30:00+01:00", "2026-10-25T02:30:00+01:00",
		"2026-01-01T00:01:00+01:00", "2026-06-10T09:30:00+02:00",
	} {
		t.Run(now, func(t *testing.T) {
			t.Parallel()
			s := seed(t, 1, now, 16)
			states := map[string]caseload.State{}
			for _, row := range s.rows {
				states[string(row.Patient.ID)] = row.State
			}
			var got []caseload.State
			for _, p := range s.made.Patients[:8] {
				got = append(got, states[p.ID])
			}
			require.Equal(t, []caseload.State{
				caseload.OnTrack, caseload.Partial, caseload.Dropped, caseload.NeverStarted, caseload.PainUp,
				caseload.Paused, caseload.NotSyncing, caseload.Prevention,
			}, got)
		})
	}
}

// The practice as the demo makes it, and a larger one.
func TestAnyNumberOfPatients(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 48, 100} {
		require.Len(t, seed(t, 1, "2026-11-21T20:07:00+01:00", n).made.Patients, n)
	}
}

// Whichever day somebody tries it on: what is made up follows the weekday.
func TestAnyDay(t *testing.T) {
	t.Parallel()
	days := 7
	if testing.Short() {
		days = 1
	}
	for day := range days {
		now := localtime.MustParseDate("2026-11-22").AddDays(day).String() + "T09:38:00Z"
		require.Len(t, seed(t, 1, now, 48).made.Patients, 48, now)
	}
}

func TestSameSeedSameData(t *testing.T) {
	t.Parallel()
	const now = "2026-11-21T20:07:00+01:00"
	first, second, other := seed(t, 7, now, 16), seed(t, 7, now, 16), seed(t, 8, now, 16)
	require.Equal(t, first.made, second.made)
	for _, rows := range [][]caseload.Row{first.rows, second.rows} {
		for i := range rows {
			for j := range rows[i].Alerts {
				rows[i].Alerts[j].ID, rows[i].Alerts[j].Subject = "", "" // made by the server, at random
			}
		}
	}
	require.Equal(t, first.rows, second.rows)
	require.NotEqual(t, first.made.Patients, other.made.Patients)
	for _, p := range first.made.Patients {
		require.Len(t, p.PairingCode, 15)
	}
	require.Len(t, first.made.Members, 4)
}

// What a therapist can do with a program is there to look at: each of these in at least one patient, whatever the day.
func TestCareIsVisible(t *testing.T) {
	t.Parallel()
	for _, now := range []string{
		"2026-11-21T20:07:00+01:00", "2026-03-29T01:30:00+01:00", "2026-06-10T09:30:00+02:00",
	} {
		t.Run(now, func(t *testing.T) {
			t.Parallel()
			s := seed(t, 1, now, 16)
			for what, query := range map[string]string{
				"intakes, repeated": "intakes WHERE number = 2",
				"an open stop": "safety_reports r WHERE level = 'stop_refer' AND NOT EXISTS (SELECT 1 " +
					"FROM safety_decisions d WHERE d.report_id = r.id)",
				"a cleared review":   "safety_decisions WHERE decision = 'cleared'",
				"an open proposal":   "program_proposals WHERE outcome = ''",
				"a changed proposal": "program_proposals WHERE outcome = 'changed'",
				"open progressions":  "progressions WHERE state = 'open'", "a flare": "flares",
				"the way back from it": "program_versions WHERE origin = 'rebuild'", "a walking plan": "walking_plans",
				"weeks of it": "program_versions WHERE origin = 'walking'", "walks": "activities",
				"a module that waits":   "module_responses WHERE feedback_at IS NULL",
				"one that was answered": "module_responses WHERE feedback_at IS NOT NULL",
				"a planned activity":    "valued_activities", "measurements": "scores WHERE task LIKE 'week_4/%'",
				"alerts":                   "alerts WHERE resolved_at IS NULL",
				"an alert about adherence": "alerts WHERE kind = 'adherence' AND resolved_at IS NULL",
				"an unknown patient":       "alerts WHERE kind = 'not_syncing' AND resolved_at IS NULL",
			} {
				require.Positive(t, s.count(t, query), what)
			}
		})
	}
}
