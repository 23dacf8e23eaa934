package admin

import (
	"net/http"
	"strings"
	"testing"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/staff"
	"gerai/internal/store"
)

func sold(p *panel) []order.Order {
	all, err := p.Store.ListOrders(ctx, store.OrderFilter{Limit: 10})
	if err != nil {
		p.Fatal(err)
	}
	return all
}

func TestTheCounterSellsForThePriceItShowed(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	page := b.get("/admin/sell").page(http.StatusOK)
	p.Resell(func(c *catalog.Catalogue) { c.Plans[0].Price = 7000 })
	doc := b.fill(page.Find("#sell"), "plan", "sehari", "phone", "0812-3456-7890").page(http.StatusConflict)
	said := text(doc.Find("#sell"))
	if !strings.Contains(said, "Tadi: Rp5.000") || !strings.Contains(said, "Sekarang: Rp7.000") || doc.Find("#phone").AttrOr("value", "") != "0812-3456-7890" {
		t.Errorf("%s", said)
	}
	if n := len(sold(p)); n != 0 {
		t.Fatalf("%d sales", n)
	}
	if to := b.fill(doc.Find("#sell"), "plan", "sehari").moved(); !strings.HasPrefix(to, "/admin/sell/") || len(sold(p)) != 1 {
		t.Errorf("%s", to)
	}
}

func TestTheCounterTakesTheAmountItShowed(t *testing.T) {
	p := open(t)
	b := p.as(staff.Kasir).onShift()
	o := p.Buy("bulanan", "va:BCA")
	page := b.get("/admin/orders/" + string(o.Code) + "/pay").page(http.StatusOK)
	doc := b.fill(page.Find("form[action$='/pay']"), "due", "84000").page(http.StatusConflict)
	if !strings.Contains(text(doc.Find("#wrong")), "sudah berubah") || p.Order(o).Status != order.Pending {
		t.Errorf("%s", text(doc.Find("main")))
	}
}
