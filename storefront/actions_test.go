package storefront

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

func TestCheck(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	to := v.post(path(o) + "/check?lang=en&auto=1").moved()
	if to != path(o)+"?auto=1&lang=en&m=checked" {
		t.Fatalf("%q", to)
	}
	if got := v.get(to).page(http.StatusOK).Find("[role=status] .note").Text(); !strings.Contains(got, "No payment has arrived") {
		t.Errorf("%q", got)
	}
	to = v.post(path(o) + "/check").moved()
	if got := v.get(to).page(http.StatusOK).Find(".note").Text(); !strings.Contains(got, "Baru saja dicek") {
		t.Errorf("%q %q", to, got)
	}
	// The webhook is lost; asking finds the money.
	v.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
	v.Pay(o)
	v.Clock.Add(6 * time.Second)
	doc := v.get(v.post(path(o) + "/check").moved()).page(http.StatusOK)
	if doc.Find("h1").Text() != "Pembayaran diterima" || doc.Find(".note").Length() != 0 {
		t.Errorf("%s", text(doc.Find("main")))
	}
	v.Clock.Add(6 * time.Second)
	v.Xendit.SetFaults(xenditsim.Faults{Status: 503})
	other := v.Buy("sejam", "qris")
	if got := v.get(v.post(path(other) + "/check").moved()).page(http.StatusOK).Find("h1").Text(); got != "Pembayaran sedang terganggu" {
		t.Errorf("%q", got)
	}
}

func TestMethod(t *testing.T) {
	v := open(t)
	o := v.Buy("bulanan", "va:BCA")
	if got := v.get(v.post(path(o)+"/method", "method", "qris").moved()).page(http.StatusOK).Find("h1").Text(); got != "Bayar Rp85.000" {
		t.Errorf("%q", got)
	}
	to := v.post(path(o)+"/method", "method", "gold").moved()
	if got := v.get(to).page(http.StatusOK).Find(".note").Text(); got != "Pilih salah satu cara bayar." {
		t.Errorf("%q", got)
	}
	done := bought(v)
	if got := v.get(v.post(path(done)+"/method", "method", "qris").moved()).page(http.StatusOK).Find(".note").Text(); got != "Pesanan ini tidak perlu dibayar lagi." {
		t.Errorf("%q", got)
	}
}

