package storefront

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/catalog"
	"gerai/internal/shop/shoptest"
)

// Whatever takes a POST answers a GET with a page or with the way to one.
func TestGetOfAnActionLeadsToItsPage(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	walked := 0
	for _, routes := range v.app.Stack() {
		for _, r := range routes {
			if r.Method != http.MethodPost || strings.Contains(r.Path, "*") || r.Path == "/" {
				continue
			}
			walked++
			address := strings.NewReplacer(":site", "kopi-pojok", ":token", string(o.Token)).Replace(r.Path)
			page := address[:strings.LastIndex(address, "/")]
			if address == "/klaim" {
				v.get(address).page(http.StatusOK)
				continue
			}
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				a := v.do(method, address+"?lang=en&mac=AA:BB:CC:DD:EE:FF&nonce=x", nil)
				if to := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || to != page+"?lang=en&mac=AA%3ABB%3ACC%3ADD%3AEE%3AFF" {
					t.Errorf("%s %s: %d %q", method, address, a.StatusCode, to)
				}
			}
			v.get(v.get(address).moved()).page(http.StatusOK)
		}
	}
	if walked < 10 {
		t.Errorf("%d routes", walked)
	}
	if a := v.get("/o/" + strings.Repeat("x", 22) + "/check"); v.get(a.moved()).StatusCode != http.StatusNotFound {
		t.Error("an order that does not exist")
	}
	if to := v.get("/h/%2f%2fevil.example/orders").Header.Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, "//evil") {
		t.Errorf("leads away: %q", to)
	}
	if n := v.orders(); n != 1 {
		t.Errorf("%d orders", n)
	}
}

func TestAClosedHotspotSaysSo(t *testing.T) {
	v := open(t, shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[0].Hidden = true }))
	for _, address := range []string{"/h/kopi-pojok", "/h/kopi-pojok/poster", "/H/kopi-pojok"[:3] + "KOPI-pojok"} {
		doc := v.get(address).page(http.StatusNotFound)
		if doc.Find("h1").Text() != "Hotspot ini sudah tutup" || !strings.Contains(text(doc.Find("main")), "Pesanan yang sudah dibayar tetap tersimpan") ||
			doc.Find("main a[href^='/klaim']").Length() != 1 || doc.Find("#bantuan").Length() != 1 {
			t.Errorf("%s: %s", address, text(doc.Find("main")))
		}
	}
	if got := v.post("/h/kopi-pojok/orders?lang=en", "plan", "sehari").page(http.StatusNotFound).Find("h1").Text(); got != "This hotspot is closed" {
		t.Errorf("%q", got)
	}
	if got := v.get("/h/nowhere").page(http.StatusNotFound).Find("h1").Text(); got == "Hotspot ini sudah tutup" {
		t.Error("a hotspot that never was is closed")
	}
}

// The public shop has no device to connect: only a hotspot's login page names one.
func TestOnlyADeviceAtAHotspotIsConnected(t *testing.T) {
	v := open(t)
	o := bought(v)
	offers := func(address string) int {
		return v.get(address).page(http.StatusOK).Find("form[action*='/connect'], form[action*='/move']").Length()
	}
	doc := v.get(path(o)).page(http.StatusOK)
	if n := offers(path(o)); n != 0 || !strings.Contains(text(doc.Find("[role=status]")), "Sambungkan perangkat ke Wi-Fi Kopi Pojok") {
		t.Errorf("%d offers; %s", n, text(doc.Find("[role=status]")))
	}
	if n := offers(path(o) + "?mac=AA:BB:CC:DD:EE:FF&ip=10.5.50.9"); n != 2 {
		t.Errorf("at the hotspot: %d", n)
	}
	near := boughtAtHotspot(v)
	if n := offers(path(near)); n != 2 {
		t.Errorf("ordered at the hotspot: %d", n)
	}
}
