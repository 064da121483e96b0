package reminder_test

import (
	"context"
	"database/sql"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
)

// Who says no while a decision is being made is decided about anew: nothing is kept of what was decided before.
func TestAChangeMeanwhileIsDecidedAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		phones := &troubled{sys: sys, answers: []error{nil}}
		asked := 0
		sweeper := reminder.NewSweeper(reminder.Parts{
			DB: sys.App.DB, Clock: sys.Clock, Sender: phones,
			Questionnaires: questionnaire.Pending{},
			Log:            slog.New(slog.DiscardHandler), Observer: phones,
			SeedOf: func(id.Slot) uint64 {
				if asked++; asked == 1 {
					stopsReminders(t, anna)
				}
				return 0
			},
		})
		sys.Clock.Advance(70 * time.Minute)
		require.NoError(t, sweeper.Sweep(context.Background()))
		require.Empty(t, phones.sent)
		require.Empty(t, decisions(t, sys), "the first decision does not stand")
		sys.Clock.Advance(2 * time.Minute)
		require.NoError(t, sweeper.Sweep(context.Background()))
		require.Empty(t, phones.sent)
	}, testkit.Alone)
}

func stopsReminders(t *testing.T, p *testkit.Patient) {
	t.Helper()
	current, err := p.GetPreferencesWithResponse(context.Background())
	require.NoError(t, err)
	wanted, etag := *current.JSON200, current.HTTPResponse.Header.Get("ETag")
	wanted.Reminders.PushConsent = false
	stored, err := p.PutPreferencesWithResponse(
		context.Background(), &client.PutPreferencesParams{IfMatch: &etag}, wanted,
	)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, stored.StatusCode(), string(stored.Body))
}

// decisions are the kinds of those that are in the log.
func decisions(t *testing.T, sys *testkit.System) (kinds []string) {
	t.Helper()
	require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		return tx.Rows("SELECT kind FROM reminder_decisions", nil, func(rows *sql.Rows) error {
			var kind string
			err := rows.Scan(&kind)
			kinds = append(kinds, kind)
			return err
		})
	}))
	return kinds
}

// A process that dies between claiming and writing leaves its patients to the next, a minute later.
func TestAClaimRunsOut(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		sys.Clock.Advance(70 * time.Minute)
		dies := reminder.NewSweeper(reminder.Parts{
			DB:             sys.App.DB,
			Clock:          sys.Clock,
			Sender:         &troubled{sys: sys},
			Questionnaires: questionnaire.Pending{},
			Log:            slog.New(slog.DiscardHandler),
			Observer:       &troubled{},
			SeedOf:         func(id.Slot) uint64 { runtime.Goexit(); return 0 },
		})
		var wait sync.WaitGroup
		wait.Go(func() { _ = dies.Sweep(context.Background()) })
		wait.Wait()
		sys.Clock.Advance(30 * time.Second)
		require.NoError(t, sys.App.Sweeper.Sweep(context.Background()))
		require.Empty(t, decisions(t, sys), "they are claimed")
		sys.Clock.Advance(31 * time.Second)
		require.NoError(t, sys.App.Sweeper.Sweep(context.Background()))
		anna.ExpectPush(reminder.Cue)
	})
}
