package httpx

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// lowLimit is the number of files the child of TestIdleConnectionsDoNotEndTheProcess
// may open; the variable holds the bound of its listener.
const (
	lowLimit = 256
	childEnv = "GERAI_TEST_LISTENER_CHILD"
)

// TestMain serves instead of testing when it is the child.
func TestMain(m *testing.M) {
	if bound := os.Getenv(childEnv); bound != "" {
		if err := serveWithFewFiles(bound); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func serveWithFewFiles(bound string) error {
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: lowLimit, Max: lowLimit}); err != nil {
		return err
	}
	most, err := strconv.Atoi(bound)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	app := NewServer(Options{})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString("plans") })
	fmt.Fprintln(os.Stdout, ln.Addr())
	go func() { // the parent ends it by closing its input
		io.Copy(io.Discard, os.Stdin) // any end is the end
		os.Exit(0)
	}()
	return app.Listener(Bound(ln, Bounds{Max: most}))
}

// dialFrom connects from one of the machine's own addresses.
func dialFrom(t *testing.T, from, to string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 15 * time.Second}
	c, err := d.Dial("tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(30 * time.Second))
	return c
}

// ask sends one request on a connection that stays open.
func ask(c net.Conn) error {
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		return err
	}
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %d", res.StatusCode)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

// ended reports whether the server closed the connection.
func ended(c net.Conn) bool {
	c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	defer c.SetReadDeadline(time.Now().Add(30 * time.Second))
	_, err := c.Read(make([]byte, 1))
	var wait net.Error
	return !errors.As(err, &wait) || !wait.Timeout()
}

// A client that holds more idle connections than the process may open files
// neither ends it nor keeps another client from its page: not with the bound that
// follows from the limit, and not where descriptors run out all the same.
func TestIdleConnectionsDoNotEndTheProcess(t *testing.T) {
	for name, bound := range map[string]string{"bound by the limit": "0", "descriptors run out": "100000"} {
		t.Run(name, func(t *testing.T) {
			child := exec.Command(os.Args[0])
			child.Env = append(os.Environ(), childEnv+"="+bound)
			child.Stderr = os.Stderr
			in, err := child.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			addr, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			addr = strings.TrimSpace(addr)
			for range lowLimit + 44 {
				dialFrom(t, "127.0.0.2", addr)
			}
			for range 3 { // also while the connections stay open
				if err := ask(dialFrom(t, "127.0.0.3", addr)); err != nil {
					t.Errorf("an honest client: %v", err)
				}
			}
			if err := in.Close(); err != nil {
				t.Fatal(err)
			}
			if err := child.Wait(); err != nil {
				t.Errorf("the process ended: %v", err)
			}
		})
	}
}

// bounded serves one page with few places.
func bounded(t *testing.T, b Bounds) (addr string, l *listener) {
	t.Helper()
	app := NewServer(Options{})
	streams := NewStreams(0)
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString("plans") })
	large := strings.Repeat("x", 100<<10)
	app.Get("/large", func(c *fiber.Ctx) error { return c.SendString(large) })
	app.Get("/events", func(c *fiber.Ctx) error {
		return streams.Serve(c, StreamOptions{Heartbeat: 20 * time.Millisecond, MaxAge: long}, wait)
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l = Bound(ln, b).(*listener)
	var served sync.WaitGroup
	served.Go(func() {
		if err := app.Listener(l); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		if err := Shutdown(app, streams, 10*time.Second); err != nil {
			t.Error(err)
		}
		served.Wait()
		l.mu.Lock()
		defer l.mu.Unlock()
		if len(l.conns) != 0 || len(l.held) != 0 {
			t.Errorf("%d connections, %d clients are still counted", len(l.conns), len(l.held))
		}
	})
	return ln.Addr().String(), l
}

func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.conns)
}

// idle waits until every connection waits for a request: an answer arrives a
// moment before its server reads on.
func (l *listener) idle(t *testing.T) {
	t.Helper()
	until(t, "all connections wait", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		for c := range l.conns {
			if !c.reading.Load() {
				return false
			}
		}
		return true
	})
}

