package cli_test

import (
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// After SIGTERM readiness says no at once, so that a load balancer looks elsewhere, while requests are still answered;
// then the program ends by itself and without an error.
func TestDraining(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	v.settings = []string{"CADANS_DRAIN_WAIT=4s"}
	v.start(t)
	require.NoError(t, v.program.cmd.Process.Signal(syscall.SIGTERM))
	v.program.until(t, v, func() bool { return v.answers("/readyz", http.StatusServiceUnavailable) })
	require.True(t, v.answers("/healthz", http.StatusOK))
	require.True(t, v.answers("/v1/me", http.StatusUnauthorized))
	require.NoError(t, v.program.wait(), v.logged())
}
