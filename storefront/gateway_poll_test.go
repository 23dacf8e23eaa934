package storefront

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gerai/internal/httpx"
	"gerai/internal/money"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/payments/qris"
	"gerai/templates"
)

// TestA02NothingFromElsewhere: the policy lets a page fetch from this shop
// alone and names the hash of the one style that is inside it.
func TestA02NothingFromElsewhere(t *testing.T) {
	v := open(t, passing)
	active := bought(v)
	for _, p := range []string{"/", "/h/kopi-pojok", "/h/kopi-pojok?" + atHotspot, "/klaim", path(v.Buy("sehari", "qris")), path(active), path(active) + "/receipt", "/h/kopi-pojok/poster?size=58", "/nowhere"} {
		a := v.get(p)
		policy := a.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; img-src 'self' data:; connect-src 'self'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: %s", p, policy)
		}
		style := a.page(a.StatusCode).Find("style")
		if style.Length() != 1 || !strings.Contains(policy, httpx.Hash(style.Text())) {
			t.Errorf("%s: the browser would refuse its style", p)
		}
	}
}

// TestA03WholePaymentPage: page, code and script together, as sent.
func TestA03WholePaymentPage(t *testing.T) {
	v := open(t, passing)
	o := v.Buy("bulanan", "qris")
	for _, p := range []string{path(v.Buy("sehari", "qris")) + "?" + atHotspot, path(o)} {
		page := v.get(p, "Accept-Encoding", "gzip")
		page.body = unzip(t, page.body)
		script := v.get(page.page(http.StatusOK).Find("script").AttrOr("src", ""), "Accept-Encoding", "gzip")
		code := v.get(page.page(http.StatusOK).Find(".qr img").AttrOr("src", ""))
		if total := len(v.get(p, "Accept-Encoding", "gzip").body) + len(script.body) + len(code.body); total > 20<<10 || len(script.body) > 3<<10 {
			t.Errorf("%d bytes, %d of them script", total, len(script.body))
		} else {
			t.Logf("%d bytes", total)
		}
	}
}

// TestA15ReloadAndBackNeverBuyTwice: every form answers with a redirect, and
// sent again it does not repeat what it did.
func TestA15ReloadAndBackNeverBuyTwice(t *testing.T) {
	v := open(t, passing)
	action, pairs := fields(v.get("/h/kopi-pojok?" + atHotspot).page(http.StatusOK).Find("form.plan").First())
	to := v.post(action, pairs...).moved()
	if v.post(action, pairs...).moved() != to || len(v.Xendit.Payments()) != 1 {
		t.Errorf("%d charges", len(v.Xendit.Payments()))
	}
	o := bought(v)
	for _, name := range []string{"check", "method", "pass", "connect", "move", "extend", "renew", "forget"} {
		if got := v.post(path(o)+"/"+name, "method", "qris", "nonce", "nonce-of-this-very-form").moved(); !strings.HasPrefix(got, "/o/") {
			t.Errorf("%s: %q", name, got)
		}
		if to := v.get(path(o) + "/" + name).moved(); to != path(o) {
			t.Errorf("GET %s leads to %q", name, to)
		}
	}
}

// TestA35SameAmountEverywhere: on the page, in the code, at the gateway, and
// the same moment to pay before.
func TestA35SameAmountEverywhere(t *testing.T) {
	v := open(t)
	o := v.Buy("bulanan", "qris")
	doc := v.get(path(o)).page(http.StatusOK)
	code, err := qris.Validate(decode(t, v.get(path(o)+"/qr.png?save=1").body), o.Total)
	if err != nil || code.Amount != 85000 || doc.Find("h1").Text() != "Bayar "+code.Amount.String() {
		t.Errorf("%+v %v, page says %q", code, err, doc.Find("h1").Text())
	}
	var found []xenditsim.Payment
	for _, p := range v.Xendit.Payments() {
		if p.ReferenceID == v.Reference(o) {
			found = append(found, p)
		}
	}
	if len(found) != 1 || money.Rupiah(found[0].Amount) != code.Amount || found[0].QR != code.Payload {
		t.Errorf("the gateway knows of %+v", found)
	}
	at, err := time.Parse(time.RFC3339, doc.Find(".until time").AttrOr("datetime", ""))
	if err != nil || !at.Equal(o.ExpiresAt) || !strings.Contains(doc.Find(".until time").Text(), "11.30 WITA") {
		t.Errorf("%s %v", at, err)
	}
}

