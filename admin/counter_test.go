package admin

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
	"gerai/internal/store"
)

var ctx = context.Background()

// onShift opens the person's shift.
func (b *browser) onShift() *browser {
	b.Helper()
	b.submit("/admin/sell", "form[action='/admin/shift/open']", "opening", "100.000").moved()
	return b
}

// sells sells a one-day plan and returns the order.
func (b *browser) sells(pairs ...string) order.Order {
	b.Helper()
	to := b.submit("/admin/sell", "#sell", append([]string{"plan", "sehari"}, pairs...)...).moved()
	o, err := b.Store.OrderByCode(ctx, order.Code(strings.TrimPrefix(to, "/admin/sell/")))
	if err != nil {
		b.Fatal(to, err)
	}
	return o
}

// limit bounds an account to one site.
func (b *browser) limit(name, site string) {
	b.Helper()
	s, err := b.Store.StaffByName(ctx, name)
	if err != nil {
		b.Fatal(err)
	}
	s.Sites = []string{site}
	if err := b.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SaveStaff(ctx, s) }); err != nil {
		b.Fatal(err)
	}
}

func TestASaleAtTheCounter(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir)
	doc := b.get("/admin/sell").page(http.StatusOK)
	if doc.Find("#sell").Length() != 0 || doc.Find("form[action='/admin/shift/open'] .note").Length() != 1 {
		t.Fatal("the counter sells without a shift")
	}
	if to := b.submit("/admin/sell", "form[action='/admin/shift/open']", "opening", "100.000").moved(); to != "/admin/sell" {
		t.Fatal(to)
	}
	doc = b.get("/admin/sell").page(http.StatusOK)
	if s := doc.Find(".pick").First(); s.Find("input[autofocus]").Length() != 1 || text(s.Find(".key")) != "1" {
		t.Fatal("a plan is not one key away")
	}
	o := b.sells("given", "10.000", "phone", "0812-3456-7890")
	page := "/admin/sell/" + string(o.Code)
	if doc := b.get(page).page(http.StatusOK); doc.Find("#sold").AttrOr("hx-get", "") != page || !strings.Contains(text(doc.Find("#sold")), "Rp5.000") || strings.Contains(text(doc.Find("#sold")), o.Password) {
		t.Fatal(text(doc.Find("#sold")))
	}
	p.RunAll()
	doc = b.get(page).page(http.StatusOK)
	if said := text(doc.Find(".receipt")); !strings.Contains(said, o.Username) || !strings.Contains(said, o.Password) || !strings.Contains(said, "2026-000001") || doc.Find("#sold").AttrOr("hx-get", "") != "" {
		t.Fatal(said)
	}
	if p.AuditCount(o, "order.reveal") != 1 {
		t.Error("looking at credentials is not in the trail")
	}
	if doc := b.get("/admin/sell?phone=7890").page(http.StatusOK); !strings.Contains(text(doc.Find("main")), o.Code.Pretty()) || strings.Contains(text(doc.Find("main")), "3456-7890") {
		t.Error("the customer is not found, or shown too openly")
	}
	// A day later the voucher is theirs no more, the receipt still is.
	p.Clock.Add(25 * time.Hour)
	b.submit("/admin/login", "form", "name", "uji-kasir", "password", password).moved()
	if said := text(b.get(page).page(http.StatusOK).Find(".receipt")); strings.Contains(said, o.Password) || !strings.Contains(said, "2026-000001") {
		t.Error(said)
	}
}

// The same form posted again, as by a double click or the back button.
func TestAFormSentTwiceSellsOnce(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	doc := b.get("/admin/sell").page(http.StatusOK)
	form := url.Values{"csrf": {doc.Find("#sell input[name=csrf]").AttrOr("value", "")}, "nonce": {doc.Find("#sell input[name=nonce]").AttrOr("value", "")},
		"site": {"kopi"}, "plan": {"sehari"}, "method": {"cash"}}
	first, second := b.do(http.MethodPost, "/admin/sell", form).moved(), b.do(http.MethodPost, "/admin/sell", form).moved()
	if first != second {
		t.Error(first, second)
	}
	if all, err := p.Store.ListOrders(ctx, store.OrderFilter{}); err != nil || len(all) != 1 {
		t.Error(len(all), err)
	}
}

