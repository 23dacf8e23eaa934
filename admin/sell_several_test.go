package admin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
)

// Several vouchers with a promotion and a discount: what it costs is worked out before, the
// slip has all vouchers, and says what was taken off.
func TestSeveralVouchersOnOneSlip(t *testing.T) {
	p := open(t)
	p.Promote(catalog.Promotion{Name: "Pelajar", Code: "PELAJAR", DiscountKind: catalog.AmountOff, Value: 1000})
	p.allowDiscounts(10)
	b := p.as(staff.Kasir).onShift()
	pairs := []string{"plan", "sehari", "quantity", "3", "promo", "pelajar", "discount", "10%", "discount_reason", "pelanggan tetap", "given", "20.000"}
	doc := b.submit("/admin/sell", "#sell", append(pairs, "act", "price")...).page(http.StatusOK)
	if due := text(doc.Find("[data-total] [data-due]")); due != "Rp10.800" || len(sold(p)) != 0 {
		t.Fatal(due, len(sold(p)))
	}
	for name, want := range map[string]string{"quantity": "3", "promo": "pelajar", "discount": "10%", "discount_reason": "pelanggan tetap", "given": "20.000"} {
		if got := doc.Find("#sell input[name="+name+"]").AttrOr("value", ""); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	to := b.fill(doc.Find("#sell"), "plan", "sehari", "act", none).moved()
	p.RunAll()
	all := sold(p)
	if len(all) != 3 {
		t.Fatal(len(all))
	}
	slip := b.get(to).page(http.StatusOK).Find(".receipt")
	said := text(slip)
	for _, want := range []string{"3 × 1 Hari", "Rp15.000", "Potongan: Pelajar", "−Rp3.000", "Diskon kasir (pelanggan tetap)", "−Rp1.200", "Rp10.800", "Rp20.000", "Rp9.200", "3 voucher, satu pembayaran"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not on the slip: %s", want, said)
		}
	}
	for _, o := range all {
		if !strings.Contains(said, o.Username) || !strings.Contains(said, o.Password) || p.AuditCount(o, "order.reveal") < 1 {
			t.Errorf("%s is not on the slip, or the look is not on record", o.Code)
		}
		if other := text(b.get("/admin/sell/" + string(o.Code)).page(http.StatusOK).Find(".receipt")); other != said {
			t.Errorf("the slip of %s is another one", o.Code)
		}
	}
}

// A discount needs the right and keeps to the rules; a mistake keeps what was typed.
func TestDiscountsAreBounded(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	if b.get("/admin/sell").page(http.StatusOK).Find("#discount").Length() != 0 {
		t.Error("every kasir may give something away before the owner allowed it")
	}
	p.allowDiscounts(10)
	for _, c := range []struct{ field, discount, reason string }{
		{"discount", "11%", "baik"}, {"discount", "501", "baik"}, {"discount", "0", "baik"}, {"discount", "-5", "baik"}, {"discount", "10%%", "baik"}, {"discount", "'; DROP TABLE orders; --", "baik"},
		{"discount_reason", "10%", ""}, {"discount_reason", "10%", strings.Repeat("x", 101)}, {"discount", "", "baik"},
	} {
		doc := b.submit("/admin/sell", "#sell", "plan", "sehari", "discount", c.discount, "discount_reason", c.reason, "phone", "081234567890").page(http.StatusUnprocessableEntity)
		if at := doc.Find("#sell [aria-invalid=true]").AttrOr("name", ""); at != c.field || doc.Find("#phone").AttrOr("value", "") != "081234567890" || doc.Find("#sell details[open]").Length() != 1 {
			t.Errorf("%q %q: asked at %q", c.discount, c.reason, at)
		}
	}
	if n := len(sold(p)); n != 0 {
		t.Fatal(n)
	}
	p.allowDiscounts(0)
	if b.get("/admin/sell").page(http.StatusOK).Find("#discount").Length() != 0 {
		t.Error("a discount is offered that nobody may give")
	}
}

// Cash in and out of the till is on the shift's page, its sheet and its file.
func TestCashWithoutASale(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	form := "form[action$='/cash']"
	doc := b.submit("/admin/shift", form, "way", "out", "amount", "100.001", "reason", "beli kertas").page(http.StatusUnprocessableEntity)
	if doc.Find(form+" [aria-invalid=true]").AttrOr("name", "") != "amount" || doc.Find("#till-reason").AttrOr("value", "") != "beli kertas" {
		t.Fatal(text(doc.Find("main")))
	}
	to := b.submit("/admin/shift", form, "way", "out", "amount", "15.000", "reason", "beli kertas").moved()
	b.submit("/admin/shift", form, "way", "in", "amount", "5.000", "reason", "tukar receh").moved()
	page, _, _ := strings.Cut(strings.TrimPrefix(to, "/admin"), "?")
	for _, path := range []string{page, page + "/print"} {
		said := text(b.get("/admin" + path).page(http.StatusOK).Find("main"))
		for _, want := range []string{"Uang keluar lain (1)", "-Rp15.000", "beli kertas", "Uang masuk lain (1)", "tukar receh", "Rp90.000"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s lacks %q: %s", path, want, said)
			}
		}
	}
	file := string(b.submit("/admin/shift", "form[action$='/export']", "format", "csv").body)
	if !strings.Contains(file, "beli kertas") || !strings.Contains(file, "-15000") {
		t.Error(file)
	}
	// Another account's till is not there.
	other := p.as(staff.Admin)
	if a := other.do(http.MethodPost, "/admin"+page+"/cash", url.Values{"csrf": {other.token()}, "way": {"out"}, "amount": {"1000"}, "reason": {"karena"}, "nonce": {p.NextNonce()}}); a.StatusCode != http.StatusNotFound {
		t.Error(a.StatusCode)
	}
}

// An order that was paid by the printed QRIS says so wherever orders are listed.
func TestSoldByStaticQRIS(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	o := b.sells("method", "qris_static", "reference", "RRN 77")
	p.RunAll()
	if got := p.Order(o); got.Status != order.Activated || got.Channel != order.ByStaticQRIS {
		t.Fatal(got.Status, got.Channel)
	}
	if said := text(b.get("/admin/sell/" + string(o.Code)).page(http.StatusOK).Find(".receipt")); !strings.Contains(said, "QRIS toko") || !strings.Contains(said, "RRN 77") {
		t.Error(said)
	}
	if said := text(b.get("/admin/orders?channel=qris_static").page(http.StatusOK).Find("main")); !strings.Contains(said, o.Code.Pretty()) {
		t.Error(said)
	}
}

// allowDiscounts lets staff take off some percent of a sale.
func (p *panel) allowDiscounts(most int) {
	p.Helper()
	rules := store.DefaultCounterRules
	rules.MostDiscount = most
	if err := p.Shop.Refunds.SetCounterRules(ctx, actor.Named("test"), rules); err != nil {
		p.Fatal(err)
	}
}
