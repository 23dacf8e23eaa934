package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/staff"
	"gerai/payments"
)

// A transfer that never came: from the list of receivables to the order's flag, and back
// when it comes after all.
func TestWritingATransferOff(t *testing.T) {
	p := open(t)
	kasir, boss := p.as(staff.Kasir), p.as(staff.Admin)
	kasir.onShift()
	kasir.submit("/admin/sell", "#sell", "plan", "sehari", "method", "transfer", "reference", "bca 77").moved()
	p.RunAll()
	owed, err := p.Store.Receivables(t.Context())
	if err != nil || len(owed) != 1 || owed[0].Method != payments.Transfer {
		t.Fatal(owed, err)
	}
	off := boss.get("/admin/money").page(http.StatusOK).Find("a[href$='/off']").AttrOr("href", "")
	kasir.get(off).page(http.StatusForbidden)
	if form := text(boss.get(off).page(http.StatusOK).Find("form.card")); !strings.Contains(form, "Rp5.000") || !strings.Contains(form, "1 voucher") {
		t.Error(form)
	}
	for _, pairs := range [][]string{{"typed", "4.000", "reason", "tidak masuk"}, {"typed", "5.000", "reason", ""}} {
		if doc := boss.submit(off, "form.card", pairs...).page(http.StatusUnprocessableEntity); doc.Find("[aria-invalid]").Length() != 1 {
			t.Error(pairs)
		}
	}
	if to := boss.submit(off, "form.card", "typed", "5.000", "reason", "tidak masuk").moved(); to != "/admin/money?m=owed.off" {
		t.Error(to)
	}
	p.RunAll()
	o, err := p.Store.Order(t.Context(), owed[0].OrderID)
	if err != nil || !p.Disabled("pojok", o.Username) {
		t.Fatal("it still works", err)
	}
	page := "/admin/orders/" + string(o.Code)
	if doc := boss.get(page).page(http.StatusOK); !strings.Contains(text(doc.Find("main")), "uang tidak masuk") || doc.Find("form[action*='/owed/']").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	if kasir.get(page).page(http.StatusOK).Find("form[action*='/owed/']").Length() != 0 {
		t.Error("a kasir confirms money")
	}
	boss.submit(page, "form[action*='/owed/']").moved()
	p.Want(o, order.Activated)
	if err := p.Shop.Refunds.WriteOff(t.Context(), refunds.WriteOffIn{Key: owed[0].Key, Typed: "5000", Reason: "lagi", Actor: actor.Named("test")}); err == nil {
		t.Error("written off although it is here")
	}
}

// What is not here cannot be given back: the page of its refund says so instead of offering
// an approval that is refused.
func TestMoneyThatIsNotHereIsNotApproved(t *testing.T) {
	p := open(t)
	kasir, boss := p.as(staff.Kasir).onShift(), p.as(staff.Admin)
	o := p.Buy("sehari", "qris")
	p.CloseWebhook()
	p.Pay(o)
	p.Clock.Add(time.Second)
	kasir.submit("/admin/orders/"+string(o.Code)+"/pay", "main form[action$='/pay']", "method", "transfer", "reference", "bca 9").moved()
	p.OpenWebhook()
	p.ResendAll()
	p.Advance(5 * time.Second)
	owed, err := p.Store.Refunds(t.Context(), o.ID)
	if err != nil || len(owed) != 1 || owed[0].Gateway != "counter" {
		t.Fatal(owed, err)
	}
	at := "/admin/refunds/" + owed[0].ID
	look := func() (offered bool, said string) {
		main := boss.get(at).page(http.StatusOK).Find("main")
		return main.Find("form[action$='/approve']").Length() == 1, text(main)
	}
	if offered, said := look(); offered || !strings.Contains(said, "belum dikonfirmasi") {
		t.Error(offered, said)
	}
	boss.submit("/admin/money", "form[action*='/owed/']", "how", "transfer").moved()
	if offered, said := look(); !offered || strings.Contains(said, "belum dikonfirmasi") {
		t.Error(offered, said)
	}
}
