package cli_test

import (
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cadans/internal/clock"
)

// After SIGTERM readiness says no at once, so that a load balancer looks elsewhere, while requests are still answered;
// then the program ends by itself and without an error.
func TestDraining(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	v.settings = []string{"CADANS_DRAIN_WAIT=4s"}
	v.start(t)
	require.NoError(t, v.cmd.Process.Signal(syscall.SIGTERM))
	deadline := time.Now().Add(time.Second)
	for get(t, v, "/readyz") != http.StatusServiceUnavailable {
		require.True(t, time.Now().Before(deadline), "still ready")
	}
	for time.Now().Before(deadline) {
		require.Equal(t, http.StatusOK, get(t, v, "/healthz"))
		require.Equal(t, http.StatusUnauthorized, get(t, v, "/v1/me"))
		<-clock.System{}.After(20 * time.Millisecond)
	}
	require.NoError(t, v.cmd.Wait(), v.logged())
}

func get(t *testing.T, v *victim, path string) int {
	t.Helper()
	response, err := http.Get("http://" + v.address + path)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}