// Whatever is typed, the form comes back with it and with a sentence.
func TestHostileInputAtTheCounter(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	nasty := `"><script>alert(1)</script>'; DROP TABLE orders; --` + "\u202e"
	for _, c := range [][]string{{"given", nasty}, {"given", "1e9"}, {"given", "-5"}, {"given", "4999"}, {"given", "99999999999999999999"}, {"phone", nasty}, {"plan", nasty}, {"method", nasty},
		{"method", "credit"}, {"method", "transfer", "reference", ""}, {"method", "transfer", "reference", "\x00\xff"}, {"nonce", nasty}, {"plan", "bulanan"}} {
		a := b.submit("/admin/sell", "#sell", c...)
		doc := a.page(http.StatusUnprocessableEntity)
		if doc.Find("#wrong").Length() != 1 || bytes.Contains(a.body, []byte("<script>alert")) {
			t.Errorf("%q: no sentence, or raw input", c)
		}
	}
	if a := b.submit("/admin/sell", "#sell", "site", nasty); a.StatusCode != http.StatusNotFound {
		t.Errorf("site: %d", a.StatusCode)
	}
	doc := b.submit("/admin/sell", "#sell", "plan", "sejam", "given", "1", "phone", "0812 3456 7890").page(http.StatusUnprocessableEntity)
	if doc.Find("#given").AttrOr("value", "") != "1" || doc.Find("#phone").AttrOr("value", "") != "0812 3456 7890" || doc.Find("input[name=plan][checked]").AttrOr("value", "") != "sejam" {
		t.Error("what was typed is lost")
	}
	if all, err := p.Store.ListOrders(ctx, store.OrderFilter{}); err != nil || len(all) != 0 {
		t.Error("something was sold", len(all), err)
	}
	for _, q := range []string{"q=" + url.QueryEscape(nasty), "view=" + url.QueryEscape(nasty), "from=2026-99-99&until=x", "before=" + url.QueryEscape("99999999999999999999."+nasty), "before=1.x", "site=../..&plan=%00&channel=x&voucher=x&valid=x", "q=%ff%fe"} {
		if a := b.get("/admin/orders?" + q); a.StatusCode != http.StatusOK || bytes.Contains(a.body, []byte("<script>alert")) {
			t.Errorf("%s: %d", q, a.StatusCode)
		}
	}
	if a := b.submit("/admin/orders", "form[action='/admin/filters']", "name", strings.Repeat("x", 41)); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
		t.Error("a long name")
	}
}

func TestAnOnlineOrderPaidAtTheCounter(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	o := p.Buy("sehari", "qris")
	page := "/admin/orders/" + string(o.Code)
	if b.get(page).page(http.StatusOK).Find("a[href='"+page+"/pay']").Length() != 1 {
		t.Fatal("no way to pay here")
	}
	if a := b.submit(page+"/pay", "main form", "given", "1"); a.page(http.StatusUnprocessableEntity).Find("#given[aria-invalid]").Length() != 1 {
		t.Error("too little money")
	}
	if to := b.submit(page+"/pay", "main form", "given", "").moved(); to != "/admin/sell/"+string(o.Code) {
		t.Error(to)
	}
	p.RunAll()
	p.Want(o, order.Activated)
	if to := b.get(page + "/pay").moved(); !strings.HasSuffix(to, "m=order.already_paid") {
		t.Error(to)
	}
}

