package storefront

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store/storetest"
)

// atHotspot is what the router's login page puts behind every link to us.
const atHotspot = "mac=AA:BB:CC:00:01:01&ip=10.5.50.101&link-login-only=http%3A%2F%2Fwifi.kopi.example%2Flogin&link-orig=http%3A%2F%2Fnews.example%2F&server-name=hs1"

var phone = order.Hints{MAC: "AA:BB:CC:00:01:01", IP: "10.5.50.101"}

// carries asserts that an address has the hints in its query.
func carries(t *testing.T, what, address string) {
	t.Helper()
	u, err := url.Parse(address)
	want, _ := url.ParseQuery(atHotspot) // a constant
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if u.Query().Get(name) != want.Get(name) {
			t.Errorf("%s: %s is lost in %q", what, name, address)
		}
	}
}

// TestHintsAlongTheWholeRoad: a customer who comes back through a new portal
// window is connected by one tap, whatever was done before.
func TestHintsAlongTheWholeRoad(t *testing.T) {
	storetest.Databases(t, func(t *testing.T, database string) {
		v := open(t, shoptest.OnDatabase(database), passing, shoptest.With(func(o *shop.Options) { o.VAMinimum = 1 }))
		v.Join("pojok", phone.MAC, phone.IP)
		doc := v.get("/h/kopi-pojok?" + atHotspot).page(http.StatusOK)
		doc.Find("main a.wide[href^='/klaim'], footer a[href^='/klaim'], a.brand, a[hreflang]").Each(func(_ int, s *goquery.Selection) {
			carries(t, "plans, "+text(s), s.AttrOr("href", ""))
		})
		action, pairs := fields(doc.Find("form.plan").First())
		at := v.post(action, pairs...).moved()
		carries(t, "the order", at)

		// Every form and link of the page takes the hints on; those that lead
		// back to it bring them back.
		doc = v.get(at).page(http.StatusOK)
		doc.Find("form[method=post]").Each(func(_ int, s *goquery.Selection) {
			if s.Find("input[name=mac]").AttrOr("value", "") != phone.MAC || s.Find("input[name=ip]").AttrOr("value", "") != phone.IP {
				t.Errorf("%s loses the device", s.AttrOr("action", ""))
			}
		})
		carries(t, "script", doc.Find("#live").AttrOr("data-page", ""))
		carries(t, "reload", doc.Find("a:contains('Muat ulang otomatis')").AttrOr("href", ""))
		for _, name := range []string{"check", "method", "pass"} {
			action, pairs := fields(doc.Find("form[action$='/" + name + "']"))
			carries(t, name, v.post(action, append(pairs, "method", "qris")...).moved())
		}

		// The window dies, the customer pays, a new window opens the claim page.
		codes := doc.Find(".codes dd span[aria-hidden]").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		v.PayReference(strings.ReplaceAll(codes[0], "-", "")+"-1", 0)
		v.RunAll()
		action, pairs = fields(v.get("/klaim?" + atHotspot).page(http.StatusOK).Find("form"))
		wrong := v.post(action, append(pairs, "code", codes[0], "claim", "222222")...).page(http.StatusUnprocessableEntity)
		action, pairs = fields(wrong.Find("form")) // a mistyped code loses nothing
		at = v.post(action, append(pairs, "code", codes[0], "claim", codes[1])...).moved()
		carries(t, "the claimed order", at)
		action, pairs = fields(v.get(at).page(http.StatusOK).Find("form[action$='/connect']"))
		at = v.post(action, pairs...).moved()
		carries(t, "connected", at)
		if got := v.get(at).page(http.StatusOK).Find(".note.good").Text(); !strings.Contains(got, "sudah tersambung") {
			t.Errorf("%q", got)
		}
		o, err := v.Store.OrderByCode(t.Context(), order.Code(strings.ReplaceAll(codes[0], "-", "")))
		if err != nil || v.OnlineAs("pojok", phone.MAC) != o.Username {
			t.Errorf("online as %q %v", v.OnlineAs("pojok", phone.MAC), err)
		}
	})
}

