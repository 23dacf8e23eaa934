package admin

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/catalog"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
	"gerai/internal/store/storetest"
)

// onBoth runs a test of the panel on both engines.
func onBoth(t *testing.T, test func(t *testing.T, p *panel)) {
	t.Helper()
	storetest.Databases(t, func(t *testing.T, database string) { test(t, open(t, shoptest.OnDatabase(database))) })
}

// recorded is the newest row of the audit trail about a subject, with what was before and after.
func (p *panel) recorded(subject string) (action string, before, after catalog.Fields) {
	p.Helper()
	rows, err := p.Store.AuditOf(ctx, subject)
	if err != nil || len(rows) == 0 {
		p.Fatal(subject, err)
	}
	var detail struct{ Before, After catalog.Fields }
	last := rows[len(rows)-1]
	if err := json.Unmarshal([]byte(last.Detail), &detail); err != nil {
		p.Fatal(err)
	}
	return last.Action, detail.Before, detail.After
}

func (p *panel) planNamed(siteID, name string) catalog.Plan {
	p.Helper()
	plans, err := p.Store.Plans(ctx, siteID)
	if err != nil {
		p.Fatal(err)
	}
	for _, x := range plans {
		if x.Name == name {
			return x
		}
	}
	p.Fatalf("no plan %s at %s", name, siteID)
	return catalog.Plan{}
}

