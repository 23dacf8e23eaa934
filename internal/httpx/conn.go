package httpx

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// conn is one counted connection.
type conn struct {
	net.Conn
	l       *listener
	client  netip.Prefix
	proxy   bool
	reading atomic.Bool  // the server waits for bytes: no request is under way
	since   atomic.Int64 // of the last answer, or of the beginning
	began   atomic.Int64 // when the server had the bytes it works on
	writing atomic.Int64 // when the write under way began, 0 without one
	tail    []byte       // the last bytes of the read before, for bareLine
	unused  func()       // tells a stream that was to take this connection over that it will not
	taken   bool         // by a stream: the server's Close is not its end
}

// load is what a connection does, the least first.
type load int

const (
	waiting load = iota // for a request
	stalled             // its client takes no answer, or its request lasts very long
	working
)

func (c *conn) load(now int64) load {
	writing := c.writing.Load()
	switch {
	case c.reading.Load():
		return waiting
	case writing != 0 && now-writing >= int64(c.l.stall), now-c.began.Load() >= int64(longWork):
		return stalled
	}
	return working
}

// errBareLine ends a connection whose request line is not closed as HTTP asks for.
var errBareLine = errors.New("httpx: a request line ends in a bare line feed")

// Read implements net.Conn.
func (c *conn) Read(b []byte) (int, error) {
	c.reading.Store(true)
	n, err := c.Conn.Read(b)
	c.began.Store(time.Now().UnixNano())
	c.reading.Store(false)
	if bareLine(c.tail, b[:n]) {
		return 0, errBareLine
	}
	if n > 0 {
		c.tail = append(c.tail[:0], b[max(0, n-longestMark):n]...)
	}
	return n, err
}

// Write implements net.Conn.
func (c *conn) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.l.patience)); err != nil {
		return 0, err
	}
	c.writing.Store(time.Now().UnixNano())
	n, err := c.Conn.Write(b)
	c.writing.Store(0)
	c.since.Store(time.Now().UnixNano())
	return n, err
}

// Close implements net.Conn.
func (c *conn) Close() error {
	if c.taken {
		return nil
	}
	if unused := c.unused; unused != nil {
		c.unused = nil
		unused()
	}
	return c.close()
}

func (c *conn) close() error {
	c.l.mu.Lock()
	c.l.drop(c)
	c.l.mu.Unlock()
	return c.Conn.Close()
}

// end closes a connection that gave way; its server sees the end while it reads.
func (c *conn) end() {
	if c != nil {
		c.Conn.Close() // it is gone either way
	}
}

// mark begins the end of every request line: "HTTP/1.1" and the line break.
var mark = []byte("HTTP/1.")

const longestMark = len("HTTP/1.1\n") - 1

// bareLine reports whether "HTTP/1.1" or "HTTP/1.0" stands before a line feed
// without a carriage return. The framework takes that for a request line, which
// a proxy may not; the gate sees the rest of the headers. In the body of an
// ordinary form the words do not stand at the end of a line.
func bareLine(before, b []byte) bool {
	return endsBare(b) || len(before) > 0 && endsBare(append(bytes.Clone(before), b[:min(len(b), longestMark)]...))
}

func endsBare(b []byte) bool {
	for {
		i := bytes.Index(b, mark)
		if i < 0 || len(b) < i+len(mark)+2 {
			return false
		}
		if b = b[i+len(mark):]; b[0] >= '0' && b[0] <= '9' && b[1] == '\n' {
			return true
		}
	}
}
