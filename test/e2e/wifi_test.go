package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"gerai/internal/testenv"
)

// wifi is one device on a simulated hotspot: what it asks for goes through the
// router, which decides whether it may.
type wifi struct {
	testing.TB
	d      *demo
	router string
	mac    string
	proxy  string
	hosts  map[string]string
}

// probeHost is where a phone looks whether it has internet; outside is a page
// of the world beyond the hotspot.
const (
	probeHost = "probe.phone.example"
	outside   = "Internet"
)

// world serves everything beyond the router, in one place.
func world(t testing.TB) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>" + outside + "</title><link rel=icon href=data:,><h1>" + outside + "</h1>")) // the browser may be gone
	}))
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// join brings a device onto the hotspot of a router.
func (d *demo) join(t testing.TB, router, mac string) *wifi {
	t.Helper()
	shop := strings.TrimPrefix(d.Shop, "http://")
	w := &wifi{TB: t, d: d, router: router, mac: mac, hosts: map[string]string{shop: shop, probeHost: world(t)}}
	w.enter()
	t.Cleanup(w.leave)
	return w
}

func (w *wifi) controls() string { return w.d.Sim + "/_sim/routers/" + url.PathEscape(w.router) }

func (w *wifi) enter() {
	w.Helper()
	var opened struct{ Proxy string }
	if status := ask(w, http.MethodPost, w.controls()+"/phones", map[string]any{"mac": w.mac, "hosts": w.hosts}, &opened); status != http.StatusOK {
		w.Fatalf("joining %s: %d", w.router, status)
	}
	w.proxy = opened.Proxy
}

// leave takes the device away, as a phone that changes to mobile data does.
func (w *wifi) leave() {
	ask(w, http.MethodDelete, w.controls()+"/phones/"+url.PathEscape(w.mac), nil, nil)
}

// advance moves the router's clock.
func (w *wifi) advance(d time.Duration) {
	w.Helper()
	if status := ask(w, http.MethodPost, w.controls()+"/advance", map[string]any{"seconds": d.Seconds()}, nil); status != http.StatusOK {
		w.Fatalf("advancing %s: %d", w.router, status)
	}
}

// commands counts how often the router was given a command.
func (w *wifi) commands(command string) int {
	w.Helper()
	var log struct{ Counters map[string]int }
	ask(w, http.MethodGet, w.controls()+"/log", nil, &log)
	return log.Counters[command]
}

// user is the hotspot user the device is online as, "" when it is captive.
func (w *wifi) user() string {
	w.Helper()
	for _, row := range w.d.rows(w, w.router, "ip/hotspot/active") {
		if row["mac-address"] == w.mac {
			return row["user"]
		}
	}
	return ""
}

// waitOnline waits until the device is online as a user whose name begins like this.
func (w *wifi) waitOnline(prefix string, limit time.Duration) {
	w.Helper()
	testenv.Eventually(w, limit, func() (bool, string) {
		got := w.user()
		return got != "" && strings.HasPrefix(got, prefix), "online as " + got
	})
}

// portal opens the window that a phone shows when it finds itself captive: a
// browser that remembers nothing, in the smallest size.
func (w *wifi) portal(k kind) *phone {
	w.Helper()
	p := &phone{TB: w.TB, kind: k, d: w.d, places: []string{"http://login.hotspot/", "http://" + probeHost + "/"}}
	p.ctx, p.stop = chromedp.NewContext(openBrowser(w), chromedp.WithNewBrowserContext(func(c *target.CreateBrowserContextParams) {
		c.ProxyServer, c.ProxyBypassList = w.proxy, "<-loopback>"
	}), chromedp.WithListener(p.hear))
	p.begin(320, 568)
	p.land(chromedp.Navigate("http://" + probeHost + "/generate_204"))
	return p
}

// free reports whether the world can be reached.
func (p *phone) free() bool {
	p.Helper()
	p.land(chromedp.Navigate("http://" + probeHost + "/"))
	return p.read("h1") == outside
}
