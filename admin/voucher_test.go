package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/staff"
	"gerai/internal/voucher"
	"gerai/payments"
)

// One voucher from the search to its end: who may see what, and what ending it
// takes.
func TestOneVoucherPage(t *testing.T) {
	p := open(t)
	boss, kasir := p.as(staff.Admin), p.as(staff.Kasir)
	b := p.Stocked("sehari", "pojok", 60)
	v := p.StockVoucher(b, 1)
	list := boss.get("/admin/vouchers/batches/" + b.ID).page(http.StatusOK)
	if rows := list.Find("tbody tr"); rows.Length() != 50 || rows.First().Find("a").AttrOr("href", "") != "/admin/vouchers/"+v.ID {
		t.Fatal(rows.Length())
	}
	if rest := boss.get(list.Find("a[href*='after=50']").AttrOr("href", "")).page(http.StatusOK).Find("tbody tr"); rest.Length() != 10 || !strings.Contains(text(rest.First()), "-0051") {
		t.Fatal(text(rest.First()))
	}
	if found := boss.get("/admin/vouchers/find?q="+v.Username).page(http.StatusOK).Find("tbody a").First().AttrOr("href", ""); found != "/admin/vouchers/"+v.ID {
		t.Fatal(found)
	}
	at := "/admin/vouchers/" + v.ID
	for _, who := range []*browser{boss, kasir} {
		if page := who.get(at); strings.Contains(string(page.body), v.Username) {
			t.Error("the code of an unsold voucher is on its page")
		}
	}
	if kasir.get(at).page(http.StatusOK).Find("form[action$='/credentials'],a[href$='/disable']").Length() != 0 {
		t.Error("a kasir may look at or end the stock")
	}
	if shown := boss.submit(at, "form[action$='/credentials']"); !strings.Contains(string(shown.body), v.Username) {
		t.Error("not shown")
	}
	if page := text(boss.get(at).page(http.StatusOK).Find("ol")); !strings.Contains(page, "Melihat kode voucher") {
		t.Error(page)
	}
	if form := boss.get("/admin/vouchers/batches/" + b.ID + "/print?no=7").page(http.StatusOK); form.Find("#first").AttrOr("value", "") != "7" || form.Find("#last").AttrOr("value", "") != "7" {
		t.Error("one cannot be printed alone")
	}

	// Ending it: name, reason and a password typed lately.
	name := b.Code + "-0001"
	refused := boss.submit(at+"/disable", "form[action$='/disable']", "typed", "x", "reason", "hilang")
	if doc := refused.page(http.StatusUnprocessableEntity); doc.Find("#typed[aria-invalid]").Length() != 1 || doc.Find("#reason").AttrOr("value", "") != "hilang" || doc.Find("fieldset").Length() != 0 {
		t.Error(text(doc.Find("form.card")))
	}
	p.Clock.Add(20 * time.Minute)
	if to := boss.submit(at+"/disable", "form[action$='/disable']", "typed", name, "reason", "hilang").moved(); !strings.HasPrefix(to, "/admin/prove") {
		t.Error("no fresh password asked", to)
	}
	if p.StockVoucher(b, 1).State != voucher.Stock {
		t.Fatal("ended without proof")
	}
	boss.submit("/admin/prove", "main form", "password", password).moved()
	if to := boss.submit(at+"/disable", "form[action$='/disable']", "typed", name, "reason", "hilang").moved(); to != at+"?m=voucher.disabled" {
		t.Error(to)
	}
	p.RunAll()
	if doc := boss.get(at).page(http.StatusOK); doc.Find("a[href$='/enable']").Length() != 1 || !strings.Contains(text(doc.Find("ol")), "hilang") || doc.Find("main .tag.warn").Length() != 0 {
		t.Error(text(doc.Find("main")))
	}
	if to := boss.submit(at+"/enable", "form[action$='/enable']", "typed", name, "reason", "ketemu").moved(); to != at+"?m=voucher.enabled" {
		t.Error(to)
	}
	p.RunAll()
	if p.StockVoucher(b, 1).State != voucher.Stock {
		t.Error("it does not live again")
	}
}