func TestOneClientHoldsHalfOfTheConnections(t *testing.T) {
	log := &record{}
	addr, l := bounded(t, Bounds{Max: 8, Log: textLog(log)})
	var greedy []net.Conn
	for range 4 {
		c := dialFrom(t, "127.0.0.2", addr)
		if err := ask(c); err != nil {
			t.Fatal(err)
		}
		l.idle(t) // the order in which they began to wait is the order in which they give way
		greedy = append(greedy, c)
	}
	fifth := dialFrom(t, "127.0.0.2", addr)
	if err := ask(fifth); err != nil {
		t.Fatal("a newcomer behind the same address, as in a hotspot:", err)
	}
	until(t, "the oldest idle one has given way", func() bool { return ended(greedy[0]) })
	for i, c := range greedy[1:] {
		if ended(c) {
			t.Errorf("connection %d was closed too", i+1)
		}
	}
	if l.count() != 4 || strings.Count(log.String(), "too many connections") != 1 || !strings.Contains(log.String(), "client=127.0.0.2/32") {
		t.Errorf("%d open, log\n%s", l.count(), log)
	}
}

func TestANewClientTakesThePlaceOfTheGreediest(t *testing.T) {
	addr, l := bounded(t, Bounds{Max: 4})
	hold := func(from string) net.Conn {
		c := dialFrom(t, from, addr)
		if err := ask(c); err != nil {
			t.Fatal(from, err)
		}
		l.idle(t)
		return c
	}
	single := hold("127.0.0.3") // waits longest, but holds one only
	first, second := hold("127.0.0.2"), hold("127.0.0.2")
	hold("127.0.0.4")
	hold("127.0.0.5")
	until(t, "one of two gave way", func() bool { return ended(first) })
	if ended(single) || ended(second) || l.count() != 4 {
		t.Error("another one gave way")
	}
	hold("127.0.0.6") // all hold one: who has waited longest gives way
	until(t, "the longest idle one gave way", func() bool { return ended(single) })
}

// A connection at work is not closed for a newcomer whose client holds as many,
// and a newcomer for which none can give way is closed at once.
func TestConnectionsAtWorkStay(t *testing.T) {
	addr, l := bounded(t, Bounds{Max: 2})
	a := openStream(t, addr, "/events")
	if err := ask(dialFrom(t, "127.0.0.1", addr)); err == nil {
		t.Fatal("one client got both places")
	}
	one := dialFrom(t, "127.0.0.2", addr)
	io.WriteString(one, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
	answer := bufio.NewReader(one)
	if _, err := http.ReadResponse(answer, nil); err != nil {
		t.Fatal(err)
	}
	if err := ask(dialFrom(t, "127.0.0.3", addr)); err == nil || l.count() > 2 {
		t.Errorf("a third got in: %v, %d open", err, l.count())
	}
	if a.line() != "retry: 3000" {
		t.Error("a stream was closed for a newcomer")
	}
	for range 9 { // heartbeats go on
		if _, err := answer.ReadString('\n'); err != nil {
			t.Fatal("a stream was closed for a newcomer:", err)
		}
	}
}

// Clients that ask and never read hold no place against others: neither against
// another client nor against a neighbour behind the same address.
func TestClientsThatNeverReadGiveWay(t *testing.T) {
	addr, l := bounded(t, Bounds{Max: 4})
	l.mu.Lock()
	l.stall = 20 * time.Millisecond
	l.mu.Unlock()
	deaf := func(from string) {
		c := dialFrom(t, from, addr)
		if err := c.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
			t.Fatal(err)
		}
		go io.WriteString(c, strings.Repeat("GET /large HTTP/1.1\r\nHost: x\r\n\r\n", 400)) // it blocks until the connection ends
	}
	for _, from := range []string{"127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"} {
		deaf(from)
	}
	until(t, "four clients do not read", func() bool { return l.stuck() == 4 })
	if err := ask(dialFrom(t, "127.0.0.4", addr)); err != nil {
		t.Error("another client:", err)
	}
	if err := ask(dialFrom(t, "127.0.0.2", addr)); err != nil {
		t.Error("a neighbour behind the same address:", err)
	}
	if l.count() > 4 {
		t.Errorf("%d open", l.count())
	}
}

