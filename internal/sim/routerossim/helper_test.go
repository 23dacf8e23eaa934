package routerossim

import (
	"bufio"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// testClock stands still until told.
type testClock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *testClock {
	return &testClock{at: time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)}
}

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *testClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func start(t *testing.T, o Options) *Router {
	t.Helper()
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Password == "" {
		o.Password = "secret"
	}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err = r.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// client speaks raw sentences.
type client struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

func dialRaw(t testing.TB, r *Router) *client {
	t.Helper()
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &client{t, conn, bufio.NewReader(conn)}
}

// dial connects and logs in as the first account.
func dial(t testing.TB, r *Router) *client {
	t.Helper()
	c := dialRaw(t, r)
	if got := c.do("/login", "=name=admin", "=password=secret"); got.trap() != "" || got.word() != "!done" {
		t.Fatalf("login: %v", got)
	}
	return c
}

func (c *client) send(words ...string) {
	c.t.Helper()
	var b []byte
	for _, w := range words {
		b = appendWord(b, w)
	}
	if _, err := c.conn.Write(append(b, 0)); err != nil {
		c.t.Fatalf("send %s: %v", words[0], err)
	}
}

func (c *client) read() ([]string, error) {
	return readSentence(c.in, func() limits { return limits{8 << 20, 8 << 20, 1 << 16} })
}

func (c *client) next() []string {
	c.t.Helper()
	s, err := c.read()
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return s
}

// answer is all sentences of one reply.
type answer [][]string

func (a answer) word() string { return a[len(a)-1][0] }

func attrOf(s []string, name string) string {
	for _, w := range s {
		if v, ok := strings.CutPrefix(w, "="+name+"="); ok {
			return v
		}
	}
	return ""
}

func (a answer) trap() string {
	for _, s := range a {
		if s[0] == "!trap" {
			return attrOf(s, "message")
		}
	}
	return ""
}

func (a answer) ret() string { return attrOf(a[len(a)-1], "ret") }

func (a answer) rows() []map[string]string {
	var list []map[string]string
	for _, s := range a {
		if s[0] != "!re" {
			continue
		}
		m := map[string]string{}
		for _, w := range s[1:] {
			k, v, _ := strings.Cut(strings.TrimPrefix(w, "="), "=")
			m[k] = v
		}
		list = append(list, m)
	}
	return list
}

// do runs one command to its !done or !fatal.
func (c *client) do(words ...string) answer {
	c.t.Helper()
	c.send(words...)
	var a answer
	for {
		s := c.next()
		a = append(a, s)
		if s[0] == "!done" || s[0] == "!fatal" {
			return a
		}
	}
}

// ok runs a command that must succeed.
func (c *client) ok(words ...string) answer {
	c.t.Helper()
	a := c.do(words...)
	if a.trap() != "" || a.word() != "!done" || a[0][0] == "!trap" {
		c.t.Fatalf("%v: %v", words, a)
	}
	return a
}

// refused runs a command that must trap with the text.
func (c *client) refused(want string, words ...string) {
	c.t.Helper()
	if got := c.do(words...).trap(); got != want {
		c.t.Fatalf("%v: trap %q, want %q", words, got, want)
	}
}

// closed waits for the router to close the connection.
func (c *client) closed() {
	c.t.Helper()
	for {
		if _, err := c.read(); err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				c.t.Fatalf("still open: %v", err)
			}
			return
		}
	}
}

// turnsAway checks that a new connection is refused or closed at once.
func (r *Router) turnsAway(t testing.TB) {
	t.Helper()
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		return
	}
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	(&client{t, conn, bufio.NewReader(conn)}).closed()
	conn.Close()
}

// names lists the name property of a reply's rows.
func (a answer) names() []string {
	list := []string{}
	for _, m := range a.rows() {
		list = append(list, m["name"])
	}
	return list
}

func want[T comparable](t testing.TB, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func wantList(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
}

// eventually polls a condition that another goroutine brings about.
func eventually(t testing.TB, what string, cond func() bool) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-deadline:
			t.Fatalf("never: %s", what)
		case <-tick.C:
		}
	}
}

// find returns the row of a menu with name=value.
func (r *Router) find(path, name, value string) map[string]string {
	for _, m := range r.Rows(path) {
		if m[name] == value {
			return m
		}
	}
	return nil
}
