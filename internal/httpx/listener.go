package httpx

import (
	"net"
	"time"
)

// writePatience is how long a client may take to accept one write of ours, in
// full, before it counts as gone.
const writePatience = 30 * time.Second

// Patient bounds every write on the listener's connections. The server has no
// write time-out of its own, which would count from an answer's beginning and
// cut every event stream; without any, a client that asks and never reads
// would be waited for until it goes.
func Patient(l net.Listener) net.Listener { return listener{l, writePatience} }

type listener struct {
	net.Listener
	patience time.Duration
}

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return conn{c, l.patience}, nil
}

type conn struct {
	net.Conn
	patience time.Duration
}

// Write implements net.Conn.
func (c conn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