// A plan through its life in the panel: made, sold, its price changed, moved, duplicated,
// hidden, retired, brought back. Each change is on record with what was before and after.
func TestPlansInThePanel(t *testing.T) {
	onBoth(t, func(t *testing.T, p *panel) {
		b := p.as(staff.Admin)
		to := b.submit("/admin/catalogue/add/plan?site=kopi", "main form", "name", "Malam Panjang", "price", "3.500", "validity", "12", "validity_unit", "h", "data", "2", "data_unit", "GB", "rate", "1M/3M", "devices", "2", "act", "save").moved()
		if to != "/admin/catalogue?m=plan.added&site=kopi" {
			t.Error(to)
		}
		made := p.planNamed("kopi", "Malam Panjang")
		if f := made.Fields(); made.ID != "malam-panjang" || f["price"] != "3500" || f["validity"] != "12h" || f["data"] != "2GB" || f["rate"] != "1M/3M" || f["devices"] != "2" || f["hidden"] != "false" {
			t.Error(made.ID, f)
		}
		if action, before, after := p.recorded("plan:malam-panjang"); action != "plan.add" || before["price"] != "" || after["price"] != "3500" {
			t.Error(action, before, after)
		}
		said := text(b.get("/admin/catalogue?site=kopi").page(http.StatusOK).Find("#plan-malam-panjang"))
		for _, want := range []string{"Malam Panjang", "Rp3.500", "12 jam", "2 GB", "3 Mbps", "2 perangkat"} {
			if !strings.Contains(said, want) {
				t.Errorf("the card lacks %s: %s", want, said)
			}
		}

		form := p.Form(made.ID, "qris")
		form.SiteSlug = "kopi-pojok"
		sold, err := p.Shop.Orders.Place(ctx, form)
		p.Must(err)
		form.Nonce = p.NextNonce()
		site, err := p.Store.Site(ctx, "kopi")
		p.Must(err)
		form.Terms = made.Item(site).Terms()
		b.submit("/admin/catalogue/plans/malam-panjang", "main form", "price", "4000", "act", "save").moved()
		if action, before, after := p.recorded("plan:malam-panjang"); action != "plan.edit" || before["price"] != "3500" || after["price"] != "4000" || len(before) != 1 || len(after) != 1 {
			t.Error(action, before, after)
		}
		if _, err := p.Shop.Orders.Place(ctx, form); !errors.Is(err, orders.ErrTermsChanged) {
			t.Error("a page with the old price sells:", err)
		}
		form.Nonce, form.Terms = p.NextNonce(), p.planNamed("kopi", "Malam Panjang").Item(site).Terms()
		if o, err := p.Shop.Orders.Place(ctx, form); err != nil || o.Total != 4000 {
			t.Error(o.Total, err)
		}
		if o := p.Order(sold); o.Total != 3500 || o.Item.Price != 3500 {
			t.Error("what was sold changed:", o.Total, o.Item.Price)
		}

		list := func() string {
			names := b.get("/admin/catalogue?site=kopi").page(http.StatusOK).Find("ol h2").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
			return strings.Join(names, ", ")
		}
		before := list()
		up := b.get("/admin/catalogue?site=kopi").page(http.StatusOK).Find("#plan-malam-panjang form[action$='/move']").First()
		b.fill(up).moved()
		after := list()
		b.fill(up).moved() // once more changes nothing
		if before == after || after != list() || !strings.HasPrefix(before, strings.Split(before, ", ")[0]) {
			t.Error(before, "|", after, "|", list())
		}
		if action, was, is := p.recorded("site:kopi"); action != "plan.order" || !strings.HasSuffix(was["plans"], "malam-panjang") || strings.HasSuffix(is["plans"], "malam-panjang") {
			t.Error(action, was, is)
		}

		b.submit("/admin/catalogue/add/plan?from=malam-panjang", "main form", "site", "kos", "act", "save").moved()
		if copied := p.planNamed("kos", "Malam Panjang"); copied.ID == made.ID || copied.Price != 4000 || copied.DataLimit != made.DataLimit {
			t.Error(copied)
		}

		hide := b.get("/admin/catalogue?site=kopi").page(http.StatusOK).Find("#plan-malam-panjang form[action$='/hide']")
		b.fill(hide).moved()
		if !p.planNamed("kopi", "Malam Panjang").Hidden {
			t.Error("not hidden")
		}
		b.fill(hide).moved()
		if action, was, is := p.recorded("plan:malam-panjang"); action != "plan.hide" || was["hidden"] != "false" || is["hidden"] != "true" {
			t.Error(action, was, is)
		}

		b.submit("/admin/catalogue/plans/malam-panjang/retire", "main form", "typed", "Malam Panjang", "reason", "tidak laku").moved()
		if x := p.planNamed("kopi", "Malam Panjang"); !x.Retired() || !x.Hidden || strings.Contains(list(), "Malam Panjang") {
			t.Error("not retired", list())
		}
		if a := b.get("/admin/catalogue/plans/malam-panjang"); a.StatusCode != http.StatusConflict {
			t.Error(a.StatusCode)
		}
		if said := string(b.get("/admin/vouchers/new?site=kopi").body); strings.Contains(said, "Malam Panjang") {
			t.Error("a retired plan is offered for stock")
		}
		p.Pay(sold)
		p.RunAll()
		if o := p.Order(sold); o.Status != "activated" {
			t.Error("an order of a retired plan:", o.Status)
		}
		b.submit("/admin/catalogue?site=kopi", "form[action$='/restore']").moved()
		if x := p.planNamed("kopi", "Malam Panjang"); x.Retired() || !x.Hidden {
			t.Error("not back, or on sale at once")
		}
	})
}