// A voucher that was paid for: the question about the money has to be answered, and the
// answer leads to the refund form.
func TestEndingASoldVoucher(t *testing.T) {
	p := open(t)
	boss := p.as(staff.Admin)
	o := p.Buy("sehari", "qris")
	p.Pay(o)
	p.RunAll()
	o = p.Want(o, order.Activated)
	link := boss.get("/admin/orders/"+string(o.Code)).page(http.StatusOK).Find("a[href^='/admin/vouchers/']").AttrOr("href", "")
	doc := boss.get(link).page(http.StatusOK)
	if doc.Find("a[href='/admin/orders/"+string(o.Code)+"']").Length() != 1 || strings.Contains(text(doc.Find("main")), o.Password) {
		t.Fatal(text(doc.Find("main")))
	}
	if form := boss.submit(link+"/disable", "form[action$='/disable']", "typed", o.Username, "reason", "komplain").page(http.StatusUnprocessableEntity); form.Find("fieldset[aria-invalid]").Length() != 1 {
		t.Error(text(form.Find("form.card")))
	}
	if to := boss.submit(link+"/disable", "form[action$='/disable']", "typed", o.Username, "reason", "komplain", "money", "ask").moved(); to != "/admin/orders/"+string(o.Code)+"?m=voucher.disabled.ask" {
		t.Error(to)
	}
	p.RunAll()
	if !p.Disabled("pojok", o.Username) {
		t.Error("it still works")
	}
	if page := boss.get("/admin/orders/" + string(o.Code) + "?m=voucher.disabled.ask").page(http.StatusOK); page.Find("a[href*='/refund/']").Length() != 1 {
		t.Error("no way to the refund")
	}
}

// The form that asks back all of an order's money offers its extensions', too,
// and says what happens otherwise.
func TestAskingBackExtensions(t *testing.T) {
	p := open(t)
	kasir := p.as(staff.Kasir)
	o := p.Buy("sejam", "qris")
	p.Pay(o)
	p.RunAll()
	more, err := p.Shop.Orders.Extend(t.Context(), o.Token, orders.AgainIn{Nonce: p.NextNonce(), Client: "203.0.113.9"})
	if err != nil {
		t.Fatal(err)
	}
	p.Pay(more)
	p.RunAll()
	at := kasir.get("/admin/orders/"+string(o.Code)).page(http.StatusOK).Find("a[href*='/refund/']").AttrOr("href", "")
	form := kasir.get(at).page(http.StatusOK).Find("form.card")
	if form.Find("input[name=also][checked]").Length() != 1 || !strings.Contains(text(form), "Rp2.000") || !strings.Contains(text(form), "dibayar tersendiri") {
		t.Error(text(form))
	}
	kasir.submit(at, "form.card", "typed", "2000", "reason", "internet mati", "also", "1").moved()
	queue, err := p.Store.RefundQueue(t.Context(), nil, 10)
	if err != nil || len(queue) != 2 || queue[0].OrderID == queue[1].OrderID {
		t.Fatal(queue, err)
	}
	boss := p.as(staff.Admin)
	for _, f := range queue {
		effects := text(boss.get("/admin/refunds/" + f.ID).page(http.StatusOK).Find("form ul").First())
		if shortens := strings.Contains(effects, "diambil lagi"); shortens != (f.OrderID == more.ID) {
			t.Error(effects)
		}
	}
}

// Money that was refunded at the gateway: the refund's page offers to end the voucher
// that still works.
func TestOneClickEndsWhatIsNotPaidFor(t *testing.T) {
	p := open(t)
	boss := p.as(staff.Admin)
	o := p.Buy("sehari", "qris")
	p.Pay(o)
	p.RunAll()
	paid, err := p.Store.Payments(t.Context(), o.ID)
	if err != nil || len(paid) != 1 {
		t.Fatal(paid, err)
	}
	made, err := p.Gateway.Refund(t.Context(), payments.RefundIn{GatewayID: paid[0].Key, Reference: "dashboard", IdempotencyKey: "dashboard", Amount: 5000})
	if err != nil {
		t.Fatal(err)
	}
	p.RunAll()
	p.Advance(10 * time.Second)
	f, found, err := p.Store.RefundByGatewayID(t.Context(), made.ID)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	at := "/admin/refunds/" + f.ID
	if to := boss.submit(at, "form[action$='/stop']").moved(); to != at+"?m=refund.stop" {
		t.Error(to)
	}
	p.RunAll()
	if doc := boss.get(at).page(http.StatusOK); !p.Disabled("pojok", p.Order(o).Username) || doc.Find("form[action$='/stop']").Length() != 0 {
		t.Error("it still works")
	}
}
