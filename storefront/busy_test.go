package storefront

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/admission"
	"gerai/internal/httpx"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// acts has the shop admit so many acts at once and so many after a wait without an end.
func (v *visit) acts(atOnce, waiting int) {
	v.handler.Acts = admission.New(admission.Rule{AtOnce: atOnce, Waiting: waiting, Patience: time.Hour}, errBusy, v.Clock)
}

// full takes every place, until release.
func (v *visit) full() (release func()) {
	v.acts(1, 0)
	_, leave, err := v.handler.Acts.Enter(v.Context(), "another")
	if err != nil {
		v.Fatal(err)
	}
	return leave
}

// again reads the form of a busy page.
func again(doc *goquery.Document) (pairs []string) {
	_, pairs = fields(doc.Find("form"))
	return pairs
}

func without(pairs []string, name string) (out []string) {
	for pair := range slices.Chunk(pairs, 2) {
		if pair[0] != name {
			out = append(out, pair...)
		}
	}
	return out
}

// While nothing can be written, what exceeds the places is refused at once and leaves
// nothing; what was admitted succeeds in the end; a refused form sent again makes its order.
func TestSurplusOfOrdersIsRefused(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		const atOnce, waiting, surplus = 2, 3, 4
		v := on(t, k)
		v.acts(atOnce, waiting)
		release := storetest.HoldWrites(t, k.Store.Address())
		type placed struct {
			nonce string
			answer
		}
		var all sync.WaitGroup
		answers := make(chan placed, atOnce+waiting+surplus)
		order := func(nonce string) {
			a := v.post("/h/kopi-pojok/orders?lang=en", "plan", "sehari", "method", "qris", "phone", "0812 3456 7890", "nonce", nonce, "mac", "AA:BB:CC:DD:EE:01", "terms", "")
			answers <- placed{nonce, a}
		}
		for range atOnce + waiting {
			nonce := k.NextNonce()
			all.Go(func() { order(nonce) })
		}
		testenv.Eventually(t, time.Minute, func() (bool, string) {
			n := v.handler.Acts.Numbers()
			return n.Working == atOnce && n.Waiting == waiting, fmt.Sprintf("%+v", n)
		})
		for range surplus { // each is answered though nothing can be written
			order(k.NextNonce())
		}
		var refused []placed
		for range surplus {
			p := <-answers
			doc := p.page(http.StatusServiceUnavailable)
			if p.Header.Get("Retry-After") == "" || p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("Refresh") != "" {
				t.Errorf("%v", p.Header)
			}
			if h := doc.Find("h1").Text(); h != "One moment, we are very busy" || !strings.Contains(doc.Find(".lead").Text(), "nothing was paid") {
				t.Errorf("%s", text(doc.Find("main")))
			}
			refused = append(refused, p)
		}
		for _, table := range []string{"orders", "attempts", "jobs", "receipts"} {
			if n := storetest.RawText(t, k.Store.Address(), "SELECT COUNT(*) FROM "+table); n != "0" {
				t.Errorf("%s %s were left", n, table)
			}
		}
		if k.Creates() != 0 {
			t.Errorf("%d charges", k.Creates())
		}
		release()
		all.Wait()
		for range atOnce + waiting {
			p := <-answers
			p.moved()
		}
		k.RunAll()
		if got := len(k.Orders()); got != atOnce+waiting || k.Creates() != atOnce+waiting {
			t.Errorf("%d orders, %d charges, want %d", got, k.Creates(), atOnce+waiting)
		}
		for _, p := range refused {
			pairs := again(p.page(http.StatusServiceUnavailable))
			if !slices.Contains(pairs, p.nonce) || !slices.Contains(pairs, "0812 3456 7890") || !slices.Contains(pairs, "AA:BB:CC:DD:EE:01") {
				t.Fatalf("%v", pairs)
			}
			to := v.post("/h/kopi-pojok/orders?lang=en", pairs...).moved()
			if twice := v.post("/h/kopi-pojok/orders?lang=en", pairs...).moved(); twice != to || !strings.HasPrefix(to, "/o/") {
				t.Errorf("%s and %s", to, twice)
			}
		}
		k.RunAll()
		if got := len(k.Orders()); got != atOnce+waiting+surplus || k.Creates() != got {
			t.Errorf("%d orders, %d charges", got, k.Creates())
		}
		if n := v.handler.Acts.Numbers(); n.Working != 0 || n.Waiting != 0 || n.Refused != surplus {
			t.Errorf("%+v", n)
		}
		k.Invariants()
	})
}

// Every act of customers that writes is refused alike, with all that was typed; pages, and
// what looks for money or delivers, never wait behind them.
func TestWhatIsRefusedWhenBusy(t *testing.T) {
	v := open(t)
	o := v.Bought()
	release := v.full()
	for _, p := range []string{path(o) + "/method", path(o) + "/extend", path(o) + "/renew", path(o) + "/forget", path(o) + "/pass", path(o) + "/move", "/klaim", "/h/kopi-pojok/orders"} {
		doc := v.post(p, "method", "va:BCA", "code", "ABCD", "nonce", "a-nonce-of-my-own-1", "due", `5000"><b>`).page(http.StatusServiceUnavailable)
		if pairs := again(doc); !slices.Equal(pairs[len(pairs)-2:], []string{tryField, "1"}) || strings.Join(without(pairs, tryField), " ") != `code ABCD due 5000"><b> method va:BCA nonce a-nonce-of-my-own-1` {
			t.Errorf("%s: %q", p, pairs)
		}
		if form := doc.Find("form"); form.AttrOr("action", "") != p || form.AttrOr("method", "") != "post" || form.Find("button").Length() != 1 || doc.Find("main b").Length() != 0 {
			t.Errorf("%s: another form", p)
		}
	}
	for _, p := range []string{"/h/kopi-pojok", path(o), "/klaim"} {
		v.get(p).page(http.StatusOK)
	}
	for _, p := range []string{"/check", "/connect"} {
		v.post(path(o) + p).moved()
	}
	// A form of another page is refused as ever: its fields are held by no page of ours.
	if doc := v.do(http.MethodPost, "/h/kopi-pojok/orders", strings.NewReader("plan=sehari"), "Origin", "https://evil.example").page(http.StatusForbidden); doc.Find("form").Length() != 0 {
		t.Error("held")
	}
	release()
}

