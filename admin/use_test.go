package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/order"
	"gerai/internal/sim/routerossim"
	"gerai/internal/staff"
)

// After a sale the counter stays at the hotspot that was sold for: the next
// customer stands at the same one.
func TestTheNextSaleIsAtTheSameSite(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	to := b.submit("/admin/sell?site=kos", "#sell", "plan", "bulanan").moved()
	next := b.get(to).page(http.StatusOK).Find("a[accesskey=n]").AttrOr("href", "")
	if got := b.get(next).page(http.StatusOK).Find("#sell input[name=site]").AttrOr("value", ""); got != "kos" {
		t.Errorf("%s sells for %q", next, got)
	}
}

// A code typed at the counter opens the order; three digits of a number are no
// customer that never bought.
func TestTheCounterFindsWhatIsMeant(t *testing.T) {
	p := open(t)
	o := p.Buy("sehari", "qris")
	b := p.as(staff.Kasir).onShift()
	form := b.get("/admin/sell").page(http.StatusOK).Find("form[action='/admin/orders']")
	if to := b.get("/admin/orders?" + form.Find("input[type=hidden]").AttrOr("name", "x") + "=1&q=" + o.Code.Pretty()).moved(); to != orderLink(o) {
		t.Errorf("the code leads to %s", to)
	}
	if n := b.get("/admin/orders?q=" + o.Code.Pretty()).page(http.StatusOK).Find("tbody tr").Length(); n != 1 {
		t.Errorf("the list finds %d", n)
	}
	for digits, want := range map[string]string{"789": "minimal 4 angka", "7890": "Belum pernah membeli"} {
		if said := text(b.get("/admin/sell?phone=" + digits).page(http.StatusOK).Find("#found")); !strings.Contains(said, want) {
			t.Errorf("%s: %q", digits, said)
		}
	}
	if _, focused := b.get(orderLink(o) + "/pay").page(http.StatusOK).Find("#given").Attr("autofocus"); !focused {
		t.Error("the money is not where the keyboard is")
	}
	if _, focused := b.submit("/admin/sell", "#sell", "given", "1").page(http.StatusUnprocessableEntity).Find("#given").Attr("autofocus"); !focused {
		t.Error("after a wrong amount the keyboard is elsewhere")
	}
}

func orderLink(o order.Order) string { return "/admin/orders/" + string(o.Code) }

// While a router does not answer the receipt says so, and what to do.
func TestAReceiptSaysWhatItWaitsFor(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	p.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	o := b.sells()
	p.RunAll()
	if said := text(b.get("/admin/sell/" + string(o.Code)).page(http.StatusOK).Find("#sold [role=status]")); !strings.Contains(said, "router tidak terjangkau") {
		t.Error(said)
	}
}

// An act that is kept twice, for the order and for its money, is told once; a
// customer is called one.
func TestTheStoryOfAnOrderIsToldOnce(t *testing.T) {
	p := open(t)
	o := p.Buy("sehari", "qris")
	p.Pay(o)
	p.RunAll()
	b := p.as(staff.Admin)
	pays, err := p.Store.Payments(ctx, o.ID)
	if err != nil || len(pays) != 1 {
		t.Fatal(pays, err)
	}
	b.submit(orderLink(o)+"/refund/"+pays[0].Gateway+"/"+pays[0].Key, "main form", "typed", "5000", "amount", "5000", "reason", "tidak jadi").moved()
	said := text(p.as(staff.Kasir).get(orderLink(o)).page(http.StatusOK).Find("ol"))
	if n := strings.Count(said, "Pengembalian diminta"); n != 1 || !strings.Contains(said, "tidak jadi") || !strings.Contains(said, "pelanggan") || strings.Contains(said, "customer") {
		t.Errorf("%d times: %s", n, said)
	}
}

// Money is not given past the router by mistake: that way out is folded away.
func TestTheWayPastTheRouterIsFolded(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	o := b.sells()
	p.RunAll()
	p.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	pays, err := p.Store.Payments(ctx, o.ID)
	if err != nil || len(pays) != 1 {
		t.Fatal(pays, err)
	}
	to := b.submit(orderLink(o)+"/refund/"+pays[0].Gateway+"/"+pays[0].Key, "main form", "typed", "5000", "amount", "5000", "reason", "tidak jadi").moved()
	at, _, _ := strings.Cut(to, "?")
	boss := p.as(staff.Admin)
	boss.submit(at, "form[action$='/approve']", "typed", "5000", "reason", "benar").moved()
	doc := boss.get(at).page(http.StatusOK)
	if doc.Find("details:not([open]) form[action$='/skip']").Length() != 1 || !strings.Contains(text(doc.Find("main")), "sedang dimatikan") {
		t.Error(text(doc.Find("main")))
	}
}
