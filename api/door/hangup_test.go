package door

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pair returns both ends of a connection.
func pair(t *testing.T) (caller *net.TCPConn, conn net.Conn) {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	caller, err = net.DialTCP("tcp", nil, listener.Addr().(*net.TCPAddr))
	require.NoError(t, err)
	conn, err = listener.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return caller, conn
}

// A deadline is the server's own: that it has passed says nothing about the other side.
func TestAPassedDeadlineIsNoHangUp(t *testing.T) {
	t.Parallel()
	caller, conn := pair(t)
	require.NoError(t, conn.SetDeadline(time.Unix(1, 0)))
	require.False(t, hungUp(conn), "silent")
	require.NoError(t, caller.Close())
	require.Eventually(t, func() bool { return hungUp(conn) }, time.Minute, 5*time.Millisecond)
}

// A phone that is switched off in the middle leaves a reset, not an end.
func TestAResetIsAHangUp(t *testing.T) {
	t.Parallel()
	caller, conn := pair(t)
	require.NoError(t, caller.SetLinger(0))
	require.NoError(t, caller.Close())
	require.Eventually(t, func() bool { return hungUp(conn) }, time.Minute, 5*time.Millisecond)
	require.NoError(t, conn.Close())
	require.True(t, hungUp(conn), "closed by ourselves")
}

func TestHungUp(t *testing.T) {
	t.Parallel()
	caller, conn := pair(t)
	require.False(t, hungUp(conn), "silent")
	_, err := caller.Write([]byte("x"))
	require.NoError(t, err)
	require.Never(t, func() bool { return hungUp(conn) }, 50*time.Millisecond, 5*time.Millisecond, "has sent something")
	read := make([]byte, 1)
	_, err = conn.Read(read)
	require.NoError(t, err)
	require.Equal(t, "x", string(read), "looking takes nothing away")
	require.NoError(t, caller.Close())
	require.Eventually(t, func() bool { return hungUp(conn) }, time.Minute, 5*time.Millisecond)
}
