package access_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/kernel/database"
	"cadans/internal/kernel/fault"
	"cadans/internal/kernel/id"
	"cadans/internal/run/testdb"
)

// trail remembers which patients a member asked about.
type trail map[id.Patient]bool

// Asked implements access.Trail.
func (t trail) Asked(_ *database.Tx, patient id.Patient, allowed bool) error {
	t[patient] = allowed
	return nil
}

// Whoever has no right to a request gets nothing of it: the work does not begin, and the log knows.
func TestWorkBeginsAfterTheCheck(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		ctx := context.Background()
		tess, adri := town.AsMember(testdb.Tess), town.AsMember(testdb.Adri)
		asked := trail{}
		tess.Trail = asked
		unknown := func(*database.Tx) (id.Patient, error) { return "", access.ErrNotFound }
		for _, tc := range []struct {
			name string
			ask  access.Request
			want fault.Kind
		}{
			{"a stranger to the patient", tess.Asks(access.GetPatient, testdb.Carla), fault.NotFound},
			{"a role that never may", adri.Asks(access.SendFeedback, testdb.Anna), fault.Forbidden},
			{"a role that may not enter", tess.Enters(access.PutPracticeSettings), fault.Forbidden},
			{"a member about themselves", tess.AsksOwn(access.GetPreferences), fault.Forbidden},
			{"a record that is not there", tess.AsksAbout(access.GetAlert, unknown), fault.NotFound},
			{"nobody", access.Viewer{}.Enters(access.GetMe), fault.Unauthenticated},
		} {
			began := func(*database.Tx) (int, error) { t.Error(tc.name, "begins"); return 1, nil }
			_, err := access.Read(ctx, town.Guard, tc.ask, began)
			require.True(t, fault.Is(err, tc.want), "%s: %v", tc.name, err)
			_, err = access.Write(ctx, town.Guard, tc.ask.Alone(), began)
			require.True(t, fault.Is(err, tc.want), "%s: %v", tc.name, err)
		}
		require.Equal(t, trail{testdb.Carla: false}, asked)

		_, err := access.Read(ctx, town.Guard, tess.Enters(access.GetPatient),
			func(*database.Tx) (int, error) { t.Error("begins"); return 1, nil })
		require.ErrorContains(t, err, "getPatient names no patient")
		_, err = access.Read(ctx, town.Guard, tess.InScope(access.GetPatient),
			func(*database.Tx) (int, error) { t.Error("begins"); return 1, nil })
		require.ErrorContains(t, err, "getPatient is not about all patients in scope")

		done, err := access.Read(ctx, town.Guard, tess.InScope(access.GetCaseload),
			func(*database.Tx) (int, error) { return 2, nil })
		require.NoError(t, err)
		require.Equal(t, 2, done)

		done, err = access.Read(ctx, town.Guard, tess.Asks(access.GetPatient, testdb.Anna),
			func(tx *database.Tx) (int, error) {
				require.True(t, asked[testdb.Anna], "the log knows before the work begins")
				return 1, town.Guard.Admit(tx, tess.Asks(access.GetPatient, testdb.Bert))
			})
		require.NoError(t, err)
		require.Equal(t, 1, done)
		require.Equal(t, trail{testdb.Anna: true, testdb.Bert: true, testdb.Carla: false}, asked)
	})
}

// What fails returns nothing, whatever the work had found, and leaves nothing behind.
func TestWhatFailsReturnsNothing(t *testing.T) {
	testdb.InTown(t, func(t *testing.T, town *testdb.Town) {
		ctx, ask := context.Background(), town.AsMember(testdb.Tess).Asks(access.SetPhase, testdb.Anna)
		broken := errors.New("broken")
		found, isNew, err := access.Create(ctx, town.Guard, ask, func(tx *database.Tx) (string, bool, error) {
			_, err := tx.Exec("UPDATE patients SET name = 'half' WHERE id = ?", testdb.Anna)
			return "half", true, errors.Join(broken, err)
		})
		require.ErrorIs(t, err, broken)
		require.Equal(t, "", found)
		require.False(t, isNew)

		found, isNew, err = access.Create(ctx, town.Guard, ask, func(tx *database.Tx) (string, bool, error) {
			var name string
			err := tx.Value(&name, "SELECT name FROM patients WHERE id = ?", testdb.Anna)
			return name, true, err
		})
		require.NoError(t, err)
		require.Equal(t, string(testdb.Anna), found)
		require.True(t, isNew)
	})
}

// One use case has two names; the role decides which rule holds.
func TestOperationsFollowTheRole(t *testing.T) {
	t.Parallel()
	pair := access.Operations{Own: access.ListMyFlares, Others: access.ListPatientFlares}
	for role, want := range map[access.Role]access.Operation{
		access.Patient:   access.ListMyFlares,
		access.Therapist: access.ListPatientFlares,
		access.Admin:     access.ListPatientFlares,
		"":               access.ListPatientFlares,
	} {
		require.Equal(t, want, pair.For(access.Viewer{Role: role}), role)
	}
}
