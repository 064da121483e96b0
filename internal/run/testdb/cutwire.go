package testdb

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Cut is where a connection breaks.
type Cut int32

// The places. Nowhere lets everything through.
const (
	Nowhere      Cut = iota
	BeforeCommit     // the server never hears of it
	AfterCommit      // the server commits, and its answer is lost
	Silence          // nothing comes back, and nobody hangs up
)

// Wire is a proxy between this process and a PostgreSQL server. It breaks connections where the test says.
type Wire struct {
	URL string // of the database, through the wire

	cut      atomic.Int32
	once     atomic.Bool // the next commit alone
	server   string
	listener net.Listener
	mu       sync.Mutex
	open     map[net.Conn]bool
	relays   sync.WaitGroup
}

// NewWire starts a proxy to the database of a URL from Postgres.
func NewWire(t testing.TB, database string) *Wire {
	t.Helper()
	address, err := url.Parse(database)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &Wire{server: address.Query().Get("host") + "/.s.PGSQL.5432", listener: listener, open: map[net.Conn]bool{}}
	w.URL = "postgres://cadans@" + listener.Addr().String() + address.Path + "?sslmode=disable"
	w.relays.Go(w.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		w.CutAll()
		w.relays.Wait()
	})
	return w
}

// Breaks sets where every connection breaks from now on.
func (w *Wire) Breaks(where Cut) { w.cut.Store(int32(where)); w.once.Store(false) }

// BreaksOnce breaks only at the next commit.
func (w *Wire) BreaksOnce(where Cut) { w.cut.Store(int32(where)); w.once.Store(true) }

// CutAll breaks every open connection, as a restart of the server does.
func (w *Wire) CutAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for conn := range w.open {
		_ = conn.Close()
	}
}

func (w *Wire) accept() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		server, err := (&net.Dialer{}).DialContext(context.Background(), "unix", w.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		w.keep(client, server)
		var lost atomic.Bool // the answer to a commit goes nowhere
		w.relays.Go(func() { w.relay(server, client, func(sent []byte) bool { return w.forwards(sent, &lost) }) })
		w.relays.Go(func() {
			w.relay(client, server, func([]byte) bool { return !lost.Load() && Cut(w.cut.Load()) != Silence })
		})
	}
}

// forwards reports whether what a client sends goes on to the server.
func (w *Wire) forwards(sent []byte, lost *atomic.Bool) bool {
	if !bytes.Contains(bytes.ToLower(sent), []byte("commit\x00")) {
		return true
	}
	where := Cut(w.cut.Load())
	if where != Nowhere && w.once.Swap(false) {
		w.cut.Store(int32(Nowhere))
	}
	lost.Store(where == AfterCommit)
	return where != BeforeCommit
}

func (w *Wire) keep(conns ...net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range conns {
		w.open[conn] = true
	}
}

// relay copies until one side ends. Data that must not pass breaks the connection, except in silent mode, where it is
// dropped.
func (w *Wire) relay(to, from net.Conn, goesOn func([]byte) bool) {
	defer w.hangUp(to, from)
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !goesOn(buffer[:n]) {
			if Cut(w.cut.Load()) == Silence {
				continue
			}
			return
		}
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (w *Wire) hangUp(conns ...net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, conn := range conns {
		_ = conn.Close()
		delete(w.open, conn)
	}
}
