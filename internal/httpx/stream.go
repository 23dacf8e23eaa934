package httpx

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
)

// Event is one server-sent event (HTML standard, 9.2). Data may have several
// lines.
type Event struct {
	Name string // "" is "message"
	ID   string // "" for none
	Data []byte
}

// StreamOptions of one stream. The zero value works.
type StreamOptions struct {
	// Heartbeat is the pause between comments that find a client which is gone without
	// having closed its connection; 0 is 12 seconds.
	Heartbeat time.Duration
	// MaxAge ends the stream; the browser reconnects. 0 is two minutes.
	MaxAge time.Duration
	// Retry tells the browser how long to wait before that; 0 is three seconds.
	Retry time.Duration
	// Page names what is watched. One page gets only a few places, so that one client
	// cannot take them all with its own page; "" is not counted.
	Page string
}

// ErrStreamEnded is what send returns when the client is gone, the stream is
// too old or the server stops.
var ErrStreamEnded = errors.New("httpx: the stream has ended")

// Serve answers with an event stream that produce feeds. When no place can be
// had, see NewStreams, or all of this page are taken, it returns a fault of kind
// Unavailable at once (503 with Retry-After), and the page polls instead.
//
// produce runs after the handler has returned: it must not touch the
// fiber.Ctx, and the context it gets is its own, done when the stream ends. It
// returns when that context is done or send fails; returning ends the stream.
// To miss nothing it subscribes first and reads the state afterwards.
func (s *Streams) Serve(c *fiber.Ctx, o StreamOptions, produce func(ctx context.Context, send func(Event) error)) error {
	place, ok := s.enter(o.Page, ClientNet(c))
	if !ok {
		return fault.New(fault.Unavailable, "stream.full")
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 12 * time.Second
	}
	if o.MaxAge == 0 {
		o.MaxAge = 2 * time.Minute
	}
	if o.Retry == 0 {
		o.Retry = 3 * time.Second
	}
	c.Set(fiber.HeaderContentType, "text/event-stream; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-store, no-transform")
	c.Set("X-Accel-Buffering", "no") // nginx would collect the events
	if c.Method() == fiber.MethodHead {
		c.Context().SetConnectionClose()
		s.end(place, func() {})
		return nil
	}
	f := &feed{streams: s, place: place, log: Log(c), heartbeat: o.Heartbeat, produce: produce}
	f.ctx, f.cancel = context.WithTimeout(place.ctx, o.MaxAge)
	f.takeOver(c.Context(), o.Retry)
	return nil
}

// feed is one stream: its place, and the write side of its connection.
type feed struct {
	streams   *Streams
	place     *place
	log       *slog.Logger
	heartbeat time.Duration
	produce   func(ctx context.Context, send func(Event) error)
	ctx       context.Context
	cancel    context.CancelFunc

	mu    sync.Mutex
	out   net.Conn // nil once the stream is over
	timer *time.Timer
}

// run feeds the stream until produce returns, its client is gone, it is too old or the
// server stops. head is what comes before the first event.
func (f *feed) run(c line, head []byte) {
	defer f.streams.end(f.place, c.hangUp)
	defer f.cancel()
	f.out = c.out
	if f.write(head) != nil {
		return
	}
	go f.watch(c.in)
	defer f.beat()()
	defer f.rescue() // a panic here is outside of every handler and would end the process
	f.produce(f.ctx, f.send)
}

// tooMuch is how many bytes a client may send on a stream, which takes none.
const tooMuch = 4 << 10

// watch ends the stream when its client closes the connection. What the client sends is
// dropped.
func (f *feed) watch(in net.Conn) {
	defer f.cancel()
	b := make([]byte, 64)
	for sent := 0; sent < tooMuch; {
		n, err := in.Read(b)
		if err != nil {
			return
		}
		sent += n
	}
}

func (f *feed) rescue() {
	if p := recover(); p != nil {
		f.log.Error("panic in a stream", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}

func (f *feed) send(e Event) error { return f.write(e.encode()) }

func (f *feed) write(b []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.out == nil || f.ctx.Err() != nil {
		return ErrStreamEnded
	}
	var err error
	if _, bound := f.out.(*conn); !bound { // a counted connection bounds each write
		err = f.out.SetWriteDeadline(time.Now().Add(writePatience))
	}
	if err == nil {
		_, err = f.out.Write(b)
	}
	if err == nil {
		return nil
	}
	f.cancel()
	return ErrStreamEnded
}

// beat writes a comment now and then, from a timer, so that a waiting stream
// costs no goroutine for it. The function returned stops it.
func (f *feed) beat() (stop func()) {
	f.mu.Lock()
	f.timer = time.AfterFunc(f.heartbeat, func() {
		if f.write([]byte(":\n\n")) != nil {
			return
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.out != nil {
			f.timer.Reset(f.heartbeat)
		}
	})
	f.mu.Unlock()
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.timer.Stop()
		f.out = nil
	}
}

var oneLine = strings.NewReplacer("\r", "", "\n", "")

// encode writes the event in the wire form; line breaks in the data become
// lines, in name and id they are dropped.
func (e Event) encode() []byte {
	var b strings.Builder
	if e.Name != "" {
		b.WriteString("event: " + oneLine.Replace(e.Name) + "\n")
	}
	if e.ID != "" {
		b.WriteString("id: " + oneLine.Replace(e.ID) + "\n")
	}
	for line := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(string(e.Data), "\r\n", "\n"), "\r", "\n"), "\n") {
		b.WriteString("data: " + line + "\n")
	}
	b.WriteString("\n")
	return []byte(b.String())
}
