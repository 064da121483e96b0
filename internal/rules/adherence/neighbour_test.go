package adherence_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testdb"
	"cadans/pkg/localtime"
)

var march2 = localtime.MustParseDate("2026-03-02") // on which a town begins

// keepsDays stores a day with so many sessions on each of some days, counted from March 2.
func keepsDays(town *testdb.Town, patient id.Patient, days ...int) {
	for _, day := range days {
		town.Insert(
			"adherence_days", testdb.Row{"patient_id": patient, "local_date": march2.AddDays(day), "sessions": 1},
		)
	}
}

// shown shows days as they are counted from March 2.
func shown(days []adherence.Day) (all []int) {
	for _, d := range days {
		all = append(all, d.Date.DaysSince(march2))
	}
	return all
}

// Stored days are read for one patient, of a range with both its ends, in order.
func TestDaysOfARange(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		keepsDays(town, testdb.Anna, 5, 4, 3, 2, 1)
		keepsDays(town, testdb.Bert, 3)
		town.Read(func(tx *database.Tx) error {
			days, err := adherence.DaysOf(tx, testdb.Anna, march2.AddDays(2), march2.AddDays(4))
			require.Equal(t, []int{2, 3, 4}, shown(days))
			require.NoError(t, err)
			rows, err := adherence.Rows(tx, []id.Patient{testdb.Anna, testdb.Carla}, march2.AddDays(4))
			require.Len(t, rows, 1)
			require.Equal(t, []int{4, 5}, shown(rows[testdb.Anna]))
			return err
		})
	})
}

// When something else is expected from a day on, the days from there are made anew: not those before or after, and
// not another patient's.
func TestOnlyTheDaysThatChangedAreMadeAnew(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		keepsDays(town, testdb.Anna, 1, 2, 3, 4, 5)
		keepsDays(town, testdb.Bert, 2, 3)
		town.Write(func(tx *database.Tx) error {
			return adherence.Ledger{}.ExpectationChanged(tx, testdb.Anna, march2.AddDays(2), march2.AddDays(3))
		})
		town.Read(func(tx *database.Tx) error {
			rows, err := adherence.Rows(tx, []id.Patient{testdb.Anna, testdb.Bert}, march2)
			require.Equal(t, []int{1, 5}, shown(rows[testdb.Anna]))
			require.Equal(t, []int{2, 3}, shown(rows[testdb.Bert]))
			return err
		})
	})
}

// statusRow is a kept status of nothing, that holds until a moment.
func statusRow(patient id.Patient, until time.Time) testdb.Row {
	return testdb.Row{"patient_id": patient, "holds_until": until, "content": "{}"}
}

// seen notes about whom a keeper asks, and what it wrote.
type seen struct {
	asked     []id.Patient
	wrote     int
	meanwhile func()
}

// Watch implements adherence.Watcher.
func (s *seen) Watch(_ *database.Tx, p people.Patient, _ adherence.Status) (func(*database.Tx) error, error) {
	s.asked = append(s.asked, p.ID)
	if do := s.meanwhile; do != nil {
		s.meanwhile = nil
		do()
	}
	return func(*database.Tx) error { s.wrote++; return nil }, nil
}

// A keeper makes anew what does not hold by now, the longest first, so many at a time.
func TestAKeeperTakesTheLongestFirst(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		var patients, statuses []testdb.Row
		for i := range 101 {
			patient := id.Patient(fmt.Sprintf("q-%03d", i))
			patients = append(patients, town.PatientRow(patient, testdb.North))
			statuses = append(statuses, statusRow(patient, town.Clock.Now().Add(time.Duration(-i)*time.Second)))
		}
		town.Insert("patients", patients...)
		town.Insert(
			"patient_status", append(statuses, statusRow(testdb.Anna, town.Clock.Now().Add(time.Millisecond)))...,
		)
		watcher, rests := &seen{}, 0
		require.NoError(t, adherence.NewKeeper(town.DB, watcher).SweepAt(context.Background(), func(context.Context,
			time.Duration) {
			rests++
		}))
		require.Equal(t, 2, rests, "50, 50 and 1")
		require.Len(t, watcher.asked, 101)
		require.Equal(t, id.Patient("q-051"), watcher.asked[0])
		require.Equal(t, id.Patient("q-000"), watcher.asked[100])
	})
}

// What was made anew is kept and followed once: not when something changed at that very moment, nor when another
// keeper was first, and not for anybody else.
func TestAStatusIsKeptOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		meanwhile func(*testing.T, *testdb.Town)
		wrote     int
	}{
		"nothing happened": {func(*testing.T, *testdb.Town) {}, 1},
		"it was touched": {func(_ *testing.T, town *testdb.Town) {
			town.Write(func(tx *database.Tx) error { return adherence.Touch(tx, testdb.Anna) })
		}, 0},
		"another keeper was first": {func(t *testing.T, town *testdb.Town) {
			require.NoError(t, adherence.NewKeeper(town.DB, &seen{}).Sweep(context.Background()))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
				later := town.Clock.Now().Add(time.Hour)
				town.Insert("patient_status", statusRow(testdb.Anna, town.Clock.Now()), statusRow(testdb.Bert, later))
				watcher := &seen{meanwhile: func() { tc.meanwhile(t, town) }}
				require.NoError(t, adherence.NewKeeper(town.DB, watcher).SweepAt(context.Background(), nil))
				require.Equal(t, tc.wrote, watcher.wrote)
				require.Equal(t, []id.Patient{testdb.Anna}, watcher.asked)
				require.Equal(t, database.At(later), holdsUntil(town, testdb.Bert))
			})
		})
	}
}

func holdsUntil(town *testdb.Town, patient id.Patient) (until database.Instant) {
	town.Read(func(tx *database.Tx) error {
		return tx.Value(&until, "SELECT holds_until FROM patient_status WHERE patient_id = ?", patient)
	})
	return until
}

// A status that is found wrong is forgotten; others hold.
func TestOnlyAWrongStatusIsForgotten(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		town.Insert(
			"patient_status", statusRow(testdb.Anna, town.Clock.Now()), statusRow(testdb.Bert, town.Clock.Now()),
		)
		require.NoError(t, adherence.NewKeeper(town.DB, &seen{}).Sweep(context.Background()))
		bert := holdsUntil(town, testdb.Bert)
		keepsDays(town, testdb.Anna, -1) // what the status does not know
		town.Write(func(tx *database.Tx) error {
			p, err := people.ByID(tx, testdb.Anna)
			require.NoError(t, err)
			wrong, err := adherence.AuditStatus(tx, p)
			require.NotEmpty(t, wrong)
			return err
		})
		require.Zero(t, holdsUntil(town, testdb.Anna))
		require.Equal(t, bert, holdsUntil(town, testdb.Bert))
	})
}

// A status that an earlier version of the program kept is made anew, however long it would hold.
func TestAStatusOfAnotherForm(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		town.Insert("patient_status", statusRow(testdb.Anna, town.Clock.Now().AddDate(0, 0, 1)))
		town.Write(func(tx *database.Tx) error {
			p, err := people.ByID(tx, testdb.Anna)
			require.NoError(t, err)
			status, err := adherence.StatusOf(tx, p)
			require.Equal(t, localtime.DateOf(town.Clock.Now()), status.Date)
			return err
		})
	})
}
