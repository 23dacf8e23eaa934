package cache

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gerai/internal/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// redisURL returns the test server's URL, or skips.
func redisURL(t *testing.T) string {
	t.Helper()
	url := os.Getenv("GERAI_TEST_REDIS")
	if url == "" {
		if os.Getenv("GERAI_TEST_STRICT") == "1" {
			t.Fatal("GERAI_TEST_REDIS is not set")
		}
		t.Skip("left out: no Redis, set GERAI_TEST_REDIS")
	}
	return url
}

// backend is one implementation; step lets a little time pass for it.
type backend struct {
	Cache
	step func()
}

// forEach runs a test on both implementations.
func forEach(t *testing.T, f func(t *testing.T, b backend)) {
	t.Run("memory", func(t *testing.T) {
		c := clock.NewFixed(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC))
		m := NewMemory(c)
		defer m.Close()
		f(t, backend{m, func() { c.Add(10 * time.Millisecond) }})
	})
	t.Run("redis", func(t *testing.T) {
		f(t, backend{open(t, redisURL(t), rand.Text(), io.Discard), func() {}})
	})
}

func open(t *testing.T, url, prefix string, log io.Writer) Cache {
	t.Helper()
	return openQuiet(t, url, prefix, log, quietTime)
}

// openQuiet chooses after how much silence the subscription is asked.
func openQuiet(t *testing.T, url, prefix string, log io.Writer, quiet time.Duration) Cache {
	t.Helper()
	c, err := connect(url, prefix+":", clock.System{}, slog.New(slog.NewTextHandler(log, nil)), quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// until polls a condition, letting a little time pass between two looks.
func until(t *testing.T, what string, step func(), ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(15 * time.Second); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
		step()
	}
}

// next waits for one message.
func next(t *testing.T, from <-chan Message) Message {
	t.Helper()
	select {
	case m, open := <-from:
		if !open {
			t.Fatal("the subscription ended")
		}
		return m
	case <-time.After(15 * time.Second):
		t.Fatal("no message came")
		return Message{}
	}
}

// waiting returns what lies in the channel already.
func waiting(from <-chan Message) (out []Message) {
	for {
		select {
		case m := <-from:
			out = append(out, m)
		default:
			return out
		}
	}
}

// proxy stands between a cache and its server and can cut or stall the line.
type proxy struct {
	addr, to string
	gate     sync.RWMutex // write-locked: bytes stand still

	mu    sync.Mutex
	in    net.Listener
	conns map[net.Conn]bool
	tasks sync.WaitGroup
}

func newProxy(t *testing.T, to string) *proxy {
	p := &proxy{addr: "127.0.0.1:0", to: to, conns: make(map[net.Conn]bool)}
	p.mend(t)
	t.Cleanup(p.cut)
	return p
}

func (p *proxy) mend(t *testing.T) {
	t.Helper()
	in, err := net.Listen("tcp", p.addr)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	p.in, p.addr = in, in.Addr().String()
	p.mu.Unlock()
	p.tasks.Go(func() {
		for {
			a, err := in.Accept()
			if err != nil {
				return
			}
			b, err := net.Dial("tcp", p.to)
			if err != nil {
				a.Close()
				continue
			}
			p.mu.Lock()
			if p.in != in { // cut in between
				a.Close()
				b.Close()
			}
			p.conns[a], p.conns[b] = true, true
			p.mu.Unlock()
			p.tasks.Go(func() { p.copy(a, b) })
			p.tasks.Go(func() { p.copy(b, a) })
		}
	})
}

func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		p.gate.RLock()
		_, err = to.Write(buf[:n])
		p.gate.RUnlock()
		if err != nil {
			return
		}
	}
}

func (p *proxy) cut() {
	p.mu.Lock()
	if p.in != nil {
		p.in.Close()
		p.in = nil
	}
	for c := range p.conns {
		c.Close()
	}
	clear(p.conns)
	p.mu.Unlock()
	p.tasks.Wait()
}

// record is a log that tests can read while it is written.
type record struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *record) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(b)
}

func (r *record) count(s string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Count(r.text.String(), s)
}
