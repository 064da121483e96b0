package alert_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/record/alert"
	"cadans/internal/record/safety"
	"cadans/internal/run/testdb"
)

// An emergency stands above everything else that cannot wait, also above what has been open for longer; a sign that can
// wait until today stands below.
func TestAnEmergencyComesFirst(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		insert := func(as string, kind alert.Kind, urgency alert.Urgency, hours int) {
			at := town.Clock.Now().Add(-time.Duration(hours) * time.Hour)
			town.Insert("alerts", testdb.Row{
				"id": as, "patient_id": testdb.Anna, "kind": kind, "subject": as, "urgency": urgency,
				"opened_at": database.At(at), "updated_at": database.At(at), "reasons": "[]", "reason_nl": as,
				"reason_en": as,
			})
		}
		insert("review", safety.AlertKind, alert.Today, 9)
		insert("stopped", "attention", alert.Now, 5)
		insert("emergency", safety.AlertKind, alert.Now, 1)
		page, err := alert.NewService(town.Guard, safety.AlertKind).List(
			context.Background(), town.AsMember(testdb.Tess), alert.Filter{},
		)
		require.NoError(t, err)
		var order []string
		for _, a := range page.Alerts {
			order = append(order, string(a.ID))
		}
		require.Equal(t, []string{"emergency", "stopped", "review"}, order)
	})
}
