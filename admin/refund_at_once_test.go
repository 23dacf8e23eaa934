package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/order"
	"gerai/internal/staff"
)

// A lone owner gives a small amount back on one page: asked for, approved and paid out of the
// till with one form.
func TestALoneOwnerRefundsOnOnePage(t *testing.T) {
	p := open(t)
	b := p.as(staff.Admin).onShift()
	o := b.sells()
	p.RunAll()
	ask := b.get("/admin/orders/"+string(o.Code)).page(http.StatusOK).Find("a[href*='/refund/']").AttrOr("href", "")
	if doc := b.get(ask).page(http.StatusOK); doc.Find("input[name=payout][checked]").Length() != 1 || strings.Contains(text(doc.Find("main")), "menunggu persetujuan admin") {
		t.Fatal(text(doc.Find("main")))
	}
	to := b.submit(ask, "main form", "typed", "5000", "reason", "tidak jadi").moved()
	if !strings.HasSuffix(to, "m=refund.approve") {
		t.Fatal(to)
	}
	at, _, _ := strings.Cut(to, "?")
	if said := text(b.get(at).page(http.StatusOK).Find("main")); !strings.Contains(said, "Jangan serahkan uang tunai") {
		t.Error("the cash may be handed out before it is booked:", said)
	}
	p.RunAll()
	p.Want(o, order.Refunded)
	if doc := b.get(at).page(http.StatusOK); doc.Find("main form").Length() != 0 {
		t.Error("something is left to do:", text(doc.Find("main")))
	}
	if said := text(b.get("/admin/shift").page(http.StatusOK).Find("main")); !strings.Contains(said, "Pengembalian tunai (1)") {
		t.Error(said)
	}
	kasir := p.as(staff.Kasir)
	if doc := kasir.get("/admin/orders/" + string(o.Code)).page(http.StatusOK); doc.Find("form[action$='/approve']").Length() != 0 {
		t.Error("a kasir approves")
	}
}
