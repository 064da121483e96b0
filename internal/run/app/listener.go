package app

import (
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"

	"cadans/internal/kernel/clock"
)

// persistent is a listener that goes on after trouble that passes. The HTTP server would end at the first error, and with
// it the program.
type persistent struct {
	net.Listener
	clock clock.Clock
	log   *slog.Logger
}

// passing is what the system may answer to accept and not the next time: no room for one more file or connection, or a client
// that has gone already.
var passing = []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.ECONNRESET}

// The pause after such an error grows from the shortest to the longest.
const (
	shortestPause = 5 * time.Millisecond
	longestPause  = time.Second
)

// Accept implements net.Listener.
func (l persistent) Accept() (net.Conn, error) {
	for pause := shortestPause; ; pause = min(2*pause, longestPause) {
		conn, err := l.Listener.Accept()
		if err == nil || !isPassing(err) {
			return conn, err
		}
		if pause == shortestPause {
			l.log.Warn("no connection can be accepted now", "error", err)
		}
		<-l.clock.After(pause)
	}
}

func isPassing(err error) bool {
	for _, one := range passing {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

// Files that the program needs for itself, and the fewest connections there are whatever the system allows.
const (
	ownFiles         = 256
	fewestConnection = 256
)

// connections is how many may be open at once: as many as the system allows files, less our own. One more is closed at once, or
// the database would have no file left to open. Zero is as many as the HTTP server likes.
func connections() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 1<<20 {
		return 0
	}
	return max(fewestConnection, int(limit.Cur)-ownFiles)
}
