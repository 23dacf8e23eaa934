package httpx

import (
	"fmt"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// line is a connection that a stream took over from the server. Reads do not go through
// the counted connection: to its listener a read is a wait for a request, and who waits is
// closed first.
type line struct {
	in, out net.Conn
	hangUp  func()
}

// takeOver ends the server's work on a connection, gives its buffers back and runs the
// stream there. The answer's body ends with the connection, which proxies and clients of
// every version read alike.
func (f *feed) takeOver(ctx *fasthttp.RequestCtx, retry time.Duration) {
	ctx.Response.Header.SetContentLength(untilClosed)
	c := ctx.Conn()
	own, bound := c.(*conn)
	if bound {
		own.unused = f.abandon
	}
	ctx.HijackSetNoResponse(true)
	ctx.Hijack(func(net.Conn) {
		head := ctx.Response.Header.AppendBytes(nil)
		head = fmt.Appendf(head, "retry: %d\n\n", retry.Milliseconds())
		if !bound { // the server closes it, and holds on to what it has, when this function returns
			f.run(line{in: c, out: c, hangUp: func() { c.Close() }}, head)
			return
		}
		go f.run(own.takeOver(), head)
	})
}

// untilClosed as a length means that the body ends with the connection.
const untilClosed = -2

// abandon gives the place back when the connection ends before the stream begins.
func (f *feed) abandon() {
	f.cancel()
	f.streams.end(f.place, func() {})
}

// takeOver makes the connection outlive the server's work on it.
func (c *conn) takeOver() line {
	c.unused = nil
	c.taken = true
	return line{in: c.Conn, out: c, hangUp: func() { _ = c.close() }}
}
