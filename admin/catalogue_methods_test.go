package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/staff"
	"gerai/payments"
)

// Ways to pay are switched off, ordered and given a minimum for the shop and for a site; what is
// wrong is said at its field, and what was typed stays.
func TestPaymentMethodsInThePanel(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin)
	const page = "/admin/catalogue/methods"
	doc := b.submit(page, "main form", "min-qris", "seribu", "on-va:BNI", "", "place-va:BCA", "9", "act", "save").page(http.StatusUnprocessableEntity)
	if doc.Find("input[name='min-qris'][aria-invalid]").AttrOr("value", "") != "seribu" || doc.Find("input[name='place-va:BCA']").AttrOr("value", "") != "9" || text(doc.Find("#wrong")) == "" {
		t.Error(text(doc.Find("main form")))
	}
	b.submit(page, "main form", "min-qris", "2.000", "place-va:BCA", "1", "place-qris", "2", "min-va:BCA", "", "act", "save").moved()
	rules, err := p.Shop.Orders.MethodRules(ctx, "kopi")
	p.Must(err)
	if rules[0].Method != payments.VA("BCA") || rules[0].Minimum != 0 || rules[1].Method != payments.QRIS || rules[1].Minimum != 2000 {
		t.Errorf("%+v", rules)
	}
	b.submit(page+"?site=kos", "main form", "min-qris", "", "act", "save").moved()
	if rules, err = p.Shop.Orders.MethodRules(ctx, "kos"); err != nil || rules[1].Minimum != 0 {
		t.Errorf("%+v %v", rules, err)
	}
	if rules, err = p.Shop.Orders.MethodRules(ctx, "kopi"); err != nil || rules[1].Minimum != 2000 {
		t.Errorf("%+v %v", rules, err)
	}
	b.submit(page+"?site=kos", "main form", "act", "shop").moved()
	if rules, err = p.Shop.Orders.MethodRules(ctx, "kos"); err != nil || rules[1].Minimum != 2000 {
		t.Errorf("%+v %v", rules, err)
	}
	if got := text(b.get("/admin/catalogue/history").page(http.StatusOK).Find("main")); !strings.Contains(got, "QRIS mulai Rp2.000") || !strings.Contains(got, "Cara bayar diubah: Kos Melati") {
		t.Error(got)
	}
}
