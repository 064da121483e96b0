package visit_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/visit"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

var monday = localtime.MustParseDate("2026-03-02")

// agenda is where therapists of a town record visits.
type agenda struct {
	*testdb.Town
	*visit.Service
	t *testing.T
}

func inAgenda(t *testing.T, promise func(*testing.T, agenda)) {
	t.Helper()
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		promise(t, agenda{town, visit.NewService(town.Guard), t})
	})
}

// sees records a visit so many days ago, a second after the one before; next is in so many days, or none.
func (a agenda) sees(patient id.Patient, as id.Visit, ago, next int) bool {
	a.t.Helper()
	a.Clock.Advance(time.Second)
	v := visit.Visit{ID: as, Kind: "practice", LocalDate: monday.AddDays(-ago)}
	if next > 0 {
		v.Next = monday.AddDays(next)
	}
	member := testdb.Tess
	if patient == testdb.Carla {
		member = testdb.Elsa
	}
	_, created, err := a.Record(context.Background(), a.AsMember(member), patient, v)
	require.NoError(a.t, err)
	return created
}

// Visits are listed by day, then as they were recorded, the latest first; each is one patient's.
func TestVisitsOfAPatient(t *testing.T) {
	inAgenda(t, func(t *testing.T, a agenda) {
		require.True(t, a.sees(testdb.Bert, "v1", 0, 0))
		require.True(t, a.sees(testdb.Anna, "v3", 1, 0))
		require.True(t, a.sees(testdb.Anna, "v2", 1, 0))
		require.True(t, a.sees(testdb.Anna, "v1", 3, 0))
		require.False(t, a.sees(testdb.Anna, "v1", 3, 0), "a retry")
		found, err := a.List(context.Background(), a.AsMember(testdb.Tess), testdb.Anna)
		require.NoError(t, err)
		var ids []id.Visit
		for _, v := range found {
			ids = append(ids, v.ID)
		}
		require.Equal(t, []id.Visit{"v2", "v3", "v1"}, ids)
		a.Read(func(tx *database.Tx) error {
			last, err := visit.LastOf(tx, testdb.Anna)
			require.NoError(t, err)
			require.Equal(t, id.Visit("v2"), last.ID)
			none, err := visit.LastOf(tx, testdb.Carla)
			require.Nil(t, none)
			return err
		})
	})
}

// A hundred visits are enough for a list.
func TestAListOfVisitsEnds(t *testing.T) {
	inAgenda(t, func(t *testing.T, a agenda) {
		var rows []testdb.Row
		for i := range 101 {
			rows = append(rows, testdb.Row{
				"patient_id": testdb.Anna, "id": fmt.Sprint(i), "kind": "practice", "local_date": monday.AddDays(-i),
				"recorded_by": testdb.Tess,
			})
		}
		a.Insert("visits", rows...)
		found, err := a.List(context.Background(), a.AsMember(testdb.Tess), testdb.Anna)
		require.NoError(t, err)
		require.Len(t, found, 100)
		require.Equal(t, monday.AddDays(-99), found[99].LocalDate)
	})
}

// The next visit is the nearest that has not passed.
func TestTheNextVisit(t *testing.T) {
	inAgenda(t, func(t *testing.T, a agenda) {
		a.sees(testdb.Anna, "v1", 9, 1)
		a.sees(testdb.Anna, "v2", 8, 4)
		a.sees(testdb.Anna, "v3", 7, 6)
		a.sees(testdb.Bert, "v1", 2, 3)
		a.sees(testdb.Carla, "v1", 2, 5)
		a.Read(func(tx *database.Tx) error {
			next, err := visit.NextOf(tx, []id.Patient{testdb.Anna, testdb.Bert}, monday.AddDays(4))
			require.Equal(t, map[id.Patient]localtime.Date{testdb.Anna: monday.AddDays(4)}, next)
			return err
		})
	})
}
