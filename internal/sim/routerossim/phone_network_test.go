package routerossim

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestPhoneWithoutNetwork(t *testing.T) {
	r, c, clock := hotspot(t, Options{})
	b := browse(t, r, phone, Internet{"news.test": {Handler: says("news")}})
	dark := func(why string) {
		t.Helper()
		if got := fmt.Sprint(b.get("http://news.test/").status, b.get(loginURL).status, b.tunnel("news.test:443")); got != "502 502 502" {
			t.Fatalf("%s: %s", why, got)
		}
	}
	want(t, browse(t, r, "AA:BB:CC:00:00:09", nil).get("http://news.test/").status, 502)
	want(t, browse(t, r, "no MAC", nil).get("http://news.test/").status, 502)
	want(t, b.get("http://news.test/").status, 302)
	c.ok("/ip/hotspot/ip-binding/add", "=mac-address="+phone, "=type=blocked")
	dark("blocked")
	c.ok("/ip/hotspot/ip-binding/set", "=.id=*1", "=type=bypassed")
	want(t, b.get("http://news.test/").status, 200)
	want(t, b.get("http://nowhere.test/").status, 502)
	c.ok("/ip/hotspot/ip-binding/remove", "=.id=*1")
	want(t, b.get("http://news.test/").status, 302)
	c.ok("/ip/hotspot/disable", "=.id=hotspot1")
	want(t, b.get("http://news.test/").status, 200) // not guarded
	c.ok("/ip/hotspot/enable", "=.id=hotspot1")
	c.ok("/ip/hotspot/host/remove", "=.id="+r.Rows(hostPath)[0][".id"])
	want(t, len(r.Rows(hostPath)), 0)
	want(t, b.get("http://news.test/").status, 302) // its next packet makes a new row
	want(t, r.Rows(hostPath)[0]["address"], "10.5.50.9")
	r.SetFaults(Faults{Down: true}) // the management connection, not the Wi-Fi
	want(t, b.get(loginURL).status, 200)
	r.SetFaults(Faults{Reboot: true, RebootMS: 60_000})
	dark("booting")
	clock.add(time.Minute)
	want(t, b.get("http://news.test/").status, 302)
	if err := r.Join(Device{MAC: "AA:BB:CC:00:00:02", IP: "10.5.50.10"}); err != nil {
		t.Fatal(err)
	}
	r.SetFaults(Faults{Reboot: true, RebootMS: 1})
	clock.add(time.Minute)
	if err := r.Join(Device{MAC: "AA:BB:CC:00:00:02", IP: "10.5.50.9"}); err != nil { // quicker after the reboot
		t.Fatal(err)
	}
	want(t, b.get("http://news.test/").status, 302)
	want(t, r.find(hostPath, "mac-address", phone)["address"], "10.5.50.2")
	r.Leave(phone)
	dark("left")
}

func TestPhoneProxyManners(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/ip-binding/add", "=mac-address="+phone, "=type=bypassed")
	heard := make(chan http.Header, 1)
	echo := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, q *http.Request) { heard <- q.Header }))
	defer echo.Close()
	b := browse(t, r, phone, Internet{"far.test": {Addr: "192.0.2.1:80"}, "wide.test": {Addr: "0.0.0.0:80"}, "name.test": {Addr: "example.com:80"},
		"echo.test": {Addr: echo.Listener.Addr().String()}, "here.test": {Handler: says("here")}, "shut.test": {Addr: "127.0.0.1:1"}})
	for _, host := range []string{"far.test", "wide.test", "name.test"} {
		if a := b.get("http://" + host + "/"); a.status != 502 || !strings.Contains(a.body, "only loopback is dialled") {
			t.Errorf("%s: %d %s", host, a.status, a.body)
		}
		want(t, b.tunnel(host+":443"), 502)
	}
	want(t, b.get("http://shut.test/").status, 502)
	want(t, b.tunnel("shut.test:443"), 502)
	want(t, b.tunnel("here.test:443"), 502) // a handler speaks no TLS
	want(t, b.tunnel("login.hotspot:443"), 403)
	want(t, b.get("http://login.hotspot:8291/").status, 403)
	q, err := http.NewRequest(http.MethodGet, "http://echo.test/", nil)
	if err == nil {
		q.Header.Set("X-Forwarded-For", "1.2.3.4")
		q.Header.Set("Proxy-Authorization", "Basic x")
		q.Header.Set("Connection", "Upgrade")
		q.Header.Set("Upgrade", "websocket")
	}
	want(t, b.do(q, err).status, 200)
	h := <-heard
	want(t, h.Get("X-Forwarded-For")+h.Get("Proxy-Authorization")+h.Get("Upgrade"), "1.2.3.4") // a phone may lie, and is heard as it spoke
	plain, err := http.Get("http://" + b.proxy + "/")
	if err != nil {
		t.Fatal(err)
	}
	plain.Body.Close()
	want(t, plain.StatusCode, 400)
	want(t, b.tunnel("here.test"), 400)
}

