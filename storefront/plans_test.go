package storefront

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

func TestHomeListsHotspots(t *testing.T) {
	v := open(t)
	doc := v.get("/").page(http.StatusOK)
	if got := doc.Find("main a.card").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") }); fmt.Sprint(got) != "[/h/kopi-pojok /h/kos-melati]" {
		t.Errorf("%v", got)
	}
	if got := v.get("/?lang=en").page(http.StatusOK).Find("main a.card").First().AttrOr("href", ""); got != "/h/kopi-pojok?lang=en" {
		t.Errorf("the language is lost: %s", got)
	}
}

func TestHomeOfTheOnlyHotspotSells(t *testing.T) {
	v := open(t, shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[1].Hidden = true }))
	doc := v.get("/").page(http.StatusOK)
	if got := doc.Find("form.plan").First().AttrOr("action", ""); got != "/h/kopi-pojok/orders" {
		t.Errorf("%q", got)
	}
}

func TestPlans(t *testing.T) {
	v := open(t)
	doc := v.get("/h/kopi-pojok").page(http.StatusOK)
	forms := doc.Find("form.plan")
	if forms.Length() != 2 {
		t.Fatalf("%d plans", forms.Length())
	}
	first := forms.First()
	for sel, want := range map[string]string{"h2": "1 Hari", ".price": "Rp5.000"} {
		if got := text(first.Find(sel)); got != want {
			t.Errorf("%s: %q, want %q", sel, got, want)
		}
	}
	if got := text(first.Find(".facts")); got != "1 hari sejak pertama masukKuota tanpa batasSampai 5 Mbps 1 perangkat" {
		t.Errorf("%q", got)
	}
	// Too cheap for a bank's fee: QRIS only. The dear plan offers banks.
	if n := first.Find("input[name=method]").Length(); n != 1 {
		t.Errorf("%d ways to pay Rp5.000", n)
	}
	if cheap, dear := text(first.Find("summary")), text(v.get("/h/kos-melati").page(http.StatusOK).Find("form.plan summary")); cheap != "Isi nomor WhatsApp" || dear != "Cara bayar lain" {
		t.Errorf("the folds say %q and %q", cheap, dear)
	}
	if n := v.get("/h/kos-melati").page(http.StatusOK).Find("form.plan input[name=method]").Length(); n != 8 {
		t.Errorf("%d ways to pay Rp85.000", n)
	}
	if doc.Find("input[name=mac]").Length() != 0 {
		t.Error("hints out of nowhere")
	}
}

func TestEveryFormHasItsOwnNonce(t *testing.T) {
	v := open(t)
	seen := map[string]bool{}
	for range 5 {
		for _, path := range []string{"/h/kopi-pojok", "/h/kopi-pojok?mac=AA:BB:CC:DD:EE:FF", "/h/kos-melati?lang=en"} {
			for _, enc := range []string{"identity", "gzip"} {
				a := v.get(path, "Accept-Encoding", enc)
				if a.Header.Get("Content-Encoding") == "gzip" {
					a.body = unzip(t, a.body)
				}
				a.page(http.StatusOK).Find("input[name=nonce]").Each(func(_ int, s *goquery.Selection) {
					n := s.AttrOr("value", "")
					if n == "" || seen[n] {
						t.Errorf("nonce %q is shared", n)
					}
					seen[n] = true
				})
			}
		}
	}
	if len(seen) != 5*2*(2+2+1) {
		t.Errorf("%d nonces", len(seen))
	}
}

func TestKeptPageIsAskedForAgain(t *testing.T) {
	v := open(t)
	a := v.get("/h/kopi-pojok", "Accept-Encoding", "gzip")
	tag := a.Header.Get("ETag")
	if got := a.Header.Get("Cache-Control"); got != "private, no-cache" || tag == "" || a.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("%v", a.Header)
	}
	if again := v.get("/h/kopi-pojok", "If-None-Match", tag); again.StatusCode != http.StatusNotModified || len(again.body) != 0 || again.Header.Get("ETag") != tag {
		t.Errorf("a young form is shown anew: %d", again.StatusCode)
	}
	v.Clock.Add(nonceReuse)
	if again := v.get("/h/kopi-pojok", "If-None-Match", tag); again.StatusCode != http.StatusOK {
		t.Error("an old form comes back and would find the old order")
	}
	hinted := v.get("/h/kopi-pojok?ip=10.5.50.9")
	if got := hinted.Header.Get("Cache-Control"); got != "no-store" || hinted.Header.Get("ETag") != "" {
		t.Errorf("a page with hints may be kept: %q", got)
	}
}

