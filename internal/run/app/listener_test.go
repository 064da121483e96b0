package app

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
)

// scripted is a listener that answers one error after another, and then a connection.
type scripted struct {
	net.Listener
	errs []error
}

func (s *scripted) Accept() (net.Conn, error) {
	if len(s.errs) == 0 {
		return &net.TCPConn{}, nil
	}
	err := s.errs[0]
	s.errs = s.errs[1:]
	return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", err)}
}

// Trouble that passes ends nothing, and is a line in the log; a listener that was closed ends.
func TestAcceptGoesOn(t *testing.T) {
	t.Parallel()
	var logged strings.Builder
	log := slog.New(slog.NewTextHandler(&logged, nil))
	for _, err := range passing {
		conn, accepted := persistent{&scripted{errs: []error{err, err, err}}, clock.System{}, log}.Accept()
		require.NoError(t, accepted)
		require.NotNil(t, conn)
	}
	require.Equal(t, len(passing), strings.Count(logged.String(), "no connection can be accepted now"), "one line each")
	_, err := persistent{&scripted{errs: []error{syscall.EINVAL}}, clock.System{}, log}.Accept()
	require.True(t, errors.Is(err, syscall.EINVAL))
}

// There are files left for the program itself.
func TestConnections(t *testing.T) {
	t.Parallel()
	var limit syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit))
	if n := connections(); n != 0 {
		require.Less(t, n, int(limit.Cur))
	}
}
