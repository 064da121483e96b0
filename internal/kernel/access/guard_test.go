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
	"cadans/internal/run/testkit"
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
	testkit.InTown(t, func(t *testing.T, town *testkit.Town) {
		ctx := context.Background()
		tess, adri := town.AsMember(testkit.Tess), town.AsMember(testkit.Adri)
		asked := trail{}
		tess.Trail = asked
		unknown := func(*database.Tx) (id.Patient, error) { return "", access.ErrNotFound }
		for _, tc := range []struct {
			name string
			ask  access.Request
			want fault.Kind
		}{
			{"a stranger to the patient", tess.Asks(access.GetPatient, testkit.Carla), fault.NotFound},
			{"a role that never may", adri.Asks(access.SendFeedback, testkit.Anna), fault.Forbidden},
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
		require.Equal(t, trail{testkit.Carla: false}, asked)

		done, err := access.Read(ctx, town.Guard, tess.Asks(access.GetPatient, testkit.Anna),
			func(tx *database.Tx) (int, error) {
				require.True(t, asked[testkit.Anna], "the log knows before the work begins")
				return 1, town.Guard.Admit(tx, tess.Asks(access.GetPatient, testkit.Bert))
			})
		require.NoError(t, err)
		require.Equal(t, 1, done)
		require.Equal(t, trail{testkit.Anna: true, testkit.Bert: true, testkit.Carla: false}, asked)
	})
}

// What fails returns nothing, whatever the work had found, and leaves nothing behind.
func TestWhatFailsReturnsNothing(t *testing.T) {
	testkit.InTown(t, func(t *testing.T, town *testkit.Town) {
		ctx, ask := context.Background(), town.AsMember(testkit.Tess).Asks(access.SetPhase, testkit.Anna)
		broken := errors.New("broken")
		found, isNew, err := access.Create(ctx, town.Guard, ask, func(tx *database.Tx) (string, bool, error) {
			_, err := tx.Exec("UPDATE patients SET name = 'half' WHERE id = ?", testkit.Anna)
			return "half", true, errors.Join(broken, err)
		})
		require.ErrorIs(t, err, broken)
		require.Equal(t, "", found)
		require.False(t, isNew)

		found, isNew, err = access.Create(ctx, town.Guard, ask, func(tx *database.Tx) (string, bool, error) {
			var name string
			err := tx.Value(&name, "SELECT name FROM patients WHERE id = ?", testkit.Anna)
			return name, true, err
		})
		require.NoError(t, err)
		require.Equal(t, string(testkit.Anna), found)
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
