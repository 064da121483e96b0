package session_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/session"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

// names reports a barrier on a day so many days ago; each report comes a second after the one before.
func (d diary) names(patient id.Patient, as id.Barrier, daysAgo int, b session.Barrier) bool {
	d.t.Helper()
	d.Clock.Advance(time.Second)
	_, created, err := d.ReportBarrier(context.Background(), d.AsPatient(patient), session.BarrierReport{
		ID: as, LocalDate: d.daysAgo(daysAgo), Barrier: b,
	})
	require.NoError(d.t, err)
	return created
}

func (d diary) daysAgo(n int) localtime.Date { return localtime.DateOf(d.Clock.Now()).AddDays(-n) }

// A barrier that is sent again is stored once, whatever else the patient, or another with the same id, has reported.
func TestABarrierSentAgain(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		require.True(t, d.names(testdb.Anna, "b1", 0, "time"))
		require.True(t, d.names(testdb.Bert, "b2", 0, "ill"))
		require.True(t, d.names(testdb.Anna, "b2", 0, "pain"))
		require.False(t, d.names(testdb.Anna, "b2", 0, "pain"))
	})
}

// A patient's barriers are read since a day: by day, then as they came in, the latest first.
func TestBarriersSince(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		d.names(testdb.Anna, "b3", 0, "time")
		d.names(testdb.Anna, "b2", 0, "pain")
		d.names(testdb.Anna, "b4", 2, "ill")
		d.names(testdb.Anna, "b5", 3, "forgot")
		d.names(testdb.Bert, "b6", 0, "boredom")
		d.Read(func(tx *database.Tx) error {
			found, err := session.BarriersSince(tx, testdb.Anna, d.daysAgo(2))
			require.Equal(t, []session.Barrier{"pain", "time", "ill"}, barriers(found))
			return err
		})
	})
}

// So many barriers are enough for a conversation.
func TestOnlyTheLatestBarriersAreRead(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		for i := range 21 {
			d.names(testdb.Anna, id.Barrier(fmt.Sprint("b", i)), i, "time")
		}
		d.Read(func(tx *database.Tx) error {
			found, err := session.BarriersSince(tx, testdb.Anna, d.daysAgo(30))
			require.Len(t, found, 20)
			require.Equal(t, d.daysAgo(19), found[19].LocalDate)
			return err
		})
	})
}

func barriers(reports []session.BarrierReport) (all []session.Barrier) {
	for _, r := range reports {
		all = append(all, r.Barrier)
	}
	return all
}

// Of each patient the barrier of the latest day counts, and there the one named last.
func TestTheBarrierNamedLast(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		d.names(testdb.Anna, "b3", 0, "time")
		d.names(testdb.Anna, "b2", 0, "pain")
		d.names(testdb.Anna, "b1", 1, "ill")
		d.names(testdb.Bert, "b1", 2, "holiday")
		d.names(testdb.Carla, "b1", 0, "boredom")
		d.Read(func(tx *database.Tx) error {
			latest, err := session.LatestBarriers(tx, []id.Patient{testdb.Anna, testdb.Bert}, d.daysAgo(1))
			require.Equal(t, map[id.Patient]session.Barrier{testdb.Anna: "pain"}, latest)
			return err
		})
	})
}

// A practice counts its own patients, each once for a barrier, on the days asked for.
func TestBarriersOfAPractice(t *testing.T) {
	inDiary(t, func(t *testing.T, d diary) {
		d.names(testdb.Anna, "b1", 4, "ill") // a day too early
		d.names(testdb.Anna, "b2", 3, "time")
		d.names(testdb.Anna, "b3", 3, "time")
		d.names(testdb.Bert, "b1", 1, "time")
		d.names(testdb.Bert, "b2", 1, "pain")
		d.names(testdb.Bert, "b3", 0, "forgot") // a day too late
		d.names(testdb.Carla, "b1", 2, "boredom")
		d.names(testdb.Carla, "b2", 2, "time")
		d.Read(func(tx *database.Tx) error {
			counts, err := session.BarriersOf(tx, testdb.North, d.daysAgo(3), d.daysAgo(1))
			require.Equal(t, map[session.Barrier]int{"time": 2, "pain": 1}, counts)
			return err
		})
	})
}
