package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	devpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"gerai/internal/testenv"
)

// What Lighthouse calls slow 4G: 150 ms there and back, 1.6 Mbit/s down, 750
// kbit/s up, a processor four times slower than this one.
const (
	latency  = 150
	download = 1_600_000 / 8
	upload   = 750_000 / 8
	slower   = 4
)

// vitals is what a phone on a slow line sees of one page.
type vitals struct {
	Paint    float64 // largest contentful paint, ms
	Shift    float64 // cumulative layout shift
	Blocked  float64 // total blocking time, ms
	requests int
	bytes    float64
}

// observe collects the page's own measurements from its first moment.
const observe = `window.v = {Paint: 0, Shift: 0, Blocked: 0};
new PerformanceObserver(function (l) { l.getEntries().forEach(function (e) { v.Paint = e.startTime; }); }).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(function (l) { l.getEntries().forEach(function (e) { if (!e.hadRecentInput) v.Shift += e.value; }); }).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(function (l) { l.getEntries().forEach(function (e) { v.Blocked += Math.max(0, e.duration - 50); }); }).observe({type: "longtask", buffered: true});`

// slow4G loads every page of the road on a slow line; the control is the
// smallest page there is, on the same line.
func slow4G(t *testing.T, p *page, _ engine) {
	d := start(t, anyPorts...)
	path, _, err := d.order()
	if err != nil {
		t.Fatal(err)
	}
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><title>x</title><link rel="icon" href="data:,"><h1>Hello</h1>`)) // the browser may be gone
	}))
	defer bare.Close()
	login := portalOf(t, d)
	control := visit(t, bare.URL)
	for _, x := range []struct{ what, address string }{
		{"the router's login page", login}, {"plan page", d.Shop + "/h/kopi-pojok"}, {"order page with its QR code", d.Shop + path}} {
		v := visit(t, x.address)
		p.row(x.what+" on slow 4G", "LCP <= 1.8 s, blocked <= 50 ms, shift <= 0.02",
			fmt.Sprintf("LCP %.0f ms, blocked %.0f ms, shift %.3f; %d requests, %.1f KB", v.Paint, v.Blocked, v.Shift, v.requests, v.bytes/1000),
			fmt.Sprintf("LCP %.0f ms", control.Paint), "150 ms, 1.6 Mbit/s, processor / 4; control: one line of HTML")
	}
}

// portalOf serves the login page as the demo's router sends it to a phone.
func portalOf(t *testing.T, d *demo) string {
	t.Helper()
	res, err := client.Post(d.Sim+"/_sim/routers/pojok-1/phones", "application/json", strings.NewReader(`{"mac":"AA:BB:CC:00:00:4F"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var phone struct{ Proxy string }
	if err := json.NewDecoder(res.Body).Decode(&phone); err != nil {
		t.Fatal(err)
	}
	proxy, err := url.Parse(phone.Proxy)
	if err != nil {
		t.Fatal(err)
	}
	captured, err := (&http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{Proxy: http.ProxyURL(proxy)}}).Get("http://login.hotspot/login")
	if err != nil {
		t.Fatal(err)
	}
	defer captured.Body.Close()
	html, err := io.ReadAll(captured.Body)
	if err != nil || captured.StatusCode != http.StatusOK {
		t.Fatalf("the router's login page: %s %v", captured.Status, err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path != "/" {
			w.Header().Set("Content-Type", "text/javascript") // md5.js lies on the router too
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(html) // the browser may be gone
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func visit(t *testing.T, address string) vitals {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(testenv.Chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	alloc, stopProcess := chromedp.NewExecAllocator(context.Background(), options...)
	defer stopProcess()
	v := vitals{}
	var mu sync.Mutex // the listener runs in the tab's own loop
	ctx, stop := chromedp.NewContext(alloc, chromedp.WithListener(func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *network.EventResponseReceived:
			v.requests++
		case *network.EventLoadingFinished:
			v.bytes += ev.EncodedDataLength
		}
	}))
	defer stop()
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as this context: no deadline here
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(chromedp.Do(ctx, chromedp.EmulateViewport(360, 640, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))))
	_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
	must(err)
	_, err = chromedp.Call(ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slower})
	must(err)
	_, err = chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: latency, DownloadThroughput: download, UploadThroughput: upload}}})
	must(err)
	_, err = chromedp.Call(ctx, devpage.AddScriptToEvaluateOnNewDocument, devpage.AddScriptToEvaluateOnNewDocumentParams{Source: observe})
	must(err)
	must(chromedp.Do(ctx, chromedp.Navigate(address)))
	// The largest paint is known once nothing larger came for a while.
	seen, err := chromedp.Run(ctx, chromedp.Evaluate[vitals](`new Promise(function (done) { var last = -1; (function look() { if (v.Paint > 0 && v.Paint === last) return done(v); last = v.Paint; setTimeout(look, 1000); })(); })`, chromedp.EvalAwaitPromise))
	must(err)
	mu.Lock()
	defer mu.Unlock()
	v.Paint, v.Shift, v.Blocked = seen.Paint, seen.Shift, seen.Blocked
	return v
}
