package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"gerai/admin/orders"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
)

func TestTheOrderListFiltersAndTurnsPages(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir)
	var first order.Order
	for i := range orders.PageSize + 3 {
		p.Clock.Add(time.Second)
		if o := p.Buy("sehari", "qris"); i == 0 {
			first = o
		}
	}
	doc := b.get("/admin/orders").page(http.StatusOK)
	next := doc.Find("a.btn[href*='before=']").AttrOr("href", "")
	if doc.Find("tbody tr").Length() != orders.PageSize || next == "" {
		t.Fatal(doc.Find("tbody tr").Length(), next)
	}
	doc = b.get(next).page(http.StatusOK)
	if doc.Find("tbody tr").Length() != 3 || !strings.Contains(text(doc.Find("tbody")), first.Code.Pretty()) || doc.Find("a.btn[href*='before=']").Length() != 0 {
		t.Error(text(doc.Find("tbody")))
	}
	p.Pay(first)
	p.RunAll()
	for q, want := range map[string]int{"view=waiting": orders.PageSize, "view=attention": 0, "view=refund": 0, "q=" + string(first.Code): 1, "q=" + url.QueryEscape(first.Username): 1, "q=" + p.GatewayID(first): 1,
		"channel=cash": 0, "plan=sejam": 0, "voucher=sold": 1, "valid=over": 0, "from=2026-11-25": 0, "from=2026-11-24&until=2026-11-24": orders.PageSize, "site=kos": 0} {
		if n := b.get("/admin/orders?" + q).page(http.StatusOK).Find("tbody tr").Length(); n != want {
			t.Errorf("%s: %d orders, want %d", q, n, want)
		}
	}
}

func TestSavedFiltersAreOnesOwn(t *testing.T) {
	p := open(t)
	a, b := p.as(staff.Kasir), p.as(staff.Admin)
	to := a.submit("/admin/orders?view=late&before=1.x", "form[action='/admin/filters']", "name", "Telat semua").moved()
	if to != "/admin/orders?m=filter.keep&view=late" && to != "/admin/orders?view=late&m=filter.keep" {
		t.Error(to)
	}
	if a.get("/admin/orders").page(http.StatusOK).Find(".chips .own").Length() != 1 || b.get("/admin/orders").page(http.StatusOK).Find(".chips .own").Length() != 0 {
		t.Error("not there, or everybody's")
	}
	a.submit("/admin/orders", "form[action$='/delete']").moved()
	if a.get("/admin/orders").page(http.StatusOK).Find(".chips .own").Length() != 0 {
		t.Error("not forgotten")
	}
}

// What each role sees of one order, and of one at another site.
func TestRolesAndSitesOnTheOrderPage(t *testing.T) {
	p := open(t)
	admin, kasir, teknisi := p.as(staff.Admin), p.as(staff.Kasir), p.as(staff.Teknisi)
	in := p.Form("sehari", "qris")
	in.Phone = "081234567890"
	o, err := p.Shop.Orders.Place(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	p.Pay(o)
	p.RunAll()
	page := "/admin/orders/" + string(o.Code)
	for _, c := range []struct {
		b                                  *browser
		money, phone, reveal, creds, force bool
	}{{admin, true, true, true, true, false}, {kasir, true, true, false, false, false}, {teknisi, false, true, false, false, false}} {
		doc := c.b.get(page).page(http.StatusOK)
		said := text(doc.Find("main"))
		for what, x := range map[string][2]bool{"money": {strings.Contains(said, "Rp5.000"), c.money}, "phone": {strings.Contains(said, "08xx-xxxx-7890"), c.phone},
			"phone form": {doc.Find("form[action$='/phone']").Length() == 1, c.reveal}, "credentials form": {doc.Find("form[action$='/credentials']").Length() == 1, c.creds}} {
			if x[0] != x[1] {
				t.Errorf("%s: %v, want %v", what, x[0], x[1])
			}
		}
		if strings.Contains(said, "1234567890") || strings.Contains(said, o.Password) {
			t.Error("phone or password in the open")
		}
		list := text(c.b.get("/admin/orders").page(http.StatusOK).Find("main"))
		if strings.Contains(list, "Rp5.000") != c.money || strings.Contains(list, "7890") != c.phone {
			t.Error("list: ", list)
		}
		if n := c.b.get("/admin/orders?q=7890").page(http.StatusOK).Find("tbody tr").Length(); (n == 1) != c.money {
			t.Errorf("%d found by the phone", n)
		}
		board := text(c.b.get("/admin").page(http.StatusOK).Find("main"))
		if strings.Contains(board, "Rp") != (c.b == admin) || strings.Contains(board, "Laci kas saya") != (c.money && c.b != admin) { // a kasir sees the own till alone
			t.Error("board: ", board)
		}
	}
	if said := text(admin.submit(page, "form[action$='/phone']").page(http.StatusOK).Find("main")); !strings.Contains(said, "081234567890") {
		t.Error(said)
	}
	if said := text(admin.submit(page, "form[action$='/credentials']").page(http.StatusOK).Find("main")); !strings.Contains(said, o.Password) {
		t.Error(said)
	}
	if p.AuditCount(o, "order.reveal") != 2 {
		t.Error("looking is not in the trail")
	}
	csrf := kasir.get("/admin/prove").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")
	if a := kasir.do(http.MethodPost, page+"/credentials", url.Values{"csrf": {csrf}}); a.StatusCode != http.StatusForbidden {
		t.Error("a kasir reads a voucher that somebody else sold", a.StatusCode)
	}
	kasir.limit("uji-kasir", "kos")
	for _, path := range []string{page, page + "/pay", page + "/link", "/admin/sell/" + string(o.Code)} {
		if a := kasir.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s of another site: %d", path, a.StatusCode)
		}
	}
	if kasir.get("/admin/orders?q="+string(o.Code)).page(http.StatusOK).Find("tbody tr").Length() != 0 || kasir.get("/admin/orders").page(http.StatusOK).Find("tbody tr").Length() != 0 {
		t.Error("orders of another site are listed")
	}
}

