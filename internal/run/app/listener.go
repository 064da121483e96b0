package app

import (
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"

	"cadans/internal/kernel/clock"
	"cadans/internal/kernel/sparse"
)

// persistent is a listener that survives temporary errors. Without it the first error would end the HTTP server, and
// with it the program.
type persistent struct {
	net.Listener
	clock clock.Clock
	log   *sparse.Log
}

func newPersistent(l net.Listener, c clock.Clock, log *slog.Logger) persistent {
	return persistent{Listener: l, clock: c, log: sparse.New(c, log)}
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
		l.log.Warn("no connection can be accepted now", causeOf(err))
		<-l.clock.After(pause)
	}
}

// causeOf names the error of the system, without addresses.
func causeOf(err error) string {
	var number syscall.Errno
	_ = errors.As(err, &number)
	return number.Error()
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
