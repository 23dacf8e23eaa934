package httpx

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// watched serves a stream that never says anything.
func watched(t *testing.T) (addr string, app *fiber.App, streams *Streams) {
	t.Helper()
	streams = NewStreams(0)
	app = NewServer(Options{})
	app.Get("/", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{Heartbeat: long, MaxAge: long}, wait)
	})
	return listen(t, app, streams), app, streams
}

// An open stream is no connection of the server any more: its buffers serve others. One
// that its client closes is over at once and not at the next heartbeat.
func TestAStreamLeavesTheServer(t *testing.T) {
	addr, app, streams := watched(t)
	s := openStream(t, addr, "/")
	if s.line() != "retry: 3000" || s.res.Close != true || s.res.ContentLength != -1 || s.res.TransferEncoding != nil {
		t.Fatalf("%+v", s.res)
	}
	until(t, "the server has let it go", func() bool { return app.Server().GetOpenConnectionsCount() == 0 })
	if streams.Open() != 1 {
		t.Fatalf("%d open", streams.Open())
	}
	s.conn.Close()
	until(t, "the closed one is gone", func() bool { return streams.Open() == 0 })
}

// Proxies of the older sort ask in HTTP/1.0.
func TestAStreamOfHTTP10(t *testing.T) {
	addr, _, streams := watched(t)
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "GET / HTTP/1.0\r\nHost: x\r\n\r\n")
	in := bufio.NewReader(conn)
	res, err := http.ReadResponse(in, nil)
	if err != nil || res.StatusCode != http.StatusOK || res.TransferEncoding != nil || !res.Close {
		t.Fatalf("%+v %v", res, err)
	}
	if line, err := in.ReadString('\n'); line != "retry: 3000\n" {
		t.Fatalf("%q %v", line, err)
	}
	streams.Close()
	if rest, err := io.ReadAll(in); err != nil || string(rest) != "\n" {
		t.Fatalf("%q %v", rest, err)
	}
}

// A client has nothing to say on a stream.
func TestATalkativeClientLosesItsStream(t *testing.T) {
	addr, _, streams := watched(t)
	s := openStream(t, addr, "/")
	io.WriteString(s.conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n") // one that asks ahead is no harm
	if s.line() != "retry: 3000" || streams.Open() != 1 {
		t.Fatal("no greeting")
	}
	s.conn.Write(make([]byte, 2*tooMuch))
	until(t, "it is over", func() bool { return streams.Open() == 0 })
}

// The place of a connection that ends before its stream begins is free again, and what a
// stream took over is closed by the stream alone.
func TestAConnectionEndsOnce(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	l := &listener{conns: map[*conn]struct{}{}}
	c := &conn{Conn: near, l: l, proxy: true}
	l.conns[c] = struct{}{}
	given := 0
	c.unused = func() { given++ }
	taken := c.takeOver()
	if err := c.Close(); err != nil || given != 0 || len(l.conns) != 1 {
		t.Fatalf("the server's Close ended a stream: %v %d", err, given)
	}
	taken.hangUp()
	if len(l.conns) != 0 {
		t.Error("it is still counted")
	}
	if _, err := near.Write([]byte("x")); err == nil {
		t.Error("it is still open")
	}
	other := &conn{Conn: near, l: l, proxy: true, unused: func() { given++ }}
	if _ = other.Close(); given != 1 {
		t.Error("the place is lost")
	}
}

// Close waits until nothing of a stream runs any more.
func TestCloseWaitsForStreams(t *testing.T) {
	streams := NewStreams(0)
	app := NewServer(Options{})
	ended := make(chan struct{})
	began := make(chan struct{})
	app.Get("/", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{Heartbeat: long, MaxAge: long}, func(ctx context.Context, _ func(Event) error) {
			close(began)
			<-ctx.Done()
			<-time.After(20 * time.Millisecond) // a read that is under way
			close(ended)
		})
	})
	openStream(t, listen(t, app, streams), "/")
	<-began
	streams.Close()
	select {
	case <-ended:
	default:
		t.Error("it did not wait")
	}
}
