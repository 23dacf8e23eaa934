package vouchers_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// preferStock sells the one-day plan from stock and the one-hour plan from stock
// only.
var preferStock = shoptest.Selling(func(c *catalog.Catalogue) {
	c.Plans[0].Delivery, c.Plans[1].Delivery, c.Plans[2].Delivery = order.FromStock, order.OnlyStock, order.FromStock
})

func TestDeliveryFromStock(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "an order gets a voucher that lies ready, and no router is asked", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			users := len(k.Routers["pojok"].Rows("ip/hotspot/user"))
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			o := k.Bought()
			v := k.StockVoucher(b, 1)
			if v.State != voucher.Sold || v.OrderID != o.ID || o.Username != v.Username || o.Password != v.Password || o.RouterID != "pojok" {
				t.Fatalf("%+v %+v", v, o)
			}
			if page, err := k.Shop.Orders.View(ctx, o.Token); err != nil || page.Voucher.Username != v.Username || page.Voucher.Password != v.Password {
				t.Fatal(page.Voucher, err)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			if now := len(k.Routers["pojok"].Rows("ip/hotspot/user")); now != users || len(k.Users("pojok")) != 0 {
				t.Fatal("a user was made", now, users)
			}
			k.LoginVoucher("pojok", 1, v)
			if v = k.StockVoucher(b, 1); v.State != voucher.Active || !v.ValidUntil.Equal(v.FirstLoginAt.Add(24*time.Hour)) {
				t.Fatalf("%+v", v)
			}
			k.Advance(25 * time.Hour)
			if v = k.StockVoucher(b, 1); v.State != voucher.Expired || !k.Disabled("pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
			k.WantStock("sehari", 1)
		}},
		{Name: "the counter sells from it the same way", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 1)
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
			k.Must(err)
			k.RunAll()
			if o = k.Want(o, order.Activated); o.Username != k.StockVoucher(b, 1).Username {
				t.Fatal(o.Username)
			}
		}},
		{Name: "an empty stock makes a voucher as before", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sehari", "pojok", 1)
			first, second := k.Bought(), k.Bought()
			if first.Username == second.Username || len(k.Users("pojok")) != 1 {
				t.Fatal(k.Users("pojok"))
			}
			k.WantNoAlerts()
		}},
		{Name: "paper, outlets and other limits are left alone", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			form := k.BatchForm("sehari", "pojok", 2)
			form.UptimeLimit = time.Hour
			_, err := k.Shop.Stock.CreateBatches(ctx, actor.Named("staff:siti"), form)
			k.Must(err)
			k.RunAll()
			b := k.Stocked("sehari", "pojok", 3)
			_, err = k.Shop.Stock.NotePrint(ctx, actor.Named("staff:siti"), stock.PrintIn{BatchID: b.ID, First: 1, Last: 1, Format: stock.FormatPage, Nonce: k.NextNonce()})
			k.Must(err)
			k.Must(k.Shop.Counter.PutOutlet(ctx, siti, counter.OutletIn{Name: "Warung"}))
			outlets, err := k.Store.Outlets(ctx)
			k.Must(err)
			_, err = k.Shop.Counter.AssignStock(ctx, siti, counter.HandOutIn{BatchID: b.ID, OutletID: outlets[0].ID, First: 2, Last: 2})
			k.Must(err)
			if o := k.Bought(); o.Username != k.StockVoucher(b, 3).Username {
				t.Fatal("not the third")
			}
			k.Bought()
			if len(k.Users("pojok")) != 1 {
				t.Fatal("the fourth was not made")
			}
			k.WantStock("sehari", 4)
		}},
		{Name: "only from stock: without any a person is told, and more of it ends the wait", Test: func(t *testing.T, k *shoptest.Harness) {
			gone := k.Stocked("sejam", "pojok", 1)
			o := k.Buy("sejam", "qris")
			discard(t, k, gone)
			k.Pay(o)
			k.RunAll()
			if now := k.Want(o, order.Paid, order.FlagAttention); now.Attention != order.ReasonOutOfStock || len(k.Users("pojok")) != 0 {
				t.Fatal(now.Attention)
			}
			k.WantAlert("attention")
			k.Must(k.Shop.Vouchers.CheckStock(ctx)) // nothing there: nothing changes
			k.RunAll()
			if k.AuditCount(o, "order.retry") != 0 {
				t.Fatal("tried in vain")
			}
			b := k.Stocked("sejam", "pojok", 1)
			k.RunAll()
			now := k.Want(o, order.Activated)
			if v := k.StockVoucher(b, 1); v.OrderID != o.ID || !v.ValidUntil.Equal(now.ValidUntil) || !now.ValidUntil.Equal(now.ActivatedAt.Add(time.Hour)) {
				t.Fatalf("%+v", v)
			}
			for _, kind := range k.Alerts() {
				if kind == "attention" {
					t.Fatal("the alert stays open")
				}
			}
		}},
		{Name: "only from stock: the last voucher is promised once", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sejam", "pojok", 2)
			siti := k.OnShift("siti")
			var placed, refused atomic.Int32
			forms := make([]orders.PlaceIn, 6)
			for i := range forms {
				forms[i] = k.Form("sejam", "qris")
			}
			shoptest.Each(len(forms), func(i int) {
				switch _, err := k.Shop.Orders.Place(ctx, forms[i]); fault.CodeOf(err) {
				case "order.sold_out":
					refused.Add(1)
				default:
					placed.Add(1)
					k.Must(err)
				}
			})
			if placed.Load() != 2 || refused.Load() != 4 {
				t.Fatalf("%d placed, %d refused", placed.Load(), refused.Load())
			}
			in := k.SaleForm(siti)
			in.PlanID = "sejam"
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.WantCode(err, "order.sold_out")
			orders, err := k.Store.ListOrders(ctx, store.OrderFilter{Limit: 10})
			k.Must(err)
			for _, o := range orders {
				k.Pay(o)
			}
			k.RunAll()
			for _, o := range orders {
				k.Want(o, order.Activated)
			}
		}},
		{Name: "only from stock: an extension takes no voucher", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sejam", "pojok", 1)
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			more, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce()})
			k.Must(err)
			k.Pay(more)
			k.RunAll()
			k.Want(more, order.Activated)
		}},
		{Name: "giving the money back ends that very voucher", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			o := k.Bought()
			f := k.RequestRefund(o, k.Staff("siti"), 5000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			k.RunAll()
			k.WantRefund(f, order.RefundDone)
			k.Want(o, order.Refunded)
			if v := k.StockVoucher(b, 1); v.State != voucher.Disabled || !k.Disabled("pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
			if v := k.StockVoucher(b, 2); v.State != voucher.Stock || k.Disabled("pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
		}},
		{Name: "a router that may have made a user is never left for the stock", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "/ip/hotspot/user/add", Count: 1})
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Stocked("sehari", "pojok", 3)
			k.Advance(30 * time.Second)
			k.Want(o, order.Activated)
			if len(k.Users("pojok")) != 1 {
				t.Fatal(k.Users("pojok"))
			}
			k.WantStock("sehari", 3)
		}},
		{Name: "a router that was not reached leaves the way to the stock open", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 1)
			_, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:siti"), stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "salah cetak"})
			k.Must(err)
			k.RunAll()
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			o := k.BuyOne()
			k.Pay(o)
			k.Advance(3 * time.Second)
			if now := k.Want(o, order.Paid); now.RouterTouched {
				t.Fatal("a router that was not reached counts as asked")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			k.Want(o, order.Activated)
		}},
		{Name: "an extension whose voucher ended meanwhile is delivered from stock, too", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sejam", "pojok", 2)
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			more := k.Extend(o)
			k.Routers["pojok"].SetFaults(routerossim.Faults{HangAfter: true, Only: "/ip/hotspot/user/set"})
			k.Xendit.SetFaults(xenditQuiet)
			_, err := k.Shop.Orders.Reconcile(ctx, more.ID, "")
			k.Must(err)
			_, err = k.Runner.RunDue(ctx)
			k.Must(err)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(k.VoucherOf(o), vouchers.KeepMoney)))
			k.Advance(30 * time.Second)
			if now := k.Want(more, order.Activated); now.Username != k.StockVoucher(b, 2).Username || len(k.Users("pojok")) != 0 {
				t.Fatal(now.Username, k.Users("pojok"))
			}
		}},
		{Name: "two routers for one hotspot: the one that works gives it", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("bulanan", "melati-a", 1)
			b := k.Stocked("bulanan", "melati-b", 1)
			k.Routers["melati-a"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			o := k.Buy("bulanan", "qris")
			k.Pay(o)
			k.RunAll()
			if o = k.Want(o, order.Activated); o.RouterID != "melati-b" || o.Username != k.StockVoucher(b, 1).Username {
				t.Fatal(o.RouterID)
			}
			k.Routers["melati-a"].SetFaults(routerossim.Faults{})
		}},
	}, preferStock)
}

