package web_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/rules/reminder"
	"cadans/internal/run/testkit"
)

// When the push service refuses everything an admin reads so on every page, in both languages, and whoever watches
// the server too; a therapist can do nothing about it. Pushes are no reason to take the server away from its users.
func TestAnAdminHearsThatPushesAreRefused(t *testing.T) {
	t.Parallel()
	sys := testkit.Start(t)
	therapist := sys.Therapist(sys.Admin, "T. de Vries")
	admin, other := newBrowser(t, sys), newBrowser(t, sys)
	admin.signIn(sys.Admin.Email)
	other.signIn(therapist.Email)
	const notice, code = "The service that sends them refuses", "403 SENDER_ID_MISMATCH"
	require.NotContains(t, admin.get("/practice").body, notice)
	require.Equal(t, "ready\n", readiness(t, sys))

	sys.PushService(reminder.Status{Condition: reminder.Refused, Since: sys.Clock.Now(), Code: code})
	page := admin.get("/practice").body
	require.Contains(t, page, notice)
	require.Contains(t, page, code)
	require.Contains(t, admin.get("/caseload").body, notice)
	admin.send("POST", "/appearance", url.Values{"language": {"nl"}})
	require.Contains(t, admin.get("/caseload").body, "weigert onze berichten")
	admin.send("POST", "/appearance", url.Values{"language": {"en"}})
	require.NotContains(t, other.get("/caseload").body, notice)
	require.Equal(t, "ready\npush refused since 2026-03-02T09:00:00Z: "+code+"\n", readiness(t, sys))

	sys.PushService(reminder.Status{Condition: reminder.Troubled, Since: sys.Clock.Now(), Code: "503"})
	require.NotContains(t, admin.get("/practice").body, notice, "that mends itself")
	require.Equal(t, "ready\npush troubled since 2026-03-02T09:00:00Z: 503\n", readiness(t, sys))
}

func readiness(t *testing.T, sys *testkit.System) string {
	t.Helper()
	answer, err := http.Get(sys.URL + "/readyz")
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusOK, answer.StatusCode)
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(body)
}
