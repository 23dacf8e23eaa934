package admin

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/staff"
	"gerai/templates"
)

// Every role finds its sections in groups with an icon, four of them at a phone's lower
// edge, and how many alerts are open for it.
func TestMenuOfEachRole(t *testing.T) {
	p := open(t)
	p.OpenAlert("router_down", "melati-a", "x")
	p.OpenAlert("unmatched_money", "x", "x")
	var symbols string
	for _, a := range templates.Assets() {
		if strings.Contains(a.Path, "/icons-") {
			symbols = string(a.Body)
		}
	}
	for role, want := range map[string]struct {
		groups, dock string
		alerts       string
	}{
		staff.Admin:   {"Penjualan Voucher Jaringan Laporan Toko", "/admin /admin/orders /admin/sell /admin/routers", "2"},
		staff.Kasir:   {"Penjualan Voucher Jaringan", "/admin/sell /admin/orders /admin/shift /admin/online", ""},
		staff.Teknisi: {"Penjualan Voucher Jaringan", "/admin /admin/routers /admin/online /admin/alerts", "1"},
	} {
		doc := p.as(role).get("/admin").page(http.StatusOK)
		if got := strings.Join(doc.Find(".menu .gh").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), " "); got != want.groups {
			t.Errorf("%s: groups %q, want %q", role, got, want.groups)
		}
		dock := doc.Find(".dock a").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
		if strings.Join(dock, " ") != want.dock {
			t.Errorf("%s: at the lower edge %q, want %q", role, dock, want.dock)
		}
		if got := text(doc.Find(".menu .count")); got != want.alerts || text(doc.Find(".bell b")) != want.alerts {
			t.Errorf("%s: %q open alerts, want %q", role, got, want.alerts)
		}
		doc.Find(".menu a").Each(func(_ int, s *goquery.Selection) {
			_, name, _ := strings.Cut(s.Find("use").AttrOr("href", ""), "#")
			if name == "" || !strings.Contains(symbols, `<symbol id="`+name+`"`) {
				t.Errorf("%s: %s has no icon: %q", role, text(s), name)
			}
		})
		searches := slices.ContainsFunc(Routes(), func(e Entry) bool { return e.Path == "/admin/search" && staff.Allowed(role, e.Right) })
		if got := doc.Find(".find[action='/admin/search']").Length() == 1; got != searches {
			t.Errorf("%s: a search form %v, a page of results %v", role, got, searches)
		}
	}
}
