package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
)

// How long a router is away before another one stands in is set beside the switch.
func TestFailoverSettings(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	const form = "form.bar[action$='/failover']"
	for _, wrong := range []string{"-1", "3601", "99999999999999999999", "x"} {
		doc := b.submit("/admin/routers", form, "after", wrong).page(http.StatusUnprocessableEntity)
		if alert := doc.Find("[role=alert]"); alert.Length() != 1 || !strings.Contains(text(alert), "3600") {
			t.Errorf("%q: %s", wrong, text(alert))
		}
		if field := doc.Find("input[name=after]"); field.AttrOr("value", "") != wrong[:min(len(wrong), 20)] || field.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%q: not shown again", wrong)
		}
	}
	if to := b.submit("/admin/routers", form, "after", "45").moved(); !strings.Contains(to, "failover") {
		t.Error(to)
	}
	site, err := p.Store.Site(t.Context(), "kos")
	p.Must(err)
	if site.FailoverAfter != 45*time.Second || !site.Failover {
		t.Errorf("%+v", site)
	}
	if rows, err := p.Store.AuditOf(t.Context(), "site:kos"); err != nil || len(rows) != 2 || rows[0].Action != "site.import" || rows[1].Action != "site.failover" || !strings.Contains(rows[1].Detail, `"seconds":45`) {
		t.Error(rows, err)
	}
	// Switched off and on again, it is still that long.
	const other = "form[action$='/failover']:not(.bar)"
	b.submit("/admin/routers", other).moved()
	if doc := b.get("/admin/routers").page(http.StatusOK); doc.Find(form).Length() != 0 {
		t.Error("a time is asked for although no router stands in")
	}
	b.submit("/admin/routers", other).moved()
	if v := b.get("/admin/routers").page(http.StatusOK).Find("input[name=after]").AttrOr("value", ""); v != "45" {
		t.Errorf("%q", v)
	}
}

// Which routers serve the same hotspot is said in their settings.
func TestHotspotOfARouter(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	const page, form = "/admin/routers/melati-b/edit", "form:has(#hotspot)"
	if doc := b.submit(page, form, "hotspot", strings.Repeat("x", 41)).page(http.StatusUnprocessableEntity); !strings.Contains(text(doc.Find("[role=alert]")), "40") {
		t.Error(text(doc.Find("[role=alert]")))
	}
	b.submit(page, form, "hotspot", "gedung utama").moved()
	r, err := p.Store.Router(t.Context(), "melati-b")
	p.Must(err)
	if r.Hotspot != "gedung utama" {
		t.Errorf("%q", r.Hotspot)
	}
	if said := text(b.get("/admin/routers").page(http.StatusOK).Find("tr:contains('melati-b')")); !strings.Contains(said, "gedung utama") {
		t.Error(said)
	}
}

// What happened while a router was away is told by its line and page, an alert, and the pages
// of the order and of the voucher.
func TestFailoverIsSeen(t *testing.T) {
	p := open(t)
	buy := func() order.Order {
		o := p.Buy("bulanan", "qris")
		p.Pay(o)
		p.RunAll()
		return p.Want(o, order.Activated)
	}
	before := buy()
	p.Routers["melati-a"].SetFaults(shoptest.RouterDown)
	o := buy()
	b := p.as(staff.Admin)
	line := func(router string) string {
		return text(b.get("/admin/routers").page(http.StatusOK).Find("tr:has(a[href$='/" + router + "'])"))
	}
	if said := line("melati-a"); !strings.Contains(said, "digantikan melati-b") {
		t.Error(said)
	}
	if said := line("melati-b"); strings.Contains(said, "digantikan") {
		t.Error(said)
	}
	dashboard := func() string { return text(b.get("/admin/routers/melati-a").page(http.StatusOK).Find("main")) }
	if said := dashboard(); !strings.Contains(said, "Pelanggan baru dilayani melati-b") || strings.Contains(said, "pindah ke router lain") {
		t.Error(said)
	}
	if said := text(p.as(staff.Teknisi).get("/admin/alerts").page(http.StatusOK).Find("main")); !strings.Contains(said, "Router digantikan router lain") || !strings.Contains(said, "melati-b") {
		t.Error(said)
	}
	if said := text(b.get("/admin/vouchers/" + p.VoucherOf(o).ID).page(http.StatusOK).Find("main")); !strings.Contains(said, "melati-b, karena melati-a tidak menjawab") {
		t.Error(said)
	}
	if said := text(b.get("/admin/orders/" + string(o.Code)).page(http.StatusOK).Find("main")); !strings.Contains(said, "Dilayani router pengganti") {
		t.Error(said)
	}

	p.Must(p.Shop.Vouchers.MoveVoucher(t.Context(), vouchers.MoveIn{ActIn: p.ActForm(p.VoucherOf(before)), RouterID: "melati-b"}))
	if said := dashboard(); !strings.Contains(said, "1 pengguna sudah pindah ke router lain") {
		t.Error(said)
	}
	p.Routers["melati-a"].SetFaults(shoptest.RouterUp)
	p.Advance(30 * time.Second)
	p.Must(p.Shop.Routers.CheckRouters(t.Context()))
	p.RunAll()
	if said := line("melati-a"); strings.Contains(said, "digantikan") {
		t.Error(said)
	}
	if said := dashboard(); strings.Contains(said, "melati-b") || strings.Contains(said, "pindah ke router lain") {
		t.Error(said)
	}
	p.WantNoAlerts()
}
