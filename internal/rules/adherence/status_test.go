package adherence_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/kernel/id"
	"cadans/internal/record/people"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testkit"
	"cadans/pkg/localtime"
)

// statusOf reads the status of a patient's today.
func statusOf(t *testing.T, sys *testkit.System, p *testkit.Patient) (s adherence.Status) {
	t.Helper()
	require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) error {
		person, err := people.ByID(tx, p.ID)
		require.NoError(t, err)
		s, err = adherence.StatusOf(tx, person)
		return err
	}))
	return s
}

// The latest session is forgotten when it is taken back, and known when it lies
// further back than anything else is read.
func TestTheLatestDayOfAStatus(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		first := anna.FullSession(sys.Clock.Now(), 3, 3)
		anna.Logs(first, http.StatusCreated)
		sys.Sweep()
		require.Equal(t, anna.Today(), statusOf(t, sys, anna).LastDay)
		gone, err := anna.DeleteSessionWithResponse(context.Background(), first.ID)
		require.NoError(t, err)
		require.Equal(t, http.StatusNoContent, gone.StatusCode())
		require.True(t, statusOf(t, sys, anna).LastDay.IsZero())

		second := anna.Today()
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		for days := 10; days <= 300; days += 10 {
			sys.Clock.Advance(10 * 24 * time.Hour)
			sys.Sweep()
			require.Equal(t, second, statusOf(t, sys, anna).LastDay)
			require.Equal(t, days-1, statusOf(t, sys, anna).Missed.Active, "up to yesterday")
		}
		_ = anna.Pushes()
	})
}

// Pain told in a check-in makes a day of the ledger, but no day with a session.
func TestACheckInIsNoSession(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		tells := func() {
			told := sys.Call("POST", "/v1/me/check-ins", anna.Token(), map[string]any{
				"id": sys.NewID(), "local_date": anna.Today().String(), "nprs_avg24": 3, "new_signs": []string{},
			})
			require.Equal(t, http.StatusCreated, told.Status, string(told.Body))
		}
		tells()
		require.True(t, statusOf(t, sys, anna).LastDay.IsZero())
		done := anna.Today()
		anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated)
		sys.Clock.Advance(24 * time.Hour)
		tells()
		require.Equal(t, done, statusOf(t, sys, anna).LastDay)
		_ = anna.Pushes()
	})
}

// A day ends at the patient's own midnight: the status of yesterday is not shown today, whether or not a sweep came by.
func TestAStatusHoldsUntilMidnight(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		zones := []string{"Pacific/Apia", "Asia/Kathmandu", "Europe/Amsterdam", "America/New_York"}
		var patients []*testkit.Patient
		for _, zone := range zones {
			p := therapist.NewPatient(zone, zone)
			therapist.Publishes(p, 5)
			patients = append(patients, p)
		}
		for range 48 {
			for _, p := range patients {
				require.Equal(t, p.Today(), statusOf(t, sys, p).Date, p.Name)
				require.Equal(
					t, p.Today().DaysSince(localtime.MustParseDate(p.Version.EffectiveFrom))/7+1,
					statusOf(t, sys, p).Week,
				)
			}
			sys.Clock.Advance(30 * time.Minute)
			require.NoError(t, sys.App.Statuses.Sweep(context.Background()))
		}
		for _, p := range patients {
			_ = p.Pushes()
		}
	})
}

// Something that changes while a status is being made anew is not overwritten by it.
func TestASlowKeeperDoesNotWin(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		meanwhile := watcher(func() { anna.Logs(anna.FullSession(sys.Clock.Now(), 3, 3), http.StatusCreated) })
		require.NoError(t, adherence.NewKeeper(sys.App.DB, meanwhile).Sweep(context.Background()))
		require.Equal(t, 1, statusOf(t, sys, anna).Last7.Done)
		require.Equal(t, anna.Today(), statusOf(t, sys, anna).LastDay)
	})
}

// watcher does something while a status is being made anew, the first time.
func watcher(meanwhile func()) adherence.Watcher { return &once{do: meanwhile} }

type once struct{ do func() }

// Watch implements adherence.Watcher.
func (o *once) Watch(*database.Tx, people.Patient, adherence.Status) (func(*database.Tx) error, error) {
	if o.do != nil {
		o.do()
		o.do = nil
	}
	return nil, nil
}

// refusing fails about one patient.
type refusing id.Patient

// Watch implements adherence.Watcher.
func (r refusing) Watch(_ *database.Tx, p people.Patient, _ adherence.Status) (func(*database.Tx) error, error) {
	if p.ID == id.Patient(r) {
		return nil, errors.New("cannot tell")
	}
	return nil, nil
}

// One patient about whom the rules fail keeps no other from being looked at.
func TestAFailureKeepsNobodyElseWaiting(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, anna *testkit.Patient) {
		for range 3 {
			therapist.Publishes(therapist.NewPatient("P.", "Europe/Amsterdam"), 5)
		}
		require.ErrorContains(
			t, adherence.NewKeeper(sys.App.DB, refusing(anna.ID)).Sweep(context.Background()), "cannot tell",
		)
		var stale []id.Patient
		require.NoError(t, sys.App.DB.Read(context.Background(), func(tx *database.Tx) (err error) {
			stale, err = database.Column[id.Patient](tx, "SELECT patient_id FROM patient_status WHERE form = 0")
			return err
		}))
		require.Equal(t, []id.Patient{anna.ID}, stale)
	})
}

// Who was never asked anything has a today as well: the status of yesterday does not hold today.
func TestTheStatusOfSomebodyWithoutAProgramIsOfToday(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, therapist *testkit.Member, _ *testkit.Patient) {
		bart := therapist.NewPatient("B. Bakker", "Europe/Amsterdam")
		sys.Sweep()
		require.Equal(t, bart.Today(), statusOf(t, sys, bart).Date)
		for range 3 {
			sys.Clock.Advance(24 * time.Hour)
			require.Equal(t, bart.Today(), statusOf(t, sys, bart).Date)
			sys.Sweep()
			require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) error {
				person, err := people.ByID(tx, bart.ID)
				require.NoError(t, err)
				wrong, err := adherence.AuditStatus(tx, person)
				require.Empty(t, wrong, "as doctor --ledger looks at it")
				return err
			}))
		}
		sys.ForgetPushes() // of who was asked
	})
}
