package httpx

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

const long = time.Hour

func TestEventsArriveAndGoneClientFreesItsPlace(t *testing.T) {
	streams := NewStreams(8) // two for one client
	events := make(chan Event)
	app := NewServer(Options{})
	app.Get("/events", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{Heartbeat: 20 * time.Millisecond, MaxAge: long}, func(ctx context.Context, send func(Event) error) {
			for {
				select {
				case <-ctx.Done():
					return
				case e := <-events:
					if send(e) != nil {
						return
					}
				}
			}
		})
	})
	addr := listen(t, app, streams)

	a := openStream(t, addr, "/events")
	if a.res.StatusCode != 200 || a.res.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || a.res.Header.Get("Content-Encoding") != "" ||
		!strings.HasPrefix(a.res.Header.Get("Cache-Control"), "no-store") || a.res.Header.Get("X-Accel-Buffering") != "no" {
		t.Fatalf("%d %v", a.res.StatusCode, a.res.Header)
	}
	if a.line() != "retry: 3000" || a.line() != "" {
		t.Fatal("no greeting")
	}
	events <- Event{Name: "status\nx", ID: "7", Data: []byte("satu\r\ndua")}
	var got []string
	for len(got) < 5 {
		if l := a.line(); l != ":" && (l != "" || len(got) == 4) {
			got = append(got, l)
		}
	}
	if want := "event: statusx|id: 7|data: satu|data: dua|"; strings.Join(got, "|") != want {
		t.Fatalf("%q", got)
	}
	for a.line() != ":" { // heartbeats go on
	}

	b := openStream(t, addr, "/events")
	until(t, "both are counted", func() bool { return streams.Open() == 2 })
	full := openStream(t, addr, "/events")
	if full.res.StatusCode != http.StatusServiceUnavailable || full.res.Header.Get("Retry-After") == "" {
		t.Fatalf("the third got %d", full.res.StatusCode)
	}
	b.conn.Close()
	until(t, "the gone client's place is free", func() bool { return streams.Open() == 1 })
	c := openStream(t, addr, "/events")
	if c.res.StatusCode != 200 || c.line() != "retry: 3000" {
		t.Fatal("the freed place is not given again")
	}
}

// wait is a producer that only waits for the end.
func wait(ctx context.Context, _ func(Event) error) { <-ctx.Done() }

func TestAStreamEndsInTime(t *testing.T) {
	streams := NewStreams(0)
	app := NewServer(Options{})
	ended := make(chan error, 1)
	app.Get("/old", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{MaxAge: 30 * time.Millisecond}, func(ctx context.Context, send func(Event) error) {
			<-ctx.Done()
			ended <- send(Event{Data: []byte("too late")})
		})
	})
	app.Get("/short", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{}, func(_ context.Context, send func(Event) error) { send(Event{Data: []byte("done")}) })
	})
	addr := listen(t, app, streams)
	for path, want := range map[string]string{"/old": "", "/short": "data: done\n\n"} {
		s := openStream(t, addr, path)
		all, err := io.ReadAll(s.in)
		if err != nil || string(all) != "retry: 3000\n\n"+want {
			t.Errorf("%s: %q %v", path, all, err)
		}
	}
	if err := <-ended; err != ErrStreamEnded {
		t.Errorf("sending after the end: %v", err)
	}
	until(t, "all places are free", func() bool { return streams.Open() == 0 })
}

func TestShutdownDoesNotWaitForStreams(t *testing.T) {
	streams := NewStreams(0)
	app := NewServer(Options{})
	app.Get("/events", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{Heartbeat: long, MaxAge: long}, wait)
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(ln) }()
	s := openStream(t, ln.Addr().String(), "/events")
	until(t, "it is open", func() bool { return streams.Open() == 1 })
	if err := Shutdown(app, streams, time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	if all, err := io.ReadAll(s.in); err != nil || string(all) != "retry: 3000\n\n" || streams.Open() != 0 {
		t.Fatalf("%q %v, %d open", all, err, streams.Open())
	}
}

func TestStreamOddities(t *testing.T) {
	log := &record{}
	streams := NewStreams(0)
	app := NewServer(Options{Log: slog.New(slog.NewTextHandler(log, nil))})
	app.Get("/panic", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{}, func(context.Context, func(Event) error) { panic("in the stream") })
	})
	addr := listen(t, app, streams)
	if _, err := io.ReadAll(openStream(t, addr, "/panic").in); err != nil {
		t.Fatal(err)
	}
	until(t, "the panic is logged", func() bool { return strings.Contains(log.String(), "in the stream") })
	res, err := http.Head("http://" + addr + "/panic")
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" {
		t.Fatalf("HEAD: %v %v", res, err)
	}
	http.DefaultClient.CloseIdleConnections()
	until(t, "all places are free", func() bool { return streams.Open() == 0 })
	streams.Close()
	if s := openStream(t, addr, "/panic"); s.res.StatusCode != http.StatusServiceUnavailable {
		t.Fatalf("a closed set took a stream: %d", s.res.StatusCode)
	}
}

