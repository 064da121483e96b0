package door

import (
	"errors"
	"net"
	"syscall"
)

// hungUp reports whether the peer has closed a connection on which it has nothing more to send. It checks without
// reading: a write would reveal it only at the second attempt. It asks the socket itself (Control), because a read
// through the connection (Read) also fails once a deadline of the server has passed, which says nothing about the peer.
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
