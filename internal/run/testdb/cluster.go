package testdb

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Cluster is a PostgreSQL server of one test, which the test may kill. Its data and its socket are in one directory.
type Cluster struct {
	t       testing.TB
	bin     string
	dir     string
	process *os.Process
	stopped chan struct{}
}

// NewCluster starts a server with fsync on, as in production.
func NewCluster(t testing.TB) *Cluster {
	t.Helper()
	c := newCluster(t)
	c.runs("initdb", "-D", c.data(), "-U", "cadans", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C")
	c.Start()
	return c
}

// Standby copies the server and starts the copy as its standby.
func (c *Cluster) Standby(name string) *Cluster {
	c.t.Helper()
	s := newCluster(c.t)
	s.runs("pg_basebackup", "-D", s.data(), "-d", "host="+c.dir+" user=cadans application_name="+name,
		"-R", "-c", "fast", "--no-sync")
	s.Start()
	return s
}

func newCluster(t testing.TB) *Cluster {
	t.Helper()
	bin, err := postgresBinaries()
	if err != nil {
		Missing(t, "PostgreSQL")
	}
	dir, err := os.MkdirTemp("", "cadans-cluster-")
	require.NoError(t, err)
	c := &Cluster{t: t, bin: bin, dir: dir}
	t.Cleanup(func() {
		c.Kill()
		require.NoError(t, os.RemoveAll(dir))
	})
	return c
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	attributes, err := lendUser(c.dir)
	require.NoError(c.t, err)
	command := exec.Command(filepath.Join(c.bin, name), args...)
	command.SysProcAttr, command.Dir = attributes, c.dir
	return command
}

func (c *Cluster) runs(name string, args ...string) {
	c.t.Helper()
	command := c.command(name, args...)
	command.SysProcAttr.Pdeathsig = 0 // it would follow the thread that starts it
	out, err := command.CombinedOutput()
	require.NoError(c.t, err, string(out))
}

// Start starts the server, after Kill too.
func (c *Cluster) Start() {
	c.t.Helper()
	server := c.command("postgres", "-D", c.data(), "-k", c.dir, "-h", "", "-c", "max_connections=100")
	started := make(chan error)
	c.stopped = make(chan struct{})
	go func() {
		runtime.LockOSThread() // the death signal follows the thread that started the server
		started <- server.Start()
		_ = server.Wait()
		close(c.stopped)
	}()
	require.NoError(c.t, <-started)
	c.process = server.Process
	require.NoError(c.t, awaitPostgres(c.dir))
}

// Stop shuts the server down cleanly and waits until it is gone.
func (c *Cluster) Stop() {
	c.t.Helper()
	require.NoError(c.t, c.process.Signal(syscall.SIGINT))
	<-c.stopped
	c.process = nil
}

// Kill ends the server and its children at once, as a power cut does, and waits until they are gone.
func (c *Cluster) Kill() {
	if c.process == nil {
		return
	}
	for _, child := range childrenOf(c.process.Pid) {
		_ = syscall.Kill(child, syscall.SIGKILL) // it may be gone by itself
	}
	_ = c.process.Kill()
	<-c.stopped
	c.process = nil
}

// childrenOf lists the processes that a process has started.
func childrenOf(pid int) (children []int) {
	tasks, _ := filepath.Glob("/proc/" + strconv.Itoa(pid) + "/task/*/children")
	for _, file := range tasks {
		text, _ := os.ReadFile(file)
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}

// Promote promotes a standby, and returns once it accepts writes.
func (c *Cluster) Promote() {
	c.t.Helper()
	c.Exec("postgres", "SELECT pg_promote(true, 60)")
}

// Exec runs a statement in a database.
func (c *Cluster) Exec(database, statement string) {
	c.t.Helper()
	ExecPostgres(c.t, postgresURL(c.dir, database), statement)
}

// Value returns the result of a query for one text.
func (c *Cluster) Value(query string) (text string) {
	c.t.Helper()
	conn, err := pgx.Connect(context.Background(), postgresURL(c.dir, "postgres"))
	require.NoError(c.t, err)
	err = conn.QueryRow(context.Background(), query).Scan(&text)
	require.NoError(c.t, errors.Join(err, conn.Close(context.Background())))
	return text
}

// URL connects to the first of several servers that accepts writes.
func (c *Cluster) URL(database string, others ...*Cluster) string {
	hosts := []string{c.dir}
	for _, other := range others {
		hosts = append(hosts, other.dir)
	}
	return postgresURL(strings.Join(hosts, ","), database) + "&target_session_attrs=read-write"
}
