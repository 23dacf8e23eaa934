package routerossim

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// browser is a browser on a phone's network; it does not follow redirects.
type browser struct {
	t     *testing.T
	proxy string
	http  *http.Client
}

func browse(t *testing.T, r *Router, mac string, outside Internet) *browser {
	t.Helper()
	srv := httptest.NewServer(r.Phone(mac, outside))
	t.Cleanup(srv.Close)
	return browserAt(t, srv.URL)
}

func browserAt(t *testing.T, proxy string) *browser {
	t.Helper()
	to, err := url.Parse(proxy)
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{Proxy: http.ProxyURL(to), DisableCompression: true}
	t.Cleanup(tr.CloseIdleConnections)
	return &browser{t, to.Host, &http.Client{Transport: tr, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// seen is an answer.
type seen struct {
	status int
	header http.Header
	body   string
}

func (b *browser) do(q *http.Request, err error) seen {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	a, err := b.http.Do(q)
	if err != nil {
		b.t.Fatal(err)
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return seen{a.StatusCode, a.Header, string(body)}
}

func (b *browser) get(url string) seen {
	b.t.Helper()
	return b.do(http.NewRequest(http.MethodGet, url, nil))
}

func (b *browser) post(to string, form ...string) seen {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i < len(form); i += 2 {
		v.Set(form[i], form[i+1])
	}
	q, err := http.NewRequest(http.MethodPost, to, strings.NewReader(v.Encode()))
	if err == nil {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.do(q, err)
}

// connect asks for a tunnel and returns its status and, for 200, both ends of
// what it carries.
func (b *browser) connect(to string) (int, net.Conn, *bufio.Reader) {
	b.t.Helper()
	conn, err := net.Dial("tcp", b.proxy)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", to, to)
	in := bufio.NewReader(conn)
	a, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	if err != nil {
		b.t.Fatal(err)
	}
	return a.StatusCode, conn, in
}

func (b *browser) tunnel(to string) int {
	b.t.Helper()
	status, conn, _ := b.connect(to)
	conn.Close()
	return status
}

// says is a site that answers with a word and what it was asked.
func says(word string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		fmt.Fprintf(w, "%s %s %s%s %s", word, q.Method, q.Host, q.URL, body)
	})
}

// site is the same on a real socket.
func site(t *testing.T, word string) string {
	t.Helper()
	srv := httptest.NewServer(says(word))
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// pap lets the login form work without a challenge.
func pap(c *client) { c.ok("/ip/hotspot/profile/set", "=.id=hsprof1", "=login-by=http-pap") }

const loginURL = "http://login.hotspot/login"

func TestPhoneIsCaptiveUntilLogin(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	pap(c)
	c.ok("/ip/hotspot/user/add", "=name=u", "=password=p", "=limit-uptime=30m")
	b := browse(t, r, phone, Internet{"news.test": {Addr: site(t, "news")}, "inside.test": {Handler: says("inside")}})
	captive := func() {
		t.Helper()
		a := b.get("http://news.test/today?x=1&y=2")
		want(t, fmt.Sprint(a.status, " ", a.header.Get("Location")), "302 "+loginURL+"?dst=http%3A%2F%2Fnews.test%2Ftoday%3Fx%3D1%26y%3D2")
		want(t, b.tunnel("news.test:443"), 403)
		want(t, b.get("http://news.test:8081/").status, 403) // only 80, 3128 and 8080 are caught
		want(t, b.get("http://probe.test/generate_204").status, 302)
	}
	captive()
	a := b.get(loginURL + "?dst=" + url.QueryEscape("http://news.test/today?x=1&y=2"))
	want(t, a.status, 200)
	if !strings.Contains(a.body, `value="http://news.test/today?x=1&y=2"`) {
		t.Fatal(a.body)
	}
	a = b.post(loginURL, "username", "u", "password", "p", "dst", "http://news.test/today")
	want(t, a.status, 200)
	if !strings.Contains(a.body, `href="http://news.test/today"`) {
		t.Fatal(a.body)
	}
	want(t, r.Rows(activePath)[0]["login-by"], "http-pap")
	want(t, b.get("http://news.test/today?x=1").body, "news GET news.test/today?x=1 ")
	want(t, b.post("http://inside.test:8081/form", "k", "v").body, "inside POST inside.test:8081/form k=v")
	want(t, b.get("http://nowhere.test/").status, 502)
	want(t, b.tunnel("nowhere.test:443"), 502)
	want(t, b.get("http://login.hotspot/").status, 302) // to the status page
	r.Advance(30 * time.Minute)
	captive()
	a = b.post(loginURL, "username", "u", "password", "p")
	if !strings.Contains(a.body, "user u has reached uptime limit") {
		t.Fatal(a.body)
	}
}