// A script presses the button a few times, later each time; after that only people do.
func TestTriesOfABusyForm(t *testing.T) {
	v := open(t)
	defer v.full()()
	pairs := []string{"plan", "sehari", "method", "qris"}
	var pressed []string
	for range mostPresses + 2 {
		doc := v.post("/h/kopi-pojok/orders", pairs...).page(http.StatusServiceUnavailable)
		pressed = append(pressed, doc.Find("form").AttrOr("data-press", ""))
		before := pairs
		pairs = again(doc)
		if nonce := slices.Index(pairs, "nonce"); nonce < 0 || slices.Contains(before, "nonce") && !slices.Contains(before, pairs[nonce+1]) {
			t.Errorf("another nonce: %v", pairs) // a form without a nonce gets one and keeps it
		}
	}
	if n := number(pressed[0]); n < 3 || n > 6 || number(pressed[1]) < 6 || number(pressed[2]) < 9 || !slices.Equal(pressed[3:], []string{"0", "0"}) {
		t.Errorf("%v", pressed)
	}
	if doc := v.post("/h/kopi-pojok/orders", "plan", "sehari", tryField, "-5").page(503); !slices.Contains(again(doc), "1") {
		t.Errorf("%v", again(doc))
	}
}

// A page that the database has no time for reloads itself and says so in the brand's look.
func TestPagesWhenTheDatabaseIsSlow(t *testing.T) {
	v := open(t)
	v.get("/h/kopi-pojok").page(http.StatusOK)
	late, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	v.app = httpx.NewServer(httpx.Options{OnError: v.handler.ErrorPage, Base: late})
	v.handler.Mount(v.app)
	a := v.get("/h/warung-bu-sri?lang=en&mac=AA:BB:CC:DD:EE:01&ip=10.5.50.9")
	doc := a.page(http.StatusServiceUnavailable)
	if a.Header.Get("Retry-After") == "" || a.Header.Get("Refresh") != a.Header.Get("Retry-After") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", a.Header)
	}
	if doc.Find("form").Length() != 0 || doc.Find("main a").AttrOr("href", "none") != "" || doc.Find("html").AttrOr("lang", "") != "en" || !strings.Contains(text(doc.Find("main")), "reloads by itself") {
		t.Errorf("%s", text(doc.Find("main")))
	}
	want, err := v.Store.Brand(t.Context())
	if err != nil || !strings.Contains(doc.Find(".brand").Text(), want.Name) {
		t.Errorf("%q %v", doc.Find(".brand").Text(), err)
	}
	other, err := url.Parse(doc.Find("nav a").First().AttrOr("href", ""))
	if err != nil || other.Path != "/h/warung-bu-sri" || other.Query().Get("mac") != "AA:BB:CC:DD:EE:01" || other.Query().Get("ip") != "10.5.50.9" || other.Query().Has("lang") {
		t.Errorf("%v %v", other, err)
	}
	// An act of which it is not known how far it came.
	doc = v.post("/h/kopi-pojok/orders", "plan", "sehari", "nonce", "a-nonce-of-my-own-1").page(http.StatusServiceUnavailable)
	if said := text(doc.Find("main")); strings.Contains(said, "belum ada yang dipesan") || !slices.Contains(again(doc), "a-nonce-of-my-own-1") {
		t.Errorf("%s", said)
	}
}

// What is sent packed is what is sent plain, whatever is filled in.
func TestFillable(t *testing.T) {
	long := strings.Repeat("x&", 70_000)
	for _, page := range []string{"[a]", "one [a] two [b] three [a]", "[b][a]tail", "no space", ""} {
		f, err := newFillable([]byte(page), []string{"[a]", "[b]"})
		if err != nil {
			t.Fatal(err)
		}
		for _, values := range [][]string{{"1", "2"}, {"", long}} {
			want := strings.NewReplacer("[a]", values[0], "[b]", values[1]).Replace(page)
			r, err := gzip.NewReader(bytes.NewReader(f.gzip(values)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != want || string(f.with(values)) != want {
				t.Errorf("%q: %d bytes, %v", page, len(got), err)
			}
		}
	}
}

func TestDeadlines(t *testing.T) {
	for at, want := range map[string][2]time.Duration{
		"/": {pageTime, actTime}, "/h/x": {pageTime, actTime}, "/h/x/orders": {pageTime, actTime}, "/o/x": {pageTime, actTime}, "/o/x/events": {pageTime, actTime}, "/klaim": {pageTime, actTime},
		"/o/x/check": {pageTime, 0}, "/o/x/move": {pageTime, 0}, "/admin": {}, "/webhooks/xendit": {}, "/assets/x.js": {},
	} {
		if got := [2]time.Duration{Deadline(http.MethodGet, at), Deadline(http.MethodPost, at)}; got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}
