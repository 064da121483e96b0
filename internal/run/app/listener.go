package app

import (
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"

	"cadans/internal/kernel/clock"
)

// persistent is a listener that survives temporary errors. Without it the first error would end the HTTP server, and
// with it the program.
type persistent struct {
	net.Listener
	clock clock.Clock
	log   *slog.Logger
}

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

// isPassing reports whether an error of accept is temporary: too many open files or connections, or an error of the
// client or the network, as accept(2) lists for Linux.
func isPassing(err error) bool {
	var number syscall.Errno
	if !errors.As(err, &number) {
		return false
	}
	switch number {
	case syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED, syscall.ECONNRESET,
		syscall.ENETDOWN, syscall.EPROTO, syscall.ENOPROTOOPT, syscall.EHOSTDOWN, syscall.ENONET, syscall.EHOSTUNREACH,
		syscall.ENETUNREACH, syscall.EPERM:
		return true
	}
	return false
}

// The number of file descriptors that the program reserves for itself, and the minimum and maximum number of
// connections.
const (
	ownFiles          = 256
	fewestConnections = 256
	mostConnections   = 256 << 10
)

// connections returns how many connections may be open at once: the file descriptors that the system allows, less
// those reserved. More connections are closed at once; otherwise the database could not open a file.
func connections() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fewestConnections
	}
	return connectionsFor(limit.Cur)
}

func connectionsFor(files uint64) int {
	return max(fewestConnections, int(min(files, mostConnections))-ownFiles)
}