func TestConnect(t *testing.T) {
	v := open(t)
	in := v.Form("sehari", "qris")
	in.Hints = order.Hints{MAC: "AA:BB:CC:DD:EE:FF", IP: "10.5.50.77", LoginURL: "http://wifi.kopi.example/login?dst=http://evil.example"}
	o, err := v.Shop.Orders.Place(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	v.Pay(o)
	v.RunAll()
	doc := v.get(path(o)).page(http.StatusOK)
	if got := doc.Find("a:contains('Buka halaman masuk')").AttrOr("href", ""); got != "http://wifi.kopi.example/login" {
		t.Errorf("login link: %q", got)
	}
	to := v.post(path(o) + "/connect").moved()
	if got := v.get(to).page(http.StatusOK).Find(".note").Text(); !strings.Contains(got, "belum terlihat") {
		t.Errorf("%q", got)
	}
	v.Clock.Add(time.Minute)
	if err := v.Routers["pojok"].Join(routerossim.Device{MAC: "AA:BB:CC:DD:EE:FF", IP: "10.5.50.77"}); err != nil {
		t.Fatal(err)
	}
	to = v.post(path(o) + "/connect").moved()
	if got := v.get(to).page(http.StatusOK).Find(".note.good").Text(); !strings.Contains(got, "sudah tersambung") {
		t.Errorf("%q %q", to, got)
	}
	// A login host that is not the site's is never linked.
	in = v.Form("sehari", "qris")
	in.Hints.LoginURL = "http://evil.example/login"
	if o, err = v.Shop.Orders.Place(context.Background(), in); err != nil {
		t.Fatal(err)
	}
	v.Pay(o)
	v.RunAll()
	if strings.Contains(string(v.get(path(o)).body), "evil.example") {
		t.Error("a made-up login host is linked")
	}
}

func TestRenew(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	if got := v.get(v.post(path(o)+"/renew", "nonce", v.NextNonce()).moved()).page(http.StatusOK).Find(".note").Text(); !strings.Contains(got, "masih berjalan") {
		t.Errorf("%q", got)
	}
	v.Advance(40 * time.Minute)
	action, pairs := fields(v.get(path(o) + "?lang=en").page(http.StatusOK).Find("form[action*='/renew']"))
	to := v.post(action, pairs...).moved()
	if to == path(o) || !strings.HasSuffix(to, "?lang=en") || v.get(to).page(http.StatusOK).Find(".qr img").Length() != 1 {
		t.Errorf("%q", to)
	}
	if again := v.post(action, pairs...).moved(); again != to {
		t.Errorf("a double tap orders twice: %q", again)
	}
}

// Pages of orders that were cancelled or refunded offer the list of plans only; asked for by
// hand, or from a page that was open before, nothing is ordered again.
func TestNothingIsRenewedThatWasClosed(t *testing.T) {
	v := open(t)
	cancelled := v.Buy("sehari", "qris")
	v.Must(v.Shop.Orders.Cancel(context.Background(), v.Staff("siti"), cancelled.ID, "salah pilih"))
	refunded := v.Bought()
	v.GiveBack(refunded)
	before := len(v.Orders())
	for o, says := range map[string]string{path(cancelled): "dibatalkan", path(refunded): "dikembalikan"} {
		if v.get(o).page(http.StatusOK).Find("form[action*='/renew']").Length() > 0 {
			t.Errorf("%s: the page offers it", says)
		}
		if got := v.get(v.post(o+"/renew", "nonce", v.NextNonce()).moved()).page(http.StatusOK).Find(".note").Text(); !strings.Contains(got, says) {
			t.Errorf("%s: %q", says, got)
		}
	}
	if n := len(v.Orders()); n != before {
		t.Errorf("%d orders were placed", n-before)
	}
}

func TestNoticesComeFromAListOnly(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	for _, m := range []string{"connected", "<b>x</b>", "storefront.state.active.title", "no.such", strings.Repeat("x", 3000), "limit.check%00"} {
		if n := v.get(path(o) + "?m=" + strings.ReplaceAll(m, "<", "%3C")).page(http.StatusOK).Find(".note").Length(); n != 0 {
			t.Errorf("%.40q is said", m)
		}
	}
}

func TestClaim(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	doc := v.get("/klaim?lang=en&code=" + o.Code.Pretty()).page(http.StatusOK)
	action, pairs := fields(doc.Find("form"))
	if action != "/klaim?lang=en" || pairs[1] != o.Code.Pretty() {
		t.Fatalf("%s %v", action, pairs)
	}
	claim := v.ClaimCode(o)
	if to := v.post(action, "code", strings.ToLower(o.Code.Pretty()), "claim", " "+strings.ToLower(claim)).moved(); to != path(o)+"?lang=en" {
		t.Errorf("%q", to)
	}
	// A wrong code and an unknown order get the same answer, and both forms can be corrected.
	wrong := v.post("/klaim", "code", string(o.Code), "claim", "222222")
	unknown := v.post("/klaim", "code", "22222222", "claim", "222222")
	for _, a := range []answer{wrong, unknown} {
		doc := a.page(http.StatusUnprocessableEntity)
		if !strings.Contains(doc.Find(".note.bad").Text(), "tidak cocok") || doc.Find("#claim").AttrOr("value", "") != "222222" || doc.Find("#claim[aria-invalid]").Length() != 1 {
			t.Errorf("%s", text(doc.Find("main")))
		}
	}
	if strings.ReplaceAll(string(wrong.body), string(o.Code), "22222222") != string(unknown.body) {
		t.Error("the answers differ in more than what was typed")
	}
	for range 10 {
		v.post("/klaim", "code", string(o.Code), "claim", "333333")
	}
	limited := v.post("/klaim", "code", string(o.Code), "claim", claim)
	if got := limited.page(http.StatusTooManyRequests).Find(".note.bad").Text(); !strings.Contains(got, "15 menit") || limited.Header.Get("Retry-After") == "" {
		t.Errorf("%q", got)
	}
}
