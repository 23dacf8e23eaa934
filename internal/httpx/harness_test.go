package httpx

import (
	"bufio"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// get runs one request through the app without a network.
func get(t *testing.T, app *fiber.App, target string, header ...string) *http.Response {
	t.Helper()
	return do(t, app, http.MethodGet, target, "", header...)
}

// do sends method, target, body and "Name: value" headers.
func do(t *testing.T, app *fiber.App, method, target, body string, header ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if req.Host == "" {
		req.Host = "shop.test" // HTTP/1.1 without a host is refused
	}
	if body != "" {
		req.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Add(name, value)
	}
	res, err := app.Test(req, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

func text(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// listen serves the app on a free port.
func listen(t *testing.T, app *fiber.App, streams *Streams) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	done.Go(func() {
		if err := app.Listener(Bound(ln, Bounds{})); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		if err := Shutdown(app, streams, 10*time.Second); err != nil {
			t.Errorf("shutdown: %v", err)
		}
		done.Wait()
	})
	return ln.Addr().String()
}

// until polls a condition.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(15 * time.Second); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
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

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}

// stream is a client of one event stream.
type stream struct {
	t    *testing.T
	conn net.Conn
	res  *http.Response
	in   *bufio.Reader
}

func openStream(t *testing.T, addr, path string) *stream {
	t.Helper()
	return askStream(t, addr, path, "")
}

// openStreamFrom is the stream of a client behind a proxy.
func openStreamFrom(t *testing.T, addr, client string) *stream {
	t.Helper()
	return askStream(t, addr, "/", "X-Forwarded-For: "+client+"\r\n")
}

func askStream(t *testing.T, addr, path, header string) *stream {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(15 * time.Second))
	io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n"+header+"\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	return &stream{t: t, conn: conn, res: res, in: bufio.NewReader(res.Body)}
}

// line reads the next line; "EOF" when the stream ended in order.
func (s *stream) line() string {
	s.t.Helper()
	l, err := s.in.ReadString('\n')
	if err == io.EOF {
		return "EOF"
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.TrimSuffix(l, "\n")
}

func textLog(r *record) *slog.Logger { return slog.New(slog.NewTextHandler(r, nil)) }
