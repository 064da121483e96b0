package reminder_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/rules/reminder"
	"cadans/internal/run/testdb"
)

// What happened to a reminder is noted for that one, its first moment stays, and nobody notes it for somebody else.
func TestAReceiptIsForOneReminder(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		service, ctx := reminder.NewService(o.Guard, nil, nil), context.Background()
		o.slot("a", testdb.Row{"state": "sent", "patient_id": testdb.Bert})
		o.slot("b", testdb.Row{"state": "sent"})
		o.slot("c", testdb.Row{"state": "sent"})
		anna, opened := o.AsPatient(testdb.Anna), o.Clock.Now()
		for range 2 {
			require.NoError(t, service.Receive(ctx, anna, "c", reminder.Opened, o.Clock.Now()))
			o.Clock.Advance(time.Minute)
		}
		require.ErrorIs(t, service.Receive(ctx, anna, "a", reminder.Opened, o.Clock.Now()), reminder.ErrNotFound)
		require.Equal(t, map[string]database.Instant{"a": 0, "b": 0, "c": database.At(opened)}, o.openedAt())
	})
}

// openedAt returns when each slot was opened; 0 is never.
func (o outbox) openedAt() (all map[string]database.Instant) {
	o.t.Helper()
	all = map[string]database.Instant{}
	o.Read(func(tx *database.Tx) error {
		var rows []struct {
			ID       string
			OpenedAt database.Instant
		}
		err := tx.All(&rows, "SELECT id, COALESCE(opened_at, 0) AS opened_at FROM reminder_slots")
		for _, r := range rows {
			all[r.ID] = r.OpenedAt
		}
		return err
	})
	return all
}

// A reminder is put off alone; a request that is sent again is told from another patient's, and from another of the
// patient's own.
func TestAReminderIsPutOffAlone(t *testing.T) {
	inOutbox(t, func(t *testing.T, o outbox) {
		service := reminder.NewService(o.Guard, nil, nil)
		o.slot("a", testdb.Row{"state": "sent", "patient_id": testdb.Bert})
		o.slot("b", testdb.Row{"state": "sent"})
		o.slot("c", testdb.Row{"state": "sent"})
		o.slot("d", testdb.Row{"state": "sent"})
		snoozes := func(patient id.Patient, slot id.Slot, as id.Snooze, wait time.Duration) (bool, time.Time) {
			until, created, err := service.Snooze(context.Background(), o.AsPatient(patient), slot, as, wait)
			require.NoError(t, err)
			return created, until
		}
		for _, want := range []bool{true, false} {
			for patient, slots := range map[id.Patient]map[id.Slot]id.Snooze{testdb.Bert: {"a": "n1"},
				testdb.Anna: {"b": "n1", "c": "n2"}} {
				for slot, as := range slots {
					created, until := snoozes(patient, slot, as, time.Duration(slot[0])*time.Minute)
					require.Equal(t, want, created)
					require.Equal(t, o.in(int(slot[0])), until)
				}
			}
		}
		require.Equal(t, "sent 0", o.does(func(*database.Tx) error { return nil })["d"])
	})
}