func TestTrafficCountsAndLimits(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	pap(c)
	big := strings.Repeat("x", 100_000)
	b := browse(t, r, phone, Internet{"big.test": {Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.Copy(io.Discard, q.Body)
		for i := range 10 {
			if _, err := io.WriteString(w, big[i*10_000:(i+1)*10_000]); err != nil {
				panic(http.ErrAbortHandler)
			}
		}
	})}, "real.test": {Addr: httptestServer(t, big)}})
	c.ok("/ip/hotspot/user/add", "=name=u", "=limit-bytes-total=450000")
	b.post(loginURL, "username", "u")
	b.get("http://big.test/")
	a := r.Rows(activePath)[0]
	if in, out := numOf(a["bytes-in"]), numOf(a["bytes-out"]); in < 20 || in > 1000 || out < 100_000 || out > 101_000 {
		t.Fatal(a)
	}
	b.get("http://real.test/")
	q, err := http.NewRequest(http.MethodPost, "http://big.test/", strings.NewReader(big))
	want(t, b.do(q, err).status, 200)
	a = r.Rows(activePath)[0]
	if in, out := numOf(a["bytes-in"]), numOf(a["bytes-out"]); in < 100_000 || in > 102_000 || out < 300_000 || out > 303_000 {
		t.Fatal(a)
	}
	want(t, r.Rows(hostPath)[0]["bytes-out"], a["bytes-out"])
	want(t, r.find(userPath, "name", "u")["bytes-in"], a["bytes-in"])
	q, err = http.NewRequest(http.MethodGet, "http://big.test/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := b.http.Do(q); err == nil { // it breaks in the middle
		if _, err = io.ReadAll(res.Body); err == nil {
			t.Fatal("the limit struck nobody")
		}
		res.Body.Close()
	}
	want(t, len(r.Rows(activePath)), 0)
	want(t, b.get("http://big.test/").status, 302)
	if body := b.post(loginURL, "username", "u").body; !strings.Contains(body, "user u has reached traffic limit") {
		t.Fatal(body)
	}
}

func httptestServer(t *testing.T, text string) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }))
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// What a server sends in pieces reaches a phone in pieces, server-sent events
// and anything else.
func TestStreamIsNotHeldBack(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	c.ok("/ip/hotspot/ip-binding/add", "=mac-address="+phone, "=type=bypassed")
	next := make(chan string)
	stream := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/plain")
		for s := range next {
			_, _ = io.WriteString(w, s)
			w.(http.Flusher).Flush()
		}
	})
	srv := httptest.NewServer(stream)
	defer srv.Close()
	b := browse(t, r, phone, Internet{"a.test": {Addr: srv.Listener.Addr().String()}, "b.test": {Handler: stream}})
	for _, host := range []string{"a.test", "b.test"} {
		next = make(chan string, 1)
		next <- "data: 1\n\n"
		a, err := b.http.Get("http://" + host + "/")
		if err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(a.Body)
		for n := 1; n < 3; n++ { // the second is sent only after the first was read
			line, err := in.ReadString('\n')
			want(t, line, fmt.Sprintf("data: %d\n", n))
			if _, err2 := in.ReadString('\n'); err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			if n == 1 {
				next <- "data: 2\n\n"
			}
		}
		close(next)
		a.Body.Close()
	}
}

func TestTunnel(t *testing.T) {
	r, c, _ := hotspot(t, Options{})
	pap(c)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() { // an echo that ends when its client does
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(conn, conn); conn.Close() }()
		}
	}()
	b := browse(t, r, phone, Internet{"bank.test:443": {Addr: l.Addr().String()}})
	want(t, b.tunnel("bank.test:443"), 403)
	c.ok("/ip/hotspot/user/add", "=name=u", "=limit-bytes-out=10000")
	b.post(loginURL, "username", "u")
	want(t, b.tunnel("bank.test:8443"), 502) // no such port out there
	status, conn, in := b.connect("bank.test:443")
	want(t, status, 200)
	word := make([]byte, 5)
	for range 3 {
		fmt.Fprint(conn, "hallo")
		if _, err = io.ReadFull(in, word); err != nil || string(word) != "hallo" {
			t.Fatal(err, string(word))
		}
	}
	a := r.Rows(activePath)[0]
	want(t, a["bytes-in"]+" "+a["bytes-out"], "15 15")
	_ = conn.(*net.TCPConn).CloseWrite() // half closed: the echo ends too
	if rest, err := io.ReadAll(in); err != nil || len(rest) > 0 {
		t.Fatal(err, rest)
	}
	_, conn, in = b.connect("bank.test:443")
	fmt.Fprint(conn, strings.Repeat("y", 9_990))
	if _, err = io.CopyN(io.Discard, in, 9_990); err != nil {
		t.Fatal(err)
	}
	want(t, len(r.Rows(activePath)), 0) // 15 + 9990 bytes down
	fmt.Fprint(conn, "more")
	if n, _ := io.Copy(io.Discard, in); n != 0 {
		t.Fatal("the tunnel outlives its session")
	}
	want(t, b.tunnel("bank.test:443"), 403)
}