// Every mistake in a plan's form stands at its field, what was typed is kept and nothing changes.
func TestPlanMistakes(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	end := func() int64 {
		seq, _, err := p.Store.AuditEnd(ctx)
		p.Must(err)
		return seq
	}
	before := end()
	for _, c := range []struct{ field, typed, says string }{
		{"name", "", "1 sampai 60"}, {"name", strings.Repeat("x", 61), "satu baris"}, {"name", "1 Hari", "sudah memakai"}, {"name", "a\x00b", "satu baris"}, {"name", "\u202eabc", "tidak dapat dicetak"},
		{"price", "", "rupiah"}, {"price", "0", "rupiah"}, {"price", "-5", "rupiah"}, {"price", "5,5", "rupiah"}, {"price", "010000", "rupiah"}, {"price", "1e4", "rupiah"}, {"price", "99999999999999999999", "rupiah"},
		{"note", strings.Repeat("y", 300), "satu baris"}, {"validity", "1.5", "angka utuh"}, {"validity", "-1", "angka utuh"}, {"validity", "1d12", "angka utuh"}, {"validity", "123456", "tidak terbaca"},
		{"uptime", "satu", "angka utuh"}, {"data", "0", "tidak terbaca"}, {"data", "007", "angka utuh"}, {"rate", "cepat", "RouterOS"}, {"devices", "0", "1 sampai 100"}, {"devices", "1.9", "angka utuh"}, {"devices", "101", "1 sampai 100"},
		{"profile", "gerai-x", "tidak dapat dipakai"}, {"valid_from", "kapan", "Pilih salah satu"}, {"delivery", "pos", "Pilih salah satu"}, {"site", "tiada", "Pilih salah satu hotspot"},
	} {
		pairs := []string{"name", "Paket Baru", "price", "5000", "act", "save", c.field, c.typed}
		a := b.submit("/admin/catalogue/add/plan?site=kopi", "main form", pairs...)
		doc := a.page(http.StatusUnprocessableEntity)
		wrong := doc.Find("#wrong")
		if !strings.Contains(text(wrong), c.says) || wrong.Length() != 1 {
			t.Errorf("%s=%q: %s", c.field, c.typed, text(wrong))
		}
		field := doc.Find("main form [name='" + c.field + "'][aria-invalid]")
		if field.Length() != 1 {
			t.Errorf("%s=%q: not at the field", c.field, c.typed)
		}
		if kept := doc.Find("main form [name=price]").AttrOr("value", ""); c.field != "price" && kept != "5000" {
			t.Errorf("%s=%q: the price became %q", c.field, c.typed, kept)
		}
		if kept := field.AttrOr("value", c.typed); kept != c.typed && !strings.ContainsAny(c.typed, "\x00") {
			t.Errorf("%s=%q came back as %q", c.field, c.typed, kept)
		}
	}
	if after := end(); after != before {
		t.Errorf("%d acts", after-before)
	}
}

// A plan that was changed since its form was opened is not overwritten unseen: the form comes
// again with what is there now, and can then be sent.
func TestPlanFormOvertaken(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	form := b.get("/admin/catalogue/plans/sehari").page(http.StatusOK).Find("main form").First()
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "6000", "act", "save").moved()
	doc := b.fill(form, "note", "enak", "act", "save").page(http.StatusConflict)
	if said := text(doc.Find("main form")); !strings.Contains(said, "Harga (Rp): 6000") || doc.Find("[name=note]").AttrOr("value", "") != "enak" {
		t.Error(said)
	}
	if x := p.planNamed("kopi", "1 Hari"); x.Price != 6000 || x.Note != "" {
		t.Error(x)
	}
	b.fill(doc.Find("main form").First(), "price", "6000", "act", "save").moved()
	if x := p.planNamed("kopi", "1 Hari"); x.Price != 6000 || x.Note != "enak" {
		t.Error(x)
	}
}

// What a plan's form holds can be looked at before it is saved.
func TestPlanPreview(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	doc := b.submit("/admin/catalogue/plans/sehari", "main form", "price", "9000", "name", "<b>Hari</b>", "act", "preview").page(http.StatusOK)
	if said := text(doc.Find("#preview .phone")); !strings.Contains(said, "Rp9.000") || !strings.Contains(said, "<b>Hari</b>") {
		t.Error(said)
	}
	if doc.Find("main form [name=price]").AttrOr("value", "") != "9000" || p.planNamed("kopi", "1 Hari").Price != 5000 {
		t.Error("not kept as typed, or saved")
	}
	b.submit("/admin/catalogue/plans/sehari", "main form", "price", "x", "act", "preview").page(http.StatusUnprocessableEntity)
}
