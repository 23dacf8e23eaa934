package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/shop/orders"
	"gerai/internal/staff"
)

// A site is made, its address changed, closed and moved. A former address keeps leading to it.
func TestSitesInThePanel(t *testing.T) {
	onBoth(t, func(t *testing.T, p *panel) {
		b := p.as(staff.Admin)
		to := b.submit("/admin/catalogue/add/site", "main form", "name", "Pos Ronda", "slug", "pos-ronda", "timezone", "Asia/Makassar", "activation_delay", "5", "activation_delay_unit", "m",
			"late_payment", "refund", "login_hosts", "wifi.ronda.example\n10.5.50.1:8080", "ssid", "Ronda").moved()
		if to != "/admin/catalogue/sites/pos-ronda?m=site.added" {
			t.Error(to)
		}
		made, err := p.Store.Site(ctx, "pos-ronda")
		p.Must(err)
		if f := made.Fields(); f["timezone"] != "Asia/Makassar" || f["activation_delay"] != "5m" || f["late_payment"] != "refund" || f["login_hosts"] != "wifi.ronda.example, 10.5.50.1:8080" || f["failover_after"] != "15s" || f["pass_on"] != "false" {
			t.Error(f)
		}
		if action, _, after := p.recorded("site:pos-ronda"); action != "site.add" || after["slug"] != "pos-ronda" {
			t.Error(action, after)
		}
		b.submit("/admin/catalogue/sites/pos-ronda", "main form", "slug", "ronda-baru", "pass_on", "true", "pass_duration", "3", "pass_duration_unit", "m").moved()
		if action, before, after := p.recorded("site:pos-ronda"); action != "site.edit" || before["slug"] != "pos-ronda" || after["slug"] != "ronda-baru" || after["pass_duration"] != "3m" {
			t.Error(action, before, after)
		}
		for _, slug := range []string{"pos-ronda", "ronda-baru"} {
			if s, err := p.Store.SiteBySlug(ctx, slug); err != nil || s.ID != "pos-ronda" {
				t.Error(slug, s.ID, err)
			}
		}
		if said := text(b.get("/admin/catalogue/sites/pos-ronda").page(http.StatusOK).Find("main")); !strings.Contains(said, "/h/pos-ronda alamat lama") {
			t.Error(said)
		}
		// An address that was ever another's is never given again.
		for _, path := range []string{"/admin/catalogue/add/site", "/admin/catalogue/sites/kos"} {
			doc := b.submit(path, "main form", "name", "Lain", "slug", "pos-ronda").page(http.StatusUnprocessableEntity)
			if said := text(doc.Find("#wrong")); !strings.Contains(said, "milik hotspot lain") || doc.Find("[name=slug][aria-invalid]").Length() != 1 || doc.Find("[name=name]").AttrOr("value", "") != "Lain" {
				t.Error(path, said)
			}
		}
		hide := b.get("/admin/catalogue/sites").page(http.StatusOK).Find("form[action='/admin/catalogue/sites/kopi/hide']")
		b.fill(hide).moved()
		if _, err := p.Shop.Orders.Place(ctx, p.Form("sehari", "qris")); err == nil || !strings.Contains(err.Error(), orders.ErrSiteClosed.Code) {
			t.Error("a closed site sells:", err)
		}
		down := b.get("/admin/catalogue/sites").page(http.StatusOK).Find("form[action='/admin/catalogue/sites/kopi/move']").First()
		b.fill(down).moved()
		all, err := p.Store.Sites(ctx)
		p.Must(err)
		if all[0].ID == "kopi" || all[1].ID != "kopi" {
			t.Error(all[0].ID, all[1].ID)
		}
	})
}

// Every mistake in a site's form stands at its field and nothing changes.
func TestSiteMistakes(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	for _, c := range []struct{ field, typed, says string }{
		{"name", "", "1 sampai 80"}, {"slug", "", "huruf kecil"}, {"slug", "Pos Ronda", "huruf kecil"}, {"slug", "../admin", "huruf kecil"}, {"slug", "kopi-pojok", "milik hotspot lain"}, {"timezone", "Mars/Olympus", "tidak dikenal"}, {"timezone", "../../etc/passwd", "tidak dikenal"},
		{"activation_delay", "25", "0 sampai 24"}, {"activation_delay", "x", "angka utuh"}, {"late_payment", "nanti", "Pilih"}, {"ssid", strings.Repeat("é", 20), "32 byte"}, {"login_hosts", "http://x/y", "Setiap alamat"},
		{"failover_after", "2", "1 jam"},
	} {
		pairs := []string{"name", "Pos", "slug", "pos", "activation_delay_unit", "h", c.field, c.typed}
		if c.field == "failover_after" {
			pairs = append(pairs, "failover_after_unit", "h")
		}
		doc := b.submit("/admin/catalogue/add/site", "main form", pairs...).page(http.StatusUnprocessableEntity)
		if said := text(doc.Find("#wrong")); !strings.Contains(said, c.says) || doc.Find("main form [name='"+c.field+"'][aria-invalid]").Length() != 1 {
			t.Errorf("%s=%q: %s", c.field, c.typed, said)
		}
	}
	for _, c := range []struct{ field, typed, says string }{{"pass_duration", "11", "1 sampai 10"}, {"pass_duration", "", "1 sampai 10"}, {"pass_rate", "x", "RouterOS"}, {"pass_data", "2000", "1 sampai 100"}, {"pass_per_router", "0", "1 sampai 100"}} {
		doc := b.submit("/admin/catalogue/sites/kopi", "main form", "pass_on", "true", c.field, c.typed).page(http.StatusUnprocessableEntity)
		if said := text(doc.Find("#wrong")); !strings.Contains(said, c.says) || doc.Find("main form [name='"+c.field+"'][aria-invalid]").Length() != 1 {
			t.Errorf("%s=%q: %s", c.field, c.typed, said)
		}
	}
	all, err := p.Store.Sites(ctx)
	p.Must(err)
	if len(all) != 2 {
		t.Error(len(all))
	}
}

// People of one site change its plans and neither another's nor the list of sites.
func TestCatalogueScope(t *testing.T) {
	e := atKos(t)
	b := e.here(staff.Admin)
	if said := text(b.get("/admin/catalogue").page(http.StatusOK).Find("main")); !strings.Contains(said, "1 Hari") || strings.Contains(said, "Bulanan") {
		t.Error(said)
	}
	b.get("/admin/catalogue?site=kos").page(http.StatusNotFound)
	b.get("/admin/catalogue/add/plan?from=bulanan").page(http.StatusNotFound)
	b.get("/admin/catalogue/add/site").page(http.StatusForbidden)
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "5500", "act", "save").moved()
	if e.planNamed("kopi", "1 Hari").Price != 5500 {
		t.Error("their own plan does not change")
	}
	for _, role := range []string{staff.Kasir, staff.Teknisi} {
		e.as(role).get("/admin/catalogue").page(http.StatusForbidden)
	}
}
