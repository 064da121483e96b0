package adherence_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/database"
	"cadans/internal/rules/adherence"
	"cadans/internal/run/testkit"
	"cadans/pkg/client"
	"cadans/pkg/localtime"
)

// A session that tells of a danger sign stops the program on its own day: that day is kept as
// it is made anew, however the sign came.
func TestASessionThatStopsTheProgram(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		n := anna.FullSession(sys.Clock.Now(), 3, 4)
		n.NewSigns = []client.NewSign{"chest_pain"}
		anna.Logs(n, http.StatusCreated)
		require.Empty(t, wrongDays(t, sys, anna))
	})
}

// The same for a sign that a correction adds.
func TestACorrectionThatStopsTheProgram(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, sys *testkit.System, _ *testkit.Member, anna *testkit.Patient) {
		n := anna.FullSession(sys.Clock.Now(), 3, 4)
		anna.Logs(n, http.StatusCreated)
		body := anna.SessionBody(sys.Clock.Now())
		delete(body, "id")
		body["new_signs"] = []string{"chest_pain"}
		answer := sys.Call("PUT", "/v1/me/sessions/"+n.ID, anna.Token(), body)
		require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
		require.Empty(t, wrongDays(t, sys, anna))
	})
}

// wrongDays are those that are not as they are made anew.
func wrongDays(t *testing.T, sys *testkit.System, p *testkit.Patient) (wrong []localtime.Date) {
	t.Helper()
	require.NoError(t, sys.App.DB.Write(context.Background(), func(tx *database.Tx) (err error) {
		wrong, err = adherence.Audit(tx, p.ID)
		return err
	}))
	return wrong
}
