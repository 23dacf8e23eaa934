package admin

import (
	"net/http"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
)

// A voucher whose online time is used up is not called active: not on its page,
// and not in lists once its router has told.
func TestAUsedUpVoucherIsNotCalledActive(t *testing.T) {
	p := open(t, shoptest.Selling(func(c *catalog.Catalogue) {
		for i := range c.Plans {
			c.Plans[i].UptimeLimit = time.Hour
		}
	}))
	device := order.Hints{MAC: "AA:BB:CC:00:00:31", IP: "10.5.50.31"}
	p.Join("pojok", device.MAC, device.IP)
	o := p.Buy("sehari", "qris")
	p.Pay(o)
	p.RunAll()
	if err := p.Shop.Vouchers.Connect(ctx, o.Token, device); err != nil {
		t.Fatal(err)
	}
	p.Advance(2 * time.Hour)
	boss := p.as(staff.Admin)
	find := "/admin/vouchers/find?q=" + p.Order(o).Username
	at := boss.get(find).page(http.StatusOK).Find("tbody a").First().AttrOr("href", "")
	for _, page := range []string{at, find} {
		doc := boss.get(page).page(http.StatusOK)
		if got := text(doc.Find("main .tag").First()); got != "Habis terpakai" || doc.Find("main .tag.good").Length() != 0 {
			t.Errorf("%s: %q", page, got)
		}
	}
}