func TestTheTimelineTellsEverything(t *testing.T) {
	p := open(t)
	admin := p.as(staff.Admin)
	o := p.Buy("sehari", "qris")
	page := "/admin/orders/" + string(o.Code)
	admin.submit(page, "form[action$='/note']", "text", "pelanggan menunggu <b>di meja 4</b>").moved()
	if a := admin.submit(page, "form[action$='/note']", "text", strings.Repeat("x", 1001)); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
		t.Error("a novel is kept")
	}
	admin.submit(page, "form[action$='/check']").moved()
	p.Pay(o)
	p.RunAll()
	doc := admin.get(page).page(http.StatusOK)
	said := text(doc.Find(".time"))
	for _, want := range []string{"Pesanan dibuat", "QR atau nomor bayar ditampilkan", "Kabar dari gateway", "payment.succeeded", "Uang masuk", "Pembayaran dicatat", "Membuat voucher di router", "Voucher aktif", "meja 4</b>", "Diperiksa ke gateway", "Percobaan bayar ke-1"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	if raw := text(doc.Find(".time pre")); !strings.Contains(raw, `"payment_request_id"`) || strings.Contains(said, "[orders.") {
		t.Error("the raw message is missing, or a sentence is")
	}
}

func TestCancelAndForce(t *testing.T) {
	p := open(t)
	admin := p.as(staff.Admin)
	o := p.Buy("sehari", "qris")
	page := "/admin/orders/" + string(o.Code)
	for _, c := range [][]string{{"typed", o.Code.Pretty(), "reason", ""}, {"typed", "SALAHSAL", "reason", "salah pesan"}} {
		if a := admin.submit(page+"/cancel", "main form", c...); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
			t.Errorf("cancelled with %v", c)
		}
	}
	admin.submit(page+"/cancel", "main form", "typed", string(o.Code), "reason", "salah pesan").moved()
	p.Want(o, order.Cancelled)
	for _, c := range [][]string{{"typed", "SALAHSAL", "reason", "pelanggan lama"}, {"typed", string(o.Code), "reason", ""}, {"typed", "", "reason", "pelanggan lama"}} {
		if a := admin.submit(page+"/force", "main form", c...); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
			t.Errorf("%v", c)
		}
	}
	p.Want(o, order.Cancelled)
	if said := text(admin.get(page + "/force").page(http.StatusOK).Find("main ul")); !strings.Contains(said, "1 voucher") || !strings.Contains(said, "Rp5.000") {
		t.Error("the effect is not told:", said)
	}
	admin.submit(page+"/force", "main form", "typed", o.Code.Pretty(), "reason", "pelanggan lama").moved()
	p.RunAll()
	p.Want(o, order.Activated)
	if said := text(admin.get("/admin/money").page(http.StatusOK).Find("main")); !strings.Contains(said, o.Code.Pretty()) {
		t.Error("credit is no receivable:", said)
	}
	admin.submit("/admin/money", "form[action*='/money/owed/']", "how", "transfer").moved()
	if owed, err := p.Store.Receivables(ctx); err != nil || len(owed) != 0 {
		t.Error(owed, err)
	}
}