func (l *listener) stuck() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.conns {
		if w := c.writing.Load(); w != 0 && time.Now().UnixNano()-w >= int64(l.stall) {
			n++
		}
	}
	return n
}

// A client that fills the places with work gives one up to a client with less,
// even where none of it lasts long.
func TestWorkOfTheGreediestGivesWay(t *testing.T) {
	addr, l := bounded(t, Bounds{Max: 4})
	for _, from := range []string{"127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"} {
		c := dialFrom(t, from, addr)
		io.WriteString(c, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
		if _, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := ask(dialFrom(t, "127.0.0.4", addr)); err != nil {
		t.Error("a client without a connection:", err)
	}
	if err := ask(dialFrom(t, "127.0.0.5", addr)); err != nil {
		t.Error("a second one, in the place of the first:", err)
	}
	if l.count() > 4 {
		t.Errorf("%d open", l.count())
	}
}

// All clients of a trusted proxy come from one address.
func TestATrustedProxyHasNoShare(t *testing.T) {
	addr, l := bounded(t, Bounds{Max: 4, Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}})
	var proxied []net.Conn
	for range 3 {
		c := dialFrom(t, "127.0.0.9", addr)
		if err := ask(c); err != nil {
			t.Fatal(err)
		}
		proxied = append(proxied, c)
	}
	stranger := dialFrom(t, "127.0.0.2", addr)
	if err := ask(stranger); err != nil {
		t.Fatal(err)
	}
	l.idle(t)
	if err := ask(dialFrom(t, "127.0.0.9", addr)); err != nil {
		t.Fatal(err)
	}
	until(t, "the other client gave way", func() bool { return ended(stranger) })
	for _, c := range proxied {
		if ended(c) {
			t.Error("the proxy lost a connection")
		}
	}
}

// failing is a listener whose Accept fails for a while.
type failing struct {
	net.Listener
	errs chan error
}

func (f failing) Accept() (net.Conn, error) {
	if err, more := <-f.errs; more {
		return nil, err
	}
	return f.Listener.Accept()
}

func TestAcceptGoesOnAfterAShortage(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 8)
	l := Bound(failing{ln, errs}, Bounds{Max: 4})
	for _, e := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		errs <- &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", e)}
	}
	close(errs)
	dialFrom(t, "127.0.0.2", ln.Addr().String())
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	l.Close()
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("any other error ends it: %v", err)
	}

	// Closing ends a pause.
	endless := make(chan error)
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case endless <- os.NewSyscallError("accept4", syscall.EMFILE):
			case <-ended:
				return
			}
		}
	}()
	defer close(ended)
	ln2, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	waits := Bound(failing{ln2, endless}, Bounds{Max: 4})
	got := make(chan error, 1)
	go func() { _, err := waits.Accept(); got <- err }()
	waits.Close()
	if err := <-got; !errors.Is(err, net.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestConnectionsFollowTheLimitOfFiles(t *testing.T) {
	for files, want := range map[uint64]int{0: 1, 64: 48, 1024: 768, 4096: 3072, 1 << 20: 4096, 1<<64 - 1: 4096} {
		if got := Connections(files); got != want {
			t.Errorf("%d files: %d connections, want %d", files, got, want)
		}
	}
	for files, want := range map[uint64]int{0: 1, 1024: 384, 2048: 768, 4096: 1000, 1 << 20: 1000} {
		if got := MostStreams(files); got != want {
			t.Errorf("%d files: %d streams, want %d", files, got, want)
		}
	}
	if OpenFiles() == 0 {
		t.Error("the limit of this process is not known")
	}
}
