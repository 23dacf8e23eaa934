package admin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/admin/web"
	"gerai/internal/staff"
)

func TestSignInAndOut(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	doc := b.get("/admin").page(http.StatusOK)
	if text(doc.Find(".who summary")) != "uji-admin admin" || doc.Find(".menu a").Length() < 2 {
		t.Errorf("%s", text(doc.Find("body")))
	}
	// The password again, wrong and right.
	a := b.submit("/admin/prove?next=/admin/routers", "main form", "password", "salah salah salah")
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text(a.page(http.StatusUnprocessableEntity).Find("#wrong")), "salah") {
		t.Errorf("%d", a.StatusCode)
	}
	if to := b.submit("/admin/prove?next=/admin/routers", "main form", "password", password).moved(); to != "/admin/routers" {
		t.Error(to)
	}
	if to := b.submit("/admin", "form[action='/admin/logout']").moved(); to != "/admin/login" {
		t.Error(to)
	}
	if to := b.get("/admin/routers").moved(); to != "/admin/login?next=%2Fadmin%2Frouters" {
		t.Error(to)
	}
	// A session that was stolen before is dead too.
	c := p.browser()
	c.cookies = map[string]string{"gerai-session": "0123"}
	c.get("/admin").moved()
}

func TestSignInRefuses(t *testing.T) {
	p := open(t)
	p.as(staff.Kasir)
	b := p.browser()
	a := b.submit("/admin/login?next=/admin/routers", "form", "name", "uji-kasir", "password", "salah salah salah")
	doc := a.page(http.StatusForbidden)
	if doc.Find("#name").AttrOr("value", "") != "uji-kasir" || doc.Find("#password").AttrOr("value", "") != "" || doc.Find("#wrong").Length() != 1 {
		t.Error("the form does not keep what may be kept")
	}
	if next := doc.Find("input[name=next]").AttrOr("value", ""); next != "/admin/routers" {
		t.Error(next)
	}
	// Half an hour of silence ends a session.
	c := p.browser()
	c.submit("/admin/login", "form", "name", "uji-kasir", "password", password).moved()
	p.Clock.Add(31 * time.Minute)
	c.get("/admin").moved()
}

// A foreign page can post nothing, with and without the person's cookies.
func TestForeignFormsAreRefused(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	token := b.get("/admin").page(http.StatusOK).Find("input[name=csrf]").First().AttrOr("value", "")
	for name, header := range map[string][]string{
		"foreign origin": {"Origin", "http://evil.example"},
		"foreign site":   {"Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site"},
	} {
		if a := b.do(http.MethodPost, "/admin/logout", url.Values{"csrf": {token}}, header...); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	other := p.as(staff.Kasir)
	if a := other.do(http.MethodPost, "/admin/logout", url.Values{"csrf": {token}}); a.StatusCode != http.StatusForbidden {
		t.Errorf("somebody else's token: %d", a.StatusCode)
	}
	b.get("/admin").page(http.StatusOK)
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	for _, next := range []string{"", "//evil.example/admin", "https://evil.example/admin", "/\\evil.example", "/o/x", "/adminx", "javascript:alert(1)", "/admin/\r\nX: y"} {
		if to := web.Inside(next); to != "/admin" {
			t.Errorf("%q leads to %q", next, to)
		}
	}
	if to := web.Inside("/admin/orders?q=a%20b"); to != "/admin/orders?q=a%20b" {
		t.Error(to)
	}
}
