package storefront

import (
	"bytes"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

// firstFlight is what one round trip carries: ten segments less TLS.
const firstFlight = 14000

// TestFirstFlight weighs status line, headers and packed body of the pages a
// customer waits for, with a full catalogue.
func TestFirstFlight(t *testing.T) {
	v := open(t, shoptest.Selling(func(c *catalog.Catalogue) {
		for i := range 4 {
			p := c.Plans[2]
			p.ID, p.SiteID, p.Name, p.Note = "extra"+string(rune('0'+i)), "kopi", "Paket Keluarga Besar", "Untuk rumah, sampai empat perangkat sekaligus, paling hemat"
			c.Plans = append(c.Plans, p)
		}
		c.Sites[0].Portal.Pass = catalog.DefaultPass
		c.Sites[0].Portal.Pass.On = true
		c.Brand.Terms, c.Brand.Licence, c.Brand.Phone, c.Brand.WhatsApp = strings.Repeat("Voucher yang tidak aktif diganti uang. ", 5), "PT Jaringan Desa", "0812-3456-7890", "6281234567890"
	}))
	paths := map[string]string{
		"plans": "/h/kopi-pojok", "plans with hints": "/h/kopi-pojok?mac=AA:BB:CC:DD:EE:FF&ip=10.5.50.9&link-login-only=http%3A%2F%2Fwifi.kopi.example%2Flogin",
		"code": path(v.Buy("sehari", "qris")), "bank": path(v.Buy("bulanan", "va:BCA")), "active": path(bought(v)), "claim": "/klaim?" + atHotspot, "home": "/",
		"code with hints": path(v.Buy("sehari", "qris")) + "?" + atHotspot, "active with hints": path(bought(v)) + "?mac=AA:BB:CC:00:01:01&ip=10.5.50.101",
	}
	for name, p := range paths {
		a := v.get(p, "Accept-Encoding", "gzip")
		head, err := httputil.DumpResponse(a.Response, false)
		if err != nil {
			t.Fatal(err)
		}
		if a.StatusCode != http.StatusOK || a.Header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: %d %v", name, a.StatusCode, a.Header)
		}
		if total := len(head) + len(a.body); total > firstFlight {
			t.Errorf("%s: %d bytes", name, total)
		} else {
			t.Logf("%s: %d bytes, %d of them headers", name, total, len(head))
		}
		oneRequest(t, name, unzip(t, a.body))
		if plain := v.get(p, "Accept-Encoding", "identity"); plain.Header.Get("Content-Encoding") != "" || !bytes.Contains(plain.body, []byte("</html>")) {
			t.Errorf("%s: not readable without gzip", name)
		}
	}
	qr := v.get(path(v.Buy("sehari", "qris")) + "/qr.png?plain=1")
	if n := len(qr.body); n > 2500 {
		t.Errorf("code: %d bytes", n)
	}
}

// oneRequest asserts that nothing but the page itself stands before the first
// picture of it: no style sheet, no blocking script, no other host.
func oneRequest(t *testing.T, name string, html []byte) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("link[rel=stylesheet],script:not([defer]),iframe,object,video,audio,font").Length() != 0 {
		t.Errorf("%s: waits for another request", name)
	}
	doc.Find("[src],[href],[action]").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range []string{"src", "href", "action"} {
			if u, ok := s.Attr(attr); ok && !(strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "//")) && !strings.HasPrefix(u, "#") && !strings.HasPrefix(u, "tel:") {
				t.Errorf("%s: leaves the shop for %q", name, u)
			}
		}
	})
}

// TestSameForEveryBrowser: no page depends on who asks.
func TestSameForEveryBrowser(t *testing.T) {
	v := open(t)
	o := v.Buy("sehari", "qris")
	agents := []string{"", "CaptiveNetworkSupport-481 wispr", "Mozilla/5.0 (Linux; Android 9; wv) AppleWebKit/537.36 Version/4.0 Chrome/74 Mobile", "SamsungBrowser/20", "Opera/9.80 (Android; Opera Mini/36)", "UCBrowser/12"}
	for _, p := range []string{path(o), "/klaim"} {
		want := string(v.get(p).body)
		for _, agent := range agents {
			if got := string(v.get(p, "User-Agent", agent).body); got != want {
				t.Errorf("%s differs for %q", p, agent)
			}
		}
	}
}

// TestRoadWithoutScriptAndCookies walks from the list of hotspots to the
// voucher by links and forms alone, and never meets a cookie.
func TestRoadWithoutScriptAndCookies(t *testing.T) {
	v := open(t)
	at := v.get("/").page(http.StatusOK).Find("main a.card").First().AttrOr("href", "")
	action, pairs := fields(v.get(at).page(http.StatusOK).Find("form.plan").First())
	posted := v.post(action, pairs...)
	at = posted.moved()
	doc := v.get(at).page(http.StatusOK)
	save, _ := doc.Find("a[href*='save=1']").Attr("href")
	if v.get(save).StatusCode != http.StatusOK || posted.Header.Get("Set-Cookie") != "" {
		t.Fatal("the code cannot be saved")
	}
	codes := doc.Find(".codes dd span[aria-hidden]").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	v.PayReference(strings.ReplaceAll(codes[0], "-", "")+"-1", 0)
	v.RunAll()
	// The window has closed; the codes open the order again.
	action, _ = fields(v.get("/klaim").page(http.StatusOK).Find("form"))
	doc = v.get(v.post(action, "code", codes[0], "claim", codes[1]).moved()).page(http.StatusOK)
	if doc.Find(".voucher code").Length() != 2 {
		t.Errorf("%s", text(doc.Find("main")))
	}
	o, err := v.Store.OrderByCode(t.Context(), order.Code(strings.ReplaceAll(codes[0], "-", "")))
	if err != nil || o.Status != order.Activated || doc.Find(".voucher code").First().Text() != o.Username {
		t.Errorf("%+v %v", o, err)
	}
}