// A client that watches one page many times, or many pages, leaves places for
// the others.
func TestOneClientHoldsAQuarterOfTheStreams(t *testing.T) {
	streams := NewStreams(8 * mostPerPage)
	app := NewServer(Options{})
	app.Get("/:page", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{Heartbeat: 20 * time.Millisecond, MaxAge: long, Page: c.Params("page")}, wait)
	})
	addr := listen(t, app, streams)
	open := func(page string, n int) (last *stream) {
		for range n {
			if last = openStream(t, addr, page); last.res.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d with %d open", page, last.res.StatusCode, streams.Open())
			}
		}
		return last
	}
	refused := func(page string) {
		t.Helper()
		if s := openStream(t, addr, page); s.res.StatusCode != http.StatusServiceUnavailable || s.res.Header.Get("Retry-After") == "" {
			t.Fatalf("%s was let in as number %d", page, streams.Open())
		}
	}
	last := open("/mine", mostPerPage)
	refused("/mine")
	open("/second", mostPerPage)
	refused("/third") // three quarters are for other clients
	last.conn.Close()
	until(t, "a place is free", func() bool { return streams.Open() == 2*mostPerPage-1 })
	open("/mine", 1)
}

// When all streams are taken, a client with few takes the oldest of the one with
// most; clients with as many do not displace each other.
func TestANewClientTakesAStreamOfTheGreediest(t *testing.T) {
	s := NewStreams(8)
	var got []*place
	enter := func(client string, want bool) *place {
		t.Helper()
		p, ok := s.enter("", client)
		if ok != want {
			t.Fatalf("%s: %v with %d open", client, ok, s.Open())
		}
		got = append(got, p)
		return p
	}
	for _, client := range []string{"a", "b", "c", "d", "a", "b", "c", "d"} {
		enter(client, true)
	}
	enter("a", false) // its share is full
	first := enter("e", true)
	if s.Open() != 8 || first.ctx.Err() != nil {
		t.Fatalf("%d open", s.Open())
	}
	ended := 0
	for _, p := range got[:4] {
		if p.ctx.Err() != nil {
			ended++
		}
	}
	if ended != 1 {
		t.Fatalf("%d of the oldest ended", ended)
	}
	for _, client := range []string{"f", "g", "h"} {
		enter(client, true)
	}
	enter("i", false) // each holds one now
	enter("e", false)
	for _, p := range got {
		if p != nil {
			s.leave(p)
			s.leave(p) // its handler and a newcomer may both end it
		}
	}
	if s.Open() != 0 || len(s.clients) != 0 || len(s.pages) != 0 {
		t.Errorf("%d open, %d clients, %d pages", s.Open(), len(s.clients), len(s.pages))
	}
}

// The client whose stream is taken sees its end in order, as at the end of its age.
func TestADisplacedStreamEndsInOrder(t *testing.T) {
	streams := NewStreams(8) // two for one client
	app := NewServer(Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	app.Get("/", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{Heartbeat: long, MaxAge: long}, wait)
	})
	addr := listen(t, app, streams)
	greedy := openStream(t, addr, "/")
	openStream(t, addr, "/")
	streams.mu.Lock()
	streams.max = 2 // and now all are taken
	streams.mu.Unlock()
	newcomer := openStreamFrom(t, addr, "192.0.2.9")
	if newcomer.res.StatusCode != http.StatusOK || newcomer.line() != "retry: 3000" {
		t.Fatalf("%d", newcomer.res.StatusCode)
	}
	if all, err := io.ReadAll(greedy.in); err != nil || string(all) != "retry: 3000\n\n" || streams.Open() != 2 {
		t.Fatalf("%q %v, %d open", all, err, streams.Open())
	}
}

// deadlines counts how often a connection's writes are bounded.
type deadlines struct {
	net.Conn
	set atomic.Int64
}

func (d *deadlines) SetWriteDeadline(t time.Time) error {
	d.set.Add(1)
	return d.Conn.SetWriteDeadline(t)
}

// A write of a stream is bounded once, on counted connections and on others.
func TestAStreamsWriteIsBoundedOnce(t *testing.T) {
	for name, wrap := range map[string]func(net.Conn) net.Conn{
		"counted":     func(c net.Conn) net.Conn { return &conn{Conn: c, l: &listener{patience: time.Minute}} },
		"not counted": func(c net.Conn) net.Conn { return c },
	} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			defer far.Close()
			defer near.Close()
			go func() { _, _ = io.Copy(io.Discard, far) }()
			d := &deadlines{Conn: near}
			f := &feed{out: wrap(d), cancel: func() {}, ctx: t.Context()}
			if err := f.write([]byte("x")); err != nil {
				t.Fatal(err)
			}
			if n := d.set.Load(); n != 1 {
				t.Errorf("bounded %d times", n)
			}
		})
	}
}
