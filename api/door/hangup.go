package door

import (
	"errors"
	"net"
	"syscall"
)

// hungUp reports whether the other side has closed a connection on which nothing more is expected from it. It looks
// without reading: writing would show it too, but only at the second write. It asks the socket itself (Control), as
// reading through the connection (Read) fails as well once a deadline of the server has passed, which says nothing
// about the other side.
func hungUp(conn net.Conn) (closed bool) {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return true
	}
	err = raw.Control(func(fd uintptr) {
		n, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		closed = n == 0 && err == nil || err != nil && !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR)
	})
	return closed || err != nil
}
