package testdb

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// poolerSettings are for one database behind a Unix socket.
const poolerSettings = `[databases]
%s = host=%s user=cadans
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = %s
ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout
`

// Pooler starts PgBouncer in front of the database of a URL from Postgres, and returns the URL through it. The mode
// is session or transaction.
func Pooler(t testing.TB, database, mode string) string {
	t.Helper()
	if _, err := exec.LookPath("pgbouncer"); err != nil {
		Missing(t, "PgBouncer")
	}
	dir, err := os.MkdirTemp("", "cadans-pgbouncer-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	attributes, err := lendUser(dir)
	require.NoError(t, err)
	attributes.Pdeathsig = 0 // it would follow the thread that starts it, not the test
	server, err := url.Parse(database)
	require.NoError(t, err)
	address := freeAddress(t)
	settings := filepath.Join(dir, "pgbouncer.ini")
	name := DatabaseOf(database)
	text := fmt.Sprintf(poolerSettings, name, server.Query().Get("host"), address.Port, mode)
	require.NoError(t, os.WriteFile(settings, []byte(text), 0o644))
	command := exec.Command("pgbouncer", settings)
	command.SysProcAttr = attributes
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		require.NoError(t, command.Process.Kill())
		_ = command.Wait()
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address.String())
		return err == nil && conn.Close() == nil
	}, 30*time.Second, 10*time.Millisecond)
	return "postgres://cadans@127.0.0.1:" + strconv.Itoa(address.Port) + "/" + name + "?sslmode=disable"
}

// freeAddress returns an address that was free a moment ago.
func freeAddress(t testing.TB) *net.TCPAddr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().(*net.TCPAddr)
}