func TestShiftPages(t *testing.T) {
	p := open(t)
	kasir, admin := p.as(staff.Kasir).onShift(), p.as(staff.Admin)
	kasir.sells()
	if to := kasir.submit("/admin/shift", "form[action$='/close']", "counted", "104000", "note", "kurang").moved(); !strings.HasSuffix(to, "m=shift.close") {
		t.Fatal(to)
	} else if said := text(kasir.get(to).page(http.StatusOK).Find("main")); !strings.Contains(said, "-Rp1.000") || !strings.Contains(said, "Rp105.000") {
		t.Error(said)
	}
	all := text(admin.get("/admin/shift").page(http.StatusOK).Find("main"))
	if !strings.Contains(all, "uji-kasir") {
		t.Error("admin does not see everybody's shifts")
	}
	s, err := p.Store.Shifts(ctx, "", store.ShiftCursor{OpenedAt: p.Clock.Now().Add(time.Hour)}, 10)
	if err != nil || len(s) != 1 {
		t.Fatal(s, err)
	}
	admin.get("/admin/shift/" + s[0].ID).page(http.StatusOK)
	admin.onShift()
	mine, err := p.Store.Shifts(ctx, "", store.ShiftCursor{OpenedAt: p.Clock.Now().Add(time.Hour)}, 1)
	if err != nil || mine[0].StaffName != "uji-admin" {
		t.Fatal(mine, err)
	}
	if a := kasir.get("/admin/shift/" + mine[0].ID); a.StatusCode != http.StatusNotFound {
		t.Error("a kasir reads somebody else's shift", a.StatusCode)
	}
	csrf := kasir.get("/admin/prove").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")
	if a := kasir.do(http.MethodPost, "/admin/shift/"+mine[0].ID+"/close", url.Values{"csrf": {csrf}, "counted": {"1"}}); a.StatusCode != http.StatusNotFound {
		t.Error("a kasir closes somebody else's shift", a.StatusCode)
	}
}

// A refund from the kasir's wish to the money in the customer's hand.
func TestARefundInCash(t *testing.T) {
	p := open(t)
	kasir, admin := p.as(staff.Kasir).onShift(), p.as(staff.Admin)
	o := kasir.sells()
	p.RunAll()
	page := "/admin/orders/" + string(o.Code)
	ask := kasir.get(page).page(http.StatusOK).Find("a[href*='/refund/']").AttrOr("href", "")
	for _, c := range [][]string{{"typed", "", "reason", "mati lampu"}, {"typed", "5000", "reason", ""}, {"amount", "6000", "typed", "6000", "reason", "mati lampu"}, {"amount", "x", "typed", "x", "reason", "mati"}} {
		if doc := kasir.submit(ask, "main form", c...).page(http.StatusUnprocessableEntity); doc.Find("#wrong").Length() != 1 {
			t.Errorf("%v: no sentence", c)
		}
	}
	to := kasir.submit(ask, "main form", "typed", "5.000", "reason", "mati lampu").moved()
	at, _, _ := strings.Cut(to, "?")
	if doc := kasir.get(at).page(http.StatusOK); doc.Find("form[action$='/approve']").Length() != 0 {
		t.Error("a kasir may approve")
	}
	if a := admin.submit(at, "form[action$='/approve']", "typed", "4999", "reason", "benar"); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
		t.Error("a wrong amount approves")
	}
	admin.submit(at, "form[action$='/approve']", "typed", "5000", "reason", "benar").moved()
	p.RunAll()
	if !p.Disabled("pojok", o.Username) {
		t.Error("the voucher still works")
	}
	kasir.submit(at, "form[action$='/cash']", "typed", "5000", "reason", "diambil sendiri").moved()
	p.Want(o, order.Refunded)
	if said := text(kasir.get("/admin/shift").page(http.StatusOK).Find("main")); !strings.Contains(said, "Pengembalian tunai (1)") {
		t.Error(said)
	}
}