// TestA53WhoTheCustomerIsStaysPrivate: phone number, device and credentials
// are in no log, address or answer but the customer's own page.
func TestA53WhoTheCustomerIsStaysPrivate(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	v := open(t, passing, shoptest.With(func(o *shop.Options) { o.Log = log }))
	v.handler.Log = log
	v.app = httpx.NewServer(httpx.Options{OnError: v.handler.ErrorPage, Log: log})
	v.handler.Mount(v.app)
	v.Join("pojok", phone.MAC, phone.IP)
	action, pairs := fields(v.get("/h/kopi-pojok?" + atHotspot).page(http.StatusOK).Find("form.plan").First())
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == "phone" {
			pairs[i+1] = "0812 3456-7890"
		}
	}
	to := v.post(action, pairs...).moved()
	where, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	v.post(where.Path+"/pass", "mac", phone.MAC, "ip", phone.IP)
	v.post(where.Path+"/pass", "mac", "AA:BB:CC:00:01:77", "ip", "10.5.50.177")
	codes := v.get(to).page(http.StatusOK).Find(".codes dd span[aria-hidden]").First().Text()
	v.PayReference(strings.ReplaceAll(codes, "-", "")+"-1", 0)
	v.RunAll()
	for _, action := range []string{"connect", "move", "check", "extend"} {
		v.post(where.Path+"/"+action, "mac", phone.MAC, "ip", phone.IP, "nonce", v.NextNonce())
	}
	v.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	v.post(where.Path+"/connect", "mac", phone.MAC, "ip", phone.IP)
	page := v.get(to)
	v.get("/nowhere?" + atHotspot)
	voucher := page.page(http.StatusOK).Find(".voucher code").First().Text()
	if voucher == "" {
		t.Fatal("the road ended early")
	}
	private := regexp.MustCompile(`3456.?7890|` + voucher + `|AA(:|%3A)BB(:|%3A)CC|10\.5\.50\.1`)
	if found := private.FindString(out.String()); found != "" || !strings.Contains(out.String(), "route=/o/:token/connect") {
		t.Errorf("the log tells %q:\n%s", found, out.String())
	}
	if regexp.MustCompile(`3456.?7890`).Match(page.body) || !bytes.Contains(page.body, []byte("08xx-xxxx-7890")) || strings.Contains(to, "7890") {
		t.Error("the whole number is shown")
	}
}

// TestPapersAreSmallAndDark: receipts and posters follow the phone's scheme on
// the screen and are black on white on paper.
func TestPapersAreSmallAndDark(t *testing.T) {
	v := open(t, trading)
	for _, p := range []string{path(bought(v)) + "/receipt", "/h/kopi-pojok/poster?prices=1"} {
		a := v.get(p, "Accept-Encoding", "gzip")
		if packed := len(a.body); packed > firstFlight {
			t.Errorf("%s: %d bytes", p, packed)
		}
		a.body = unzip(t, a.body)
		style := a.page(http.StatusOK).Find("style").Text()
		if len(style) > 6<<10 || !strings.Contains(style, "prefers-color-scheme:dark") || !strings.Contains(style, "--bg:#fff;--card:#fff;--ink:#000") {
			t.Errorf("%s: %d bytes of style", p, len(style))
		}
	}
	if templates.ParsePaper("a5", templates.A4) != templates.A5 || templates.ParsePaper("", templates.Roll58) != templates.Roll58 {
		t.Error("sizes")
	}
}
