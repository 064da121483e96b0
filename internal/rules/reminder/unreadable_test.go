package reminder_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/delivery"
	"cadans/internal/kernel/id"
	"cadans/internal/record/questionnaire"
	"cadans/internal/rules/adherence"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
)

// spoil makes the program of a patient unreadable, as a defect or a meddling hand could.
func spoil(t *testing.T, sys *testkit.System, p *testkit.Patient) {
	t.Helper()
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
		if _, err := tx.Exec("UPDATE program_versions SET items = '{' WHERE patient_id = ?", p.ID); err != nil {
			return err
		}
		return adherence.Touch(tx, p.ID)
	}))
}

// A patient whose rows cannot be read keeps nobody else from being reminded, and is looked at again later.
func TestOneUnreadablePatientStopsNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		bert := therapist.NewPatient("B. Smit", "Europe/Amsterdam")
		therapist.Publishes(bert, 5)
		spoil(t, sys, anna)
		sys.Clock.Advance(70 * time.Minute)
		require.ErrorContains(t, sys.App.Sweeper.Sweep(context.Background()), "decode items")
		bert.ExpectPush(reminder.Cue)
		require.NoError(t, sys.App.Sweeper.Sweep(context.Background()), "not at every sweep")
		sys.Clock.Advance(61 * time.Minute)
		require.ErrorContains(t, sys.App.Sweeper.Sweep(context.Background()), "decode items")
	})
}

// The same where it became unreadable after it was decided to send.
func TestOneUnreadablePatientHoldsUpNoSlot(t *testing.T) {
	onBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		bert := therapist.NewPatient("B. Smit", "Europe/Amsterdam")
		therapist.Publishes(bert, 5)
		busy := &troubled{sys: sys, answers: []error{
			&delivery.Failure{Kind: delivery.NeverLeft, Wait: 10 * time.Minute},
			&delivery.Failure{Kind: delivery.NeverLeft, Wait: 10 * time.Minute}, nil,
		}}
		sweeper := reminder.NewSweeper(reminder.Parts{
			DB:             sys.App.DB,
			Clock:          sys.Clock,
			Sender:         busy,
			SeedOf:         func(id.Slot) uint64 { return 0 },
			Questionnaires: questionnaire.Pending{},
			Log:            slog.New(slog.DiscardHandler),
			Observer:       busy,
		})
		sys.Clock.Advance(70 * time.Minute)
		require.NoError(t, sweeper.Sweep(context.Background()))
		require.Len(t, busy.sent, 2)
		spoil(t, sys, anna)
		sys.Clock.Advance(20 * time.Minute)
		require.ErrorContains(t, sweeper.Sweep(context.Background()), "decode items")
		require.Len(t, busy.sent, 3, "Bert's")
		require.NoError(t, sweeper.Sweep(context.Background()), "not at every sweep")
		require.Len(t, busy.sent, 3)
	})
}