// A device that left an unpaid order behind is led to the claim page. The
// device is what the browser says, so no page tells the order's code.
func TestUnpaidOrderIsOneTapAway(t *testing.T) {
	v := open(t)
	in := v.Form("sehari", "qris")
	in.Hints = phone
	o, err := v.Shop.Orders.Place(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	plans := v.get("/h/kopi-pojok?" + atHotspot)
	link := plans.page(http.StatusOK).Find("main .card").First().Find("a")
	carries(t, "unpaid", link.AttrOr("href", ""))
	for _, path := range []string{"/h/kopi-pojok?" + atHotspot, link.AttrOr("href", ""), "/?" + atHotspot, "/h/kopi-pojok/poster?" + atHotspot, "/h/unknown?" + atHotspot} {
		body := string(v.get(path).body)
		if strings.Contains(body, o.Code.Pretty()) || strings.Contains(body, string(o.Code)) {
			t.Errorf("%s tells the code", path)
		}
	}
}

// TestA23HintsChangeNothingButPrefill: whatever a browser claims, pages show
// no more and no less, and no foreign address becomes a link or a form's goal.
func TestA23HintsChangeNothingButPrefill(t *testing.T) {
	v := open(t, passing)
	hostile := []string{"mac=AA:BB:CC:99:99:99&ip=10.5.50.9&link-login-only=http://evil.example/login&link-orig=http://evil.example/",
		"link-login-only=javascript:alert(1)&link-orig=javascript:alert(1)&dst=http://evil.example", "mac=%3Cscript%3E&ip=%22%3E%3Cb%3E&server-name=%27%27", "link-login-only=http://wifi.kopi.example@evil.example/&dst=//evil.example"}
	o, active := v.Buy("sehari", "qris"), boughtAtHotspot(v)
	for _, p := range []string{"/h/kopi-pojok", "/klaim", "/", path(o), path(active)} {
		plain := v.get(p).page(http.StatusOK)
		for _, q := range hostile {
			doc := v.get(p + "?" + q).page(http.StatusOK)
			doc.Find("[href],[src],form,[data-page],[content]").Each(func(_ int, s *goquery.Selection) {
				for _, attr := range []string{"href", "src", "action", "data-page", "content"} {
					if u, ok := s.Attr(attr); ok && (strings.HasPrefix(u, "http:") && !strings.HasPrefix(u, "http://wifi.kopi.example/") || strings.HasPrefix(u, "//") || strings.HasPrefix(u, "javascript:")) {
						t.Errorf("%s with %s: leads to %q", p, q, u)
					}
				}
			})
			if doc.Find("script").Length() != 1 || doc.Find("main script").Length() != 0 {
				t.Errorf("%s with %s: a hint became markup", p, q)
			}
			for _, form := range []*goquery.Document{doc, plain} {
				form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) { s.Remove() })
				form.Find("#pass, script, [role=status] .note").Remove()
			}
			if a, b := text(doc.Find("main")), text(plain.Find("main")); a != b {
				t.Errorf("%s with %s says\n%s\ninstead of\n%s", p, q, a, b)
			}
		}
	}
	// The stranger's own link shows the voucher; the hints alone show nothing.
	if body := string(v.get("/h/kopi-pojok?" + atHotspot).body); strings.Contains(body, v.Order(active).Username) || strings.Contains(body, string(active.Token)) {
		t.Error("hints opened an order")
	}
}

// TestA21LoginOnlyWhereAllowed: the login link is a plain link to a host of the
// site's list, stripped of its query; nothing ever follows link-orig or dst.
func TestA21LoginOnlyWhereAllowed(t *testing.T) {
	v := open(t)
	o := bought(v)
	for asked, want := range map[string]string{
		"http://wifi.kopi.example/login?dst=http://evil.example": "http://wifi.kopi.example/login", "http://WIFI.kopi.example/login": "http://WIFI.kopi.example/login",
		"http://evil.example/login": "", "javascript:alert(1)": "", "http://wifi.kopi.example.evil.example/login": "", "//wifi.kopi.example/login": "", "http://u:p@wifi.kopi.example/": "", "": "",
	} {
		doc := v.get(path(o) + "?link-login-only=" + url.QueryEscape(asked) + "&dst=http://evil.example&link-orig=http://evil.example").page(http.StatusOK)
		if got := doc.Find("a:contains('Buka halaman masuk')").AttrOr("href", ""); got != want {
			t.Errorf("%q leads to %q, want %q", asked, got, want)
		}
	}
	to := v.post(path(o)+"/connect", "mac", phone.MAC, "ip", phone.IP, "link-orig", "http://evil.example/", "dst", "http://evil.example/").moved()
	if u, err := url.Parse(to); err != nil || u.Host != "" || u.Path != path(o) {
		t.Errorf("connecting leads to %q", to)
	}
}