// An act that cannot be taken back asks for the password again once that is
// long ago, and changes nothing until then.
func TestApprovalAsksForThePasswordAgain(t *testing.T) {
	p := open(t)
	admin := p.as(staff.Admin).onShift()
	o := admin.sells()
	p.RunAll()
	pay, err := p.Store.Payments(ctx, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: pay[0].Gateway, PaymentKey: pay[0].Key, OrderID: o.ID, Amount: 5000, Typed: "5000", Reason: "mati lampu", Nonce: p.NextNonce(), Actor: actor.Staff("", "siti", nil)})
	if err != nil {
		t.Fatal(err)
	}
	at := "/admin/refunds/" + f.ID
	p.Clock.Add(6 * time.Minute)
	if to := admin.submit(at, "form[action$='/approve']", "typed", "5000", "reason", "benar").moved(); !strings.HasPrefix(to, "/admin/prove?next="+url.QueryEscape(at)+"&posted=") {
		t.Fatal(to)
	}
	if now, err := p.Store.Refund(ctx, f.ID); err != nil || now.State != order.RefundRequested {
		t.Fatal(now.State, err)
	}
	if to := admin.get("/admin/orders/" + string(o.Code) + "/force").moved(); !strings.HasPrefix(to, "/admin/prove") {
		t.Fatal(to)
	}
}

// Money that a gateway cannot give back, with a picture as proof.
func TestARefundByHandNeedsProof(t *testing.T) {
	p := open(t)
	admin, kasir := p.as(staff.Admin), p.as(staff.Kasir)
	o := p.Buy("bulanan", "va:BCA")
	p.Pay(o)
	p.RunAll()
	ask := kasir.get("/admin/orders/"+string(o.Code)).page(http.StatusOK).Find("a[href*='/refund/']").AttrOr("href", "")
	at, _, _ := strings.Cut(kasir.submit(ask, "main form", "typed", "85.000", "reason", "pindah rumah").moved(), "?")
	admin.submit(at, "form[action$='/approve']", "typed", "85000", "reason", "benar").moved()
	p.RunAll()
	doc := admin.get(at).page(http.StatusOK)
	if doc.Find("form[enctype='multipart/form-data']").Length() != 1 || !strings.Contains(text(doc.Find("main")), "tidak bisa mengembalikan lewat gateway") {
		t.Fatal(text(doc.Find("main")))
	}
	png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 150<<10)...)
	for _, wrong := range [][]byte{nil, []byte("<svg onload=alert(1)>"), append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, refunds.MostProof)...)} {
		if a := admin.upload(at, wrong); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
			t.Errorf("%d bytes accepted", len(wrong))
		}
	}
	p.Want(o, order.Activated)
	admin.upload(at, png).moved()
	p.Want(o, order.Refunded)
	a := admin.get(at + "/proof")
	if a.StatusCode != http.StatusOK || !bytes.Equal(a.body, png) || !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error(a.StatusCode, a.Header)
	}
}

// upload posts a proof as a browser would.
func (b *browser) upload(at string, body []byte) answer {
	b.Helper()
	proof := b.get(at).page(http.StatusOK).Find("form[action$='/proof']")
	values := url.Values{"csrf": {proof.Find("input[name=csrf]").AttrOr("value", "")}, "token": {proof.Find("input[name=token]").AttrOr("value", "")}, "typed": {"85000"}, "reason": {"sudah ditransfer"}, "back": {at}}
	name := ""
	if body != nil {
		name = "bukti.png"
	}
	return b.sendFile(at+"/proof", values, "proof", name, body)
}

// Late money of a site that gives it back is not asked for at the counter either.
func TestNoLateMoneyIsAskedForWhereItGoesBack(t *testing.T) {
	for _, back := range []bool{false, true} {
		p := open(t, shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[0].Policies.RefundLate = back }))
		b := p.as(staff.Kasir)
		o := p.Buy("sehari", "qris")
		page := "/admin/orders/" + string(o.Code)
		offered := func() bool { return b.get(page).page(http.StatusOK).Find("a[href='"+page+"/pay']").Length() == 1 }
		if !offered() {
			t.Fatal("an unpaid order cannot be paid")
		}
		p.Advance(33 * time.Minute)
		p.Want(o, order.Expired)
		b = p.as(staff.Admin) // the first session has ended
		if offered() == back {
			t.Errorf("late money goes back: %v, offered: %v", back, !back)
		}
		if back {
			if to := b.get(page + "/pay").moved(); to != page+"?m=counter.too_late" {
				t.Error(to)
			}
		} else {
			b.get(page + "/pay").page(http.StatusOK)
		}
	}
}
