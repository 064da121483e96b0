package trouble_test

import (
	"io"
	"net/http"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"cadans/internal/run/testdb"
)

// inTime is how long a probe may take. Only -figures hold it: a machine that does other things may be late.
const inTime = 100 * time.Millisecond

// asks returns what a path answers on the public listener and on the operator's, which is the same.
func (s *server) asks(path string) (status int, text string) {
	s.t.Helper()
	status, text = s.ask(s.t, s.operator, path)
	publicStatus, public := s.ask(s.t, s.address, path)
	require.Equal(s.t, text, public)
	require.Equal(s.t, status, publicStatus)
	return status, text
}

// ask fails t, which is of whoever asks: inside Eventually that is one try of many.
func (s *server) ask(t require.TestingT, address, path string) (int, string) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	began := time.Now()
	answer, err := client.Get("http://" + address + path)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	if took := time.Since(began); *figures {
		require.Less(t, took, inTime, "%s%s", address, path)
	}
	return answer.StatusCode, string(text)
}

// becomes waits until a server says so of itself, and that it lives all the while.
func (s *server) becomes(status int, text string) {
	s.t.Helper()
	require.EventuallyWithT(s.t, func(c *assert.CollectT) {
		alive, _ := s.ask(c, s.operator, "/healthz")
		require.Equal(c, http.StatusOK, alive)
		got, said := s.ask(c, s.operator, "/readyz")
		require.Equal(c, status, got)
		require.Equal(c, text, said)
	}, 30*time.Second, 200*time.Millisecond)
	got, said := s.asks("/readyz")
	require.Equal(s.t, status, got)
	require.Equal(s.t, text, said)
	got, _ = s.asks("/healthz")
	require.Equal(s.t, http.StatusOK, got)
}

// A database that says nothing, and does not hang up, keeps no probe waiting.
func TestProbesWhileTheDatabaseHangs(t *testing.T) {
	t.Parallel()
	wire := testdb.NewWire(t, testdb.Postgres(t))
	s := startServer(t, "CADANS_DATABASE_URL="+wire.URL, signingKey)
	s.becomes(http.StatusOK, "ready\n")
	wire.Breaks(testdb.Silence)
	s.becomes(http.StatusServiceUnavailable, "not ready: database does not answer\n")
	wire.Breaks(testdb.Nowhere)
	wire.CutAll()
	s.becomes(http.StatusOK, "ready\n")
}

// A disk without room lets everything be read and nothing be written. A limit on the size of files is such a disk for
// whoever writes them, and needs no other rights.
func TestProbesOnAFullDisk(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	s.becomes(http.StatusOK, "ready\n")
	s.mayWrite(4096)
	s.becomes(http.StatusServiceUnavailable, "not ready: database takes no writes\n")
	s.mayWrite(^uint64(0))
	s.becomes(http.StatusOK, "ready\n")
}

// mayWrite limits how large the server's files may become from now on.
func (s *server) mayWrite(size uint64) {
	s.t.Helper()
	limit := syscall.Rlimit{Cur: size, Max: ^uint64(0)}
	_, _, failed := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(s.cmd.Process.Pid), syscall.RLIMIT_FSIZE,
		uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
	require.Zero(s.t, failed)
}