func TestStrayMoney(t *testing.T) {
	p := open(t)
	admin := p.as(staff.Admin)
	matching := p.ForeignCharge("SOMEBODY-ELSE-1", 5000) // they arrive in the same instant, so their order on the page is not given
	p.PayReference("SOMEBODY-ELSE-1", 0)
	key := p.ForeignCharge("SOMEBODY-ELSE-2", 7000)
	p.PayReference("SOMEBODY-ELSE-2", 0)
	p.RunAll()
	o := p.Buy("sehari", "qris")
	doc := admin.get("/admin/money").page(http.StatusOK)
	if doc.Find("a[href$='/assign']").Length() != 2 {
		t.Fatal(text(doc.Find("main")))
	}
	assign := doc.Find("a[href$='/"+matching+"/assign']").AttrOr("href", "")
	for _, c := range [][]string{{"code", "ZZZZZZZZ", "typed", "ZZZZZZZZ", "reason", "cocok"}, {"code", string(o.Code), "typed", "X", "reason", "cocok"}, {"code", string(o.Code), "typed", string(o.Code), "reason", ""}} {
		if a := admin.submit(assign, "main form", c...); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
			t.Errorf("%v", c)
		}
	}
	admin.submit(assign, "main form", "code", o.Code.Pretty(), "typed", string(o.Code), "reason", "cocok dengan bukti").moved()
	p.RunAll()
	p.Want(o, order.Activated)
	admin.submit("/admin/money/stray/xendit/"+key+"/refund", "main form", "typed", "7000", "reason", "bukan milik kami").moved()
	doc = admin.get("/admin/money").page(http.StatusOK)
	if doc.Find("a[href$='/assign']").Length() != 0 || doc.Find("a[href^='/admin/refunds/']").Length() != 1 {
		t.Error(text(doc.Find("main")))
	}
	for _, path := range []string{"/admin/money/stray/xendit/" + key + "/assign", "/admin/money/stray/xendit/nothing/refund"} {
		admin.limit("uji-admin", "kopi")
		if a := admin.get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s for somebody of one site: %d", path, a.StatusCode)
		}
	}
}

func TestTheBoard(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	b.sells()
	p.ForeignCharge("SOMEBODY-ELSE-1", 5000)
	p.PayReference("SOMEBODY-ELSE-1", 0)
	o := p.Buy("sehari", "qris")
	p.PayAmount(o, 3000)
	p.RunAll()
	admin := p.as(staff.Admin)
	doc := admin.get("/admin").page(http.StatusOK)
	said := text(doc.Find("#board"))
	for _, want := range []string{"Penjualan hari ini Rp5.000", "tunai Rp5.000", "Cadangan terakhir belum diatur", "Uang tanpa pesanan"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	if doc.Find("#board[hx-trigger='every 15s']").Length() != 1 || doc.Find("#board a[href='/admin/orders/"+string(o.Code)+"']").Length() != 1 || doc.Find("#board a[href='/admin/money']").Length() == 0 {
		t.Error("no refresh, or alerts without links")
	}
}

func TestRulesOfTheCounter(t *testing.T) {
	p := open(t)
	admin := p.as(staff.Admin)
	if a := admin.submit("/admin/money/rules", "main form", "second_above", "banyak"); a.page(http.StatusUnprocessableEntity).Find("#wrong").Length() != 1 {
		t.Error("accepted")
	}
	for _, days := range []string{"-1", "366", "tiga"} {
		if a := admin.submit("/admin/money/rules", "main form", "overdue_days", days); a.page(http.StatusUnprocessableEntity).Find("#overdue[aria-invalid]").AttrOr("value", "") != days {
			t.Error(days)
		}
	}
	form := url.Values{"csrf": {admin.get("/admin/money/rules").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")}, "second_above": {"75.000"}, "stop_external": {"1"}, "overdue_days": {"5"}}
	admin.do(http.MethodPost, "/admin/money/rules", form).moved()
	if rules, err := p.Store.CounterRules(ctx); err != nil || rules != (store.CounterRules{SecondAbove: 75_000, StopExternal: true, OverdueDays: 5}) {
		t.Error(fmt.Sprintf("%+v", rules), err)
	}
}

func TestTheLinkForACustomerAtTheCounter(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir)
	o := p.Buy("sehari", "qris")
	doc := b.get("/admin/orders/" + string(o.Code) + "/link").page(http.StatusOK)
	if !strings.Contains(text(doc.Find("main")), "http://shop.test/o/"+string(o.Token)) {
		t.Error(text(doc.Find("main")))
	}
	if !strings.HasPrefix(doc.Find("img.qr").AttrOr("src", ""), "data:image/png;base64,") {
		t.Error("no picture")
	}
	// The page behind the link shows the voucher: the audit trail records who had the link.
	trail, err := p.Store.AuditOf(ctx, "order:"+string(o.ID))
	if err != nil {
		t.Fatal(err)
	}
	if last := trail[len(trail)-1]; last.Action != "order.reveal" || !strings.Contains(last.Detail, `"what":"link"`) || last.StaffID == "" {
		t.Errorf("%+v", last)
	}
}
