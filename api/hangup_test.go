package api

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestHungUp(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	caller, err := net.Dial("tcp", listener.Addr().String())
	require.NoError(t, err)
	conn, err := listener.Accept()
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.False(t, hungUp(conn), "silent")
	_, err = caller.Write([]byte("x"))
	require.NoError(t, err)
	require.Never(t, func() bool { return hungUp(conn) }, 50*time.Millisecond, 5*time.Millisecond, "has sent something")
	read := make([]byte, 1)
	_, err = conn.Read(read)
	require.NoError(t, err)
	require.Equal(t, "x", string(read), "looking takes nothing away")
	require.NoError(t, caller.Close())
	require.Eventually(t, func() bool { return hungUp(conn) }, time.Second, 5*time.Millisecond)
}