// discard ends a batch, as staff do whose paper was lost.
func discard(t *testing.T, k *shoptest.Harness, b store.Batch) {
	t.Helper()
	_, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:siti"), stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "uji"})
	k.Must(err)
}

var stockOnly = shoptest.Selling(func(c *catalog.Catalogue) {
	c.Plans[0].Delivery, c.Plans[1].Delivery = order.OnlyStock, order.OnlyStock
})

// Orders of one plan without stock do not keep those of another waiting.
func TestStockOfOnePlanServesItsOrders(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "however many wait for another", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			gone := []store.Batch{k.Stocked("sejam", "pojok", 51), k.Stocked("sehari", "pojok", 1)}
			in := k.SaleForm(siti)
			in.PlanID = "sejam"
			for i := range 51 {
				in.Nonce, in.Method, in.Given, in.Reference = k.NextNonce(), payments.Transfer, 0, fmt.Sprint("bca ", 100+i)
				_, err := k.Shop.Counter.Sell(ctx, in)
				k.Must(err)
			}
			in = k.SaleForm(siti)
			o, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			for _, b := range gone {
				discard(t, k, b)
			}
			k.RunAll()
			if now := k.Want(o, order.Paid, order.FlagAttention); now.Attention != order.ReasonOutOfStock {
				t.Fatal(now.Attention)
			}
			k.Stocked("sehari", "pojok", 1)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
	}, stockOnly)
}
