package admin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/staff"
)

// extended is an order that made the voucher of another one longer, paid at the
// counter.
func extended(p *panel, kasir *browser, root order.Order) order.Order {
	p.Helper()
	more, err := p.Shop.Orders.Extend(ctx, root.Token, orders.AgainIn{Nonce: p.NextNonce(), Client: "203.0.113.9"})
	if err != nil {
		p.Fatal(err)
	}
	kasir.submit("/admin/orders/"+string(more.Code)+"/pay", "form[action$='/pay']").moved()
	p.RunAll()
	return p.Order(more)
}

// A printed voucher, an order's page and the search know an extension by the voucher
// that it extended; the name drawn for the order itself is on no router.
func TestAnExtensionShowsTheVoucherItExtended(t *testing.T) {
	p := open(t)
	kasir, boss := p.as(staff.Kasir).onShift(), p.as(staff.Admin)
	root := p.Buy("sejam", "qris")
	p.Pay(root)
	p.RunAll()
	root = p.Order(root)
	more := extended(p, kasir, root)
	if more.Status != order.Activated || more.Username == root.Username {
		t.Fatalf("%+v", more)
	}
	slip := text(kasir.get("/admin/sell/" + string(more.Code)).page(http.StatusOK).Find(".receipt"))
	if !strings.Contains(slip, root.Username) || !strings.Contains(slip, root.Password) || strings.Contains(slip, more.Username) || !strings.Contains(slip, "Diperpanjang") {
		t.Errorf("slip: %s", slip)
	}
	for name, doc := range map[string]string{
		"page":     text(boss.get("/admin/orders/" + string(more.Code)).page(http.StatusOK).Find("section.card").First()),
		"revealed": text(boss.submit("/admin/orders/"+string(more.Code), "form[action$='/credentials']").page(http.StatusOK).Find("section.card").First()),
	} {
		if !strings.Contains(doc, order.PublicName(root.Username, root.Password)) || strings.Contains(doc, more.Username) {
			t.Errorf("%s: %s", name, doc)
		}
		if name == "revealed" && !strings.Contains(doc, root.Password) {
			t.Errorf("%s: %s", name, doc)
		}
	}
	for _, typed := range []string{root.Username, strings.ToUpper(root.Username)} {
		found := text(boss.get("/admin/orders?q=" + typed).page(http.StatusOK).Find("main"))
		if !strings.Contains(found, more.Code.Pretty()) || !strings.Contains(found, root.Code.Pretty()) {
			t.Errorf("search for %q: %s", typed, found)
		}
	}
}

// Nothing calls a voucher active that works no more.
func TestAVoucherThatEndedIsNowhereActive(t *testing.T) {
	for name, end := range map[string]func(p *panel, o order.Order){
		"dimatikan": func(p *panel, o order.Order) {
			v, _, err := p.Store.Voucher(ctx, o.ID)
			if err != nil {
				p.Fatal(err)
			}
			p.as(staff.Admin).submit("/admin/vouchers/"+v.ID+"/disable", "form[action$='/disable']", "typed", v.Username, "reason", "salah jual", "money", "ask").moved()
			p.RunAll()
		},
		"habis": func(p *panel, o order.Order) { p.Login("pojok", o); p.Advance(2 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			kasir := p.as(staff.Kasir).onShift()
			o := kasir.sells("plan", "sejam")
			p.RunAll()
			end(p, o)
			kasir.submit("/admin/login", "form", "name", "uji-kasir", "password", password).moved() // a session ends while nothing is done
			slip := text(kasir.get("/admin/sell/" + string(o.Code)).page(http.StatusOK).Find("main"))
			page := text(kasir.get("/admin/orders/" + string(o.Code)).page(http.StatusOK).Find("main > p, main > section"))
			list := text(kasir.get("/admin/orders?q=" + string(o.Code)).page(http.StatusOK).Find("main .list"))
			for where, said := range map[string]string{"slip": slip, "page": page, "list": list} {
				if strings.Contains(strings.ToLower(said), "aktif") {
					t.Errorf("%s: %s", where, said)
				}
			}
			if !strings.Contains(slip, "sudah "+name) || strings.Contains(slip, o.Password) {
				t.Errorf("slip: %s", slip)
			}
			if !strings.Contains(page, name) {
				t.Errorf("page: %s", page)
			}
		})
	}
}
