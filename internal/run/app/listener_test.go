package app

import (
	"errors"
	"log/slog"
	"math"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"cadans/internal/kernel/clock"
)

// scripted is a listener that answers one error after another; nil is a connection.
type scripted struct {
	net.Listener
	errs []error
}

func (s *scripted) Accept() (net.Conn, error) {
	err := s.errs[0]
	s.errs = s.errs[1:]
	if err == nil {
		return &net.TCPConn{}, nil
	}
	return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", err)}
}

// Trouble that passes ends nothing, and is one line in the log however often it comes between connections; a listener
// that was closed ends.
func TestAcceptGoesOn(t *testing.T) {
	t.Parallel()
	var logged strings.Builder
	log := slog.New(slog.NewTextHandler(&logged, nil))
	passing := []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ECONNABORTED, syscall.EHOSTUNREACH}
	for _, err := range passing {
		listener := newPersistent(&scripted{errs: []error{err, nil, err, err, nil, nil}}, clock.System{}, log)
		for range 3 {
			conn, accepted := listener.Accept()
			require.NoError(t, accepted)
			require.NotNil(t, conn)
		}
		require.Contains(t, logged.String(), err.Error())
	}
	require.Equal(t, len(passing), strings.Count(logged.String(), "no connection can be accepted now"), "one line each")
	_, err := newPersistent(&scripted{errs: []error{syscall.EINVAL}}, clock.System{}, log).Accept()
	require.True(t, errors.Is(err, syscall.EINVAL))
}

// There are files left for the program itself, and some connections whatever the system allows.
func TestConnections(t *testing.T) {
	t.Parallel()
	for files, want := range map[uint64]int{
		0:              256,
		256:            256,
		600:            344,
		1024:           768,
		20_000:         19_744,
		1 << 20:        262_144 - 256,
		math.MaxUint64: 262_144 - 256,
	} {
		require.Equal(t, want, connectionsFor(files), "%d files", files)
	}
}
