package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
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
	ending := b.get(at).page(http.StatusOK).Find("a[href$='/end']").AttrOr("href", "")
	if doc := b.submit(ending, "main form", "typed", "akhir", "reason", "sudah cukup").page(http.StatusUnprocessableEntity); doc.Find("input[name=reason]").AttrOr("value", "") != "sudah cukup" {
		t.Error(text(doc.Find("main")))
	}
	b.submit(ending, "main form", "typed", "Akhir pekan", "reason", "sudah cukup").moved()
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

// What gives internet away asks for a proof of identity first; the form is completed after it.
func TestAFreePromotionAsksForAProof(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	p.Clock.Add(6 * time.Minute)
	b.submit("/admin/catalogue/promotions/new", "main form", "name", "Murah", "cheaper", "amount", "value", "500").moved()
	to := b.stale("/admin/catalogue/promotions/new", "main form", "name", "Coba gratis", "cheaper", "trial", "plan-sehari", "1")
	if all, err := p.Store.Promotions(ctx); err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if at := b.submit(to, "form[action='/admin/prove']", "password", password).moved(); !strings.HasSuffix(at, "m=promotion.created") {
		t.Fatal(at)
	}
	if all, err := p.Store.Promotions(ctx); err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
}

// The page of an order says what was taken off its price, and by which promotion.
func TestAnOrderSaysWhatWasTakenOff(t *testing.T) {
	p := open(t)
	promo := p.Promote(catalog.Promotion{Name: "Akhir pekan", DiscountKind: catalog.AmountOff, Value: 1000})
	p.allowDiscounts(10)
	b := p.as(staff.Kasir).onShift()
	o := b.sells("discount", "5%", "discount_reason", "pelanggan tetap")
	for _, who := range []*browser{b, p.as(staff.Admin)} {
		doc := who.get("/admin/orders/" + string(o.Code)).page(http.StatusOK).Find("main")
		for _, want := range []string{"Harga paket", "Rp5.000", "Potongan: Akhir pekan", "−Rp1.000", "Diskon kasir (pelanggan tetap)", "−Rp200", "Rp3.800"} {
			if !strings.Contains(text(doc), want) {
				t.Errorf("%q is not in %s", want, text(doc))
			}
		}
		if linked := doc.Find("a[href='/admin/catalogue/promotions/"+promo.ID+"']").Length() == 1; linked != (who != b) {
			t.Error("the promotion's page is linked:", linked)
		}
	}
	if teknisi := text(p.as(staff.Teknisi).get("/admin/orders/" + string(o.Code)).page(http.StatusOK).Find("main")); strings.Contains(teknisi, "Rp") {
		t.Error(teknisi)
	}
}
