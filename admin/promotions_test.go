package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/order"
	"gerai/internal/staff"
)

// A promotion is made once by a form that is sent twice, says what is wrong at the field,
// counts what was ordered under it, is changed and ended, and all of it is in the audit trail.
func TestPromotionsInThePanel(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	doc := b.submit("/admin/catalogue/promotions/new", "main form", "name", "Akhir pekan", "cheaper", "price", "value", "5000", "plan-sehari", "1").page(http.StatusUnprocessableEntity)
	if doc.Find("#value").AttrOr("aria-describedby", "") != "wrong" || !strings.Contains(doc.Find("#wrong").Text(), "lebih rendah") || doc.Find("input[name=plan-sehari][checked]").Length() != 1 {
		t.Fatal(text(doc.Find("main form")))
	}
	at := b.submit("/admin/catalogue/promotions/new", "main form", "name", "Akhir pekan", "cheaper", "amount", "value", "1.000", "day-6", "1", "day-0", "1").moved()
	at, _, _ = strings.Cut(at, "?")
	id := at[strings.LastIndex(at, "/")+1:]
	all, err := p.Store.Promotions(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != id || all[0].Value != 1000 || all[0].Weekdays != 1<<6|1 {
		t.Fatalf("%+v %v", all, err)
	}
	b.submit(at, "main form", "value", "1500", "day-6", "", "day-0", "").moved()
	o := p.Buy("sehari", "qris")
	p.Pay(o)
	p.RunAll()
	if o = p.Want(o, order.Activated); o.Total != 3500 {
		t.Fatal(o.Total)
	}
	page := text(b.get(at).page(http.StatusOK).Find("main"))
	for _, want := range []string{"berjalan", "Rp1.500", o.Code.Pretty()} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in %s", want, page)
		}
	}
	if report := text(b.get("/admin/reports").page(http.StatusOK).Find("main")); !strings.Contains(report, "Akhir pekan") || !strings.Contains(report, "Rp1.500") {
		t.Error(report)
	}
	for range 2 {
		b.submit(at, "form[action$='/end']").moved()
		if doc := b.get(at).page(http.StatusOK); doc.Find("main form").Length() == 0 {
			break
		}
	}
	if !strings.Contains(text(b.get("/admin/catalogue/promotions").page(http.StatusOK).Find("tbody")), "berakhir") {
		t.Error("it goes on")
	}
	if got := p.Audits("promotion:" + id); len(got) != 3 {
		t.Error(got)
	}
}

// An account of one site reads of a promotion for all what was used at that site alone.
func TestUsesOfOtherSites(t *testing.T) {
	e := atKos(t)
	b := e.as(staff.Admin)
	at := b.submit("/admin/catalogue/promotions/new", "main form", "name", "Untuk semua", "cheaper", "amount", "value", "1.500").moved()
	at, _, _ = strings.Cut(at, "?")
	kos := e.Buy("bulanan", "qris")
	e.Pay(kos)
	e.RunAll()
	here := e.here(staff.Admin)
	uses := func(b *browser) string { return text(b.get(at).page(http.StatusOK).Find("main dl")) }
	list := func(b *browser) string {
		return text(b.get("/admin/catalogue/promotions").page(http.StatusOK).Find("tbody tr:contains('Untuk semua') td.num"))
	}
	for name, want := range map[string]struct {
		b          *browser
		page, list string
	}{"all": {b, "Dipakai1 Total potonganRp1.500", "1Rp1.500"}, "another site": {here, "Dipakai0 Total potonganRp0", "0Rp0"}} {
		if page, list := uses(want.b), list(want.b); !strings.Contains(page, want.page) || list != want.list {
			t.Errorf("%s: %q, %q", name, page, list)
		}
	}
	kopi := e.Buy("sehari", "qris")
	e.Pay(kopi)
	e.RunAll()
	if got := uses(here); !strings.Contains(got, "Dipakai1 ") {
		t.Error("of its own:", got)
	}
}