func TestChangedCatalogueShowsAtOnce(t *testing.T) {
	v := open(t)
	v.get("/h/kopi-pojok").page(http.StatusOK)
	c, err := v.Store.Catalogue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	c.Plans[0].Price, c.Brand.Name, c.Brand.Color = 7000, "Warnet Baru", "#ffee00"
	if err := v.Shop.Catalogue.ApplyCatalogue(context.Background(), actor.Named("test"), c); err != nil {
		t.Fatal(err)
	}
	a := v.get("/h/kopi-pojok")
	doc := a.page(http.StatusOK)
	if !strings.Contains(doc.Find("form.plan .price").Text(), "Rp7.000") || doc.Find(".brand").Text() != "Warnet Baru" {
		t.Errorf("%s", text(doc.Find("main")))
	}
	if theme, err := v.handler.catalogueCache.theme(context.Background()); err != nil || !strings.Contains(a.Header.Get("Content-Security-Policy"), theme.StyleHash) {
		t.Errorf("the browser would refuse the new colours: %v", err)
	}
}

func TestShelfSurvivesManyVisitorsAndChanges(t *testing.T) {
	v := open(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 20 {
				if i == 0 {
					v.Cache.Publish(context.Background(), "catalogue", "")
				}
				if a := v.get("/h/kopi-pojok"); a.StatusCode != http.StatusOK {
					t.Errorf("%d", a.StatusCode)
				}
			}
		}()
	}
	all.Wait()
}

func TestHintsAreCarriedNotBelieved(t *testing.T) {
	v := open(t)
	q := "?mac=AA:BB:CC:DD:EE:FF&ip=10.5.50.9&link-login-only=http%3A%2F%2Fwifi.kopi.example%2Flogin&link-orig=" + strings.Repeat("x", 600) + "&server-name=%3Cscript%3Ehs1"
	doc := v.get("/h/kopi-pojok" + q).page(http.StatusOK)
	form := doc.Find("form.plan").First()
	for name, want := range map[string]string{"mac": "AA:BB:CC:DD:EE:FF", "ip": "10.5.50.9", "link-login-only": "http://wifi.kopi.example/login"} {
		if got := form.Find("input[name='"+name+"']").AttrOr("value", ""); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if form.Find("input[name=link-orig]").Length() != 0 || doc.Find("script").Length() != 1 {
		t.Error("an endless or active hint came through")
	}
	if got := doc.Find("a[hreflang=en]").AttrOr("href", ""); !strings.Contains(got, "mac=AA") || !strings.Contains(got, "lang=en") {
		t.Errorf("switching the language forgets the device: %s", got)
	}

	// The device left an unpaid order behind: nothing of it is told.
	in := v.Form("sehari", "qris")
	in.Hints = order.Hints{MAC: "AA:BB:CC:DD:EE:FF", IP: "10.5.50.9"}
	o, err := v.Shop.Orders.Place(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	page := v.get("/h/kopi-pojok?mac=AA:BB:CC:DD:EE:FF")
	link := page.page(http.StatusOK).Find(".card.row a[href^='/klaim?']")
	if href := link.AttrOr("href", ""); href != "/klaim?mac=AA%3ABB%3ACC%3ADD%3AEE%3AFF" {
		t.Errorf("unpaid order: %q", href)
	}
	if body := string(page.body); strings.Contains(body, string(o.Token)) || strings.Contains(body, o.Code.Pretty()) {
		t.Fatal("a made-up device address tells of an order")
	}
}

// What the catalogue says is read once until it changes: a change that no message told of is
// not seen before the kept answer is old.
func TestPlanPagesReadNothingWhileNothingChanges(t *testing.T) {
	v := open(t)
	c, err := v.Store.Catalogue(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/h/kopi-pojok", "/h/KOPI-pojok", "/"} {
		v.get(path).page(http.StatusOK)
	}
	c.Sites[0].Hidden = true
	if err := v.Store.InTx(context.Background(), actor.Named("test"), func(tx *store.Tx) error { return tx.PutCatalogue(context.Background(), c) }); err != nil {
		t.Fatal(err)
	}
	v.get("/h/kopi-pojok").page(http.StatusOK)
	if n := v.get("/").page(http.StatusOK).Find("main a.card").Length(); n != 2 {
		t.Errorf("%d sites", n)
	}
	v.Clock.Add(catalogueLife)
	if a := v.get("/h/kopi-pojok"); a.StatusCode == http.StatusOK {
		t.Error("what is kept never ends")
	}
}
