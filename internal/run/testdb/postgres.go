package testdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// PostgreSQL runs from Debian's packages: one server per test binary in a temporary directory, reached by a Unix socket
// only, one database per test.

var postgresServer = sync.OnceValues(startPostgres)

var databases atomic.Int64

// shortLived are settings of a server that keeps nothing: it waits for no disk, and tidies up none of the hundreds of
// databases that live for seconds.
var shortLived = []string{
	"-F", "-c", "max_connections=300", "-c", "full_page_writes=off", "-c", "wal_level=minimal",
	"-c", "max_wal_senders=0", "-c", "autovacuum=off", "-c", "jit=off",
}

// stopPostgres is set once the server runs.
var stopPostgres func() error

// Postgres returns the URL of a blank database. Without PostgreSQL the test is skipped on a developer's machine and
// fails in CI.
func Postgres(t testing.TB) string { return newDatabase(t, blankPostgres) }

// EmptyPostgres is Postgres for a database that has no schema yet.
func EmptyPostgres(t testing.TB) string { return newDatabase(t, "template1") }

func newDatabase(t testing.TB, template string) string {
	t.Helper()
	if _, err := postgresBinaries(); err != nil {
		Missing(t, "PostgreSQL")
	}
	socket, err := postgresServer()
	require.NoError(t, err)
	name := "t" + strconv.FormatInt(databases.Add(1), 10)
	require.NoError(t, createDatabase(socket, name+" TEMPLATE "+template+" STRATEGY file_copy"))
	return postgresURL(socket, name)
}

func createDatabase(socket, what string) error {
	conn, err := pgx.Connect(context.Background(), postgresURL(socket, "postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(context.Background(), "CREATE DATABASE "+what)
	return errors.Join(err, conn.Close(context.Background()))
}

func postgresURL(socket, database string) string {
	return fmt.Sprintf("postgres:///%s?host=%s&user=cadans", database, socket)
}

// postgresBinaries returns the directory of the newest installed server.
func postgresBinaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no PostgreSQL server")
	}
	return filepath.Dir(slices.MaxFunc(found, strings.Compare)), nil
}

// startPostgres starts a server that dies with this process. PostgreSQL refuses to run as root, so root starts it as
// another user.
func startPostgres() (socket string, err error) {
	bin, err := postgresBinaries()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "cadans-postgres-")
	if err != nil {
		return "", err
	}
	attributes, err := lendUser(dir)
	if err != nil {
		return "", err
	}
	if err := initialize(bin, dir, attributes); err != nil {
		return "", err
	}
	server := exec.Command(filepath.Join(bin, "postgres"), slices.Concat(
		[]string{"-D", filepath.Join(dir, "data"), "-k", dir, "-h", ""}, shortLived,
	)...)
	server.SysProcAttr, server.Dir = attributes, dir
	if err := startServer(server); err != nil {
		return "", err
	}
	if err := awaitPostgres(dir); err != nil {
		return "", err
	}
	return dir, makeBlank(dir)
}

// initialize makes an empty data directory.
func initialize(bin, dir string, attributes *syscall.SysProcAttr) error {
	data := filepath.Join(dir, "data")
	command := exec.Command(
		filepath.Join(bin, "initdb"), "-D", data, "-U", "cadans", "-A", "trust", "-E", "UTF8", "--no-sync",
		"--locale=C",
	)
	command.SysProcAttr, command.Dir = attributes, dir
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

// startServer starts a server that dies with this process, and says how it is stopped before.
func startServer(server *exec.Cmd) error {
	started, stopped := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the death signal follows the thread that started the server
		started <- server.Start()
		_ = server.Wait()
		close(stopped)
	}()
	if err := <-started; err != nil {
		return err
	}
	stopPostgres = func() error {
		err := server.Process.Signal(syscall.SIGINT)
		<-stopped
		return errors.Join(err, os.RemoveAll(server.Dir))
	}
	return nil
}

// Suite is a test binary that stops its PostgreSQL server at the end; use it in TestMain.
type Suite struct{ *testing.M }

// Run implements goleak.TestingM.
func (s Suite) Run() int {
	code := s.M.Run()
	if stopPostgres == nil {
		return code
	}
	if err := stopPostgres(); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
		return max(code, 1)
	}
	return code
}

func lendUser(dir string) (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return attributes, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		if account, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, errUID := strconv.Atoi(account.Uid)
	gid, errGID := strconv.Atoi(account.Gid)
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, errors.Join(errUID, errGID, os.Chown(dir, uid, gid))
}

// awaitPostgres polls until the server answers, for at most two minutes: after a kill the server must recover first,
// and the machine may be busy.
func awaitPostgres(socket string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for {
		err := answers(ctx, socket)
		if err == nil || ctx.Err() != nil {
			return err
		}
		runtime.Gosched()
	}
}

// answers connects once. A server that has just started may never answer a connection.
func answers(ctx context.Context, socket string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, postgresURL(socket, "postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// DatabaseOf returns the name of the database in a URL from Postgres.
func DatabaseOf(url string) string {
	return strings.TrimPrefix(strings.SplitN(url, "?", 2)[0], "postgres:///")
}

// ExecPostgres runs a statement outside the program, as an administrator or another version of the program does.
func ExecPostgres(t testing.TB, url, statement string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	require.NoError(t, err)
	_, err = conn.Exec(context.Background(), statement)
	require.NoError(t, errors.Join(err, conn.Close(context.Background())))
}
