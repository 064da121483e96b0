package cli_test

import (
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever runs the server asks it on a listener of its own, which says the same while it drains.
func TestOperatorsListener(t *testing.T) {
	t.Parallel()
	v := newVictim(t)
	operator := newVictim(t).address
	v.settings = []string{"CADANS_DRAIN_WAIT=4s", "CADANS_METRICS_ADDR=" + operator}
	v.start(t)
	for _, address := range []string{v.address, operator} {
		requireSays(t, address, "/healthz", http.StatusOK, "ok\n")
		requireSays(t, address, "/readyz", http.StatusOK, "ready\n")
	}
	status, metrics := said(t, operator, "/metrics")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, metrics, "cadans_request_seconds")
	status, _ = said(t, operator, "/v1/me")
	require.Equal(t, http.StatusNotFound, status)
	status, _ = said(t, v.address, "/metrics")
	require.Equal(t, http.StatusNotFound, status, "never public")

	require.NoError(t, v.program.cmd.Process.Signal(syscall.SIGTERM))
	v.program.until(t, v, func() bool { return v.answers("/readyz", http.StatusServiceUnavailable) })
	for _, address := range []string{v.address, operator} {
		requireSays(t, address, "/healthz", http.StatusOK, "ok\n")
		requireSays(t, address, "/readyz", http.StatusServiceUnavailable, "not ready: draining\n")
	}
	require.NoError(t, v.program.wait(), v.logged())
	_, err := net.Dial("tcp", operator)
	require.Error(t, err, "it ends with the program")
}

func requireSays(t *testing.T, address, path string, status int, text string) {
	t.Helper()
	got, body := said(t, address, path)
	require.Equal(t, status, got, "%s%s", address, path)
	require.Equal(t, text, body)
}

func said(t *testing.T, address, path string) (int, string) {
	t.Helper()
	answer, err := http.Get("http://" + address + path)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(body)
}
