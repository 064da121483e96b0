package access_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/access"
	"cadans/internal/run/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Suite{M: m}.Run()) }

func operations(t *testing.T) (ids []access.Operation) {
	t.Helper()
	contract, err := os.ReadFile(filepath.Join(testdb.Root(), "openapi.yaml"))
	require.NoError(t, err)
	for _, match := range regexp.MustCompile(`operationId: (\w+)`).FindAllStringSubmatch(string(contract), -1) {
		ids = append(ids, access.Operation(match[1]))
	}
	return ids
}

// The program does not start with an operation that nobody thought about, nor with a rule for none.
func TestEveryOperationHasOneRow(t *testing.T) {
	t.Parallel()
	all := operations(t)
	require.NoError(t, access.MustCover(all))
	require.ErrorContains(t, access.MustCover(append(all, "exportEverything")), "exportEverything has no row")
	require.ErrorContains(t, access.MustCover(all[1:]), string(all[0]))
}

func TestEnter(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		role      access.Role
		operation access.Operation
		want      error
	}{
		{"a stranger may log in", "", "logIn", nil},
		{"a stranger may nothing else", "", access.GetToday, access.ErrUnauthenticated},
		{"a patient's own screen", access.Patient, access.GetToday, nil},
		{"a patient has no caseload", access.Patient, access.GetCaseload, access.ErrForbidden},
		{"a therapist has no patient's screen", access.Therapist, access.GetToday, access.ErrForbidden},
		{"an admin treats nobody", access.Admin, access.SendFeedback, access.ErrForbidden},
		{"an unknown role", "researcher", access.GetCaseload, access.ErrForbidden},
		{"an unknown operation", access.Admin, "exportEverything", access.ErrForbidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := access.Enter(access.Viewer{Role: tc.role}, tc.operation)
			if tc.want == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, tc.want)
		})
	}
}
