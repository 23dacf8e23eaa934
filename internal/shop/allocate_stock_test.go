package shop_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
)

// preferStock sells the one-day plan from stock and the one-hour plan from stock
// only.
var preferStock = shoptest.Selling(func(c *catalog.Catalogue) {
	c.Plans[0].Delivery, c.Plans[1].Delivery, c.Plans[2].Delivery = order.FromStock, order.OnlyStock, order.FromStock
})

func wantStock(t *testing.T, k *shoptest.Harness, plan string, want int) {
	t.Helper()
	if s, err := k.Store.StockOf(ctx, plan); err != nil || s.Total != want {
		t.Fatalf("%d in stock, want %d %v", s.Total, want, err)
	}
}

func TestDeliveryFromStock(t *testing.T) {
	run(t, []row{
		{"an order gets a voucher that lies ready, and no router is asked", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			users := len(k.Routers["pojok"].Rows("ip/hotspot/user"))
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			o := bought(k)
			v := k.StockVoucher(b, 1)
			if v.State != store.VoucherSold || v.OrderID != o.ID || o.Username != v.Username || o.Password != v.Password || o.RouterID != "pojok" {
				t.Fatalf("%+v %+v", v, o)
			}
			if page, err := k.Shop.Orders.View(ctx, o.Token); err != nil || page.Voucher.Username != v.Username || page.Voucher.Password != v.Password {
				t.Fatal(page.Voucher, err)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			if now := len(k.Routers["pojok"].Rows("ip/hotspot/user")); now != users || len(k.Users("pojok")) != 0 {
				t.Fatal("a user was made", now, users)
			}
			login(t, k, "pojok", 1, v)
			if v = k.StockVoucher(b, 1); v.State != store.VoucherActive || !v.ValidUntil.Equal(v.FirstLoginAt.Add(24*time.Hour)) {
				t.Fatalf("%+v", v)
			}
			k.Advance(25 * time.Hour)
			if v = k.StockVoucher(b, 1); v.State != store.VoucherExpired || !disabled(k, "pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
			wantStock(t, k, "sehari", 1)
		}},
		{"the counter sells from it the same way", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			b := k.Stocked("sehari", "pojok", 1)
			o, err := k.Shop.Counter.Sell(ctx, sale(k, siti))
			must(t, err)
			k.RunAll()
			if o = k.Want(o, order.Activated); o.Username != k.StockVoucher(b, 1).Username {
				t.Fatal(o.Username)
			}
		}},
		{"an empty stock makes a voucher as before", func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sehari", "pojok", 1)
			first, second := bought(k), bought(k)
			if first.Username == second.Username || len(k.Users("pojok")) != 1 {
				t.Fatal(k.Users("pojok"))
			}
			wantNoAlerts(t, k)
		}},
		{"paper, outlets and other limits are left alone", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			form := k.BatchForm("sehari", "pojok", 2)
			form.UptimeLimit = time.Hour
			_, err := k.Shop.Stock.CreateBatches(ctx, "staff:siti", form)
			must(t, err)
			k.RunAll()
			b := k.Stocked("sehari", "pojok", 3)
			_, err = k.Shop.Stock.NotePrint(ctx, "staff:siti", stock.PrintIn{BatchID: b.ID, First: 1, Last: 1, Format: stock.FormatPage, Nonce: k.NextNonce()})
			must(t, err)
			must(t, k.Shop.Counter.PutOutlet(ctx, siti.AuditName, counter.OutletIn{Name: "Warung"}))
			outlets, err := k.Store.Outlets(ctx)
			must(t, err)
			_, err = k.Shop.Counter.AssignStock(ctx, siti.AuditName, counter.HandOutIn{BatchID: b.ID, OutletID: outlets[0].ID, First: 2, Last: 2})
			must(t, err)
			if o := bought(k); o.Username != k.StockVoucher(b, 3).Username {
				t.Fatal("not the third")
			}
			bought(k)
			if len(k.Users("pojok")) != 1 {
				t.Fatal("the fourth was not made")
			}
			wantStock(t, k, "sehari", 4)
		}},
		{"only from stock: without any a person is told, and more of it ends the wait", func(t *testing.T, k *shoptest.Harness) {
			gone := k.Stocked("sejam", "pojok", 1)
			o := k.Buy("sejam", "qris")
			discard(t, k, gone)
			k.Pay(o)
			k.RunAll()
			if now := k.Want(o, order.Paid, order.FlagAttention); now.Attention != order.ReasonOutOfStock || len(k.Users("pojok")) != 0 {
				t.Fatal(now.Attention)
			}
			wantAlert(t, k, "attention")
			must(t, k.Shop.Vouchers.CheckStock(ctx)) // nothing there: nothing changes
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
		{"only from stock: the last voucher is promised once", func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sejam", "pojok", 2)
			siti := actor(t, k, "siti")
			var placed, refused atomic.Int32
			forms := make([]orders.PlaceIn, 6)
			for i := range forms {
				forms[i] = k.Form("sejam", "qris")
			}
			each(len(forms), func(i int) {
				switch _, err := k.Shop.Orders.Place(ctx, forms[i]); fault.CodeOf(err) {
				case "order.sold_out":
					refused.Add(1)
				default:
					placed.Add(1)
					must(t, err)
				}
			})
			if placed.Load() != 2 || refused.Load() != 4 {
				t.Fatalf("%d placed, %d refused", placed.Load(), refused.Load())
			}
			in := sale(k, siti)
			in.PlanID = "sejam"
			_, err := k.Shop.Counter.Sell(ctx, in)
			wantCode(t, err, "order.sold_out")
			orders, err := k.Store.ListOrders(ctx, store.OrderFilter{Limit: 10})
			must(t, err)
			for _, o := range orders {
				k.Pay(o)
			}
			k.RunAll()
			for _, o := range orders {
				k.Want(o, order.Activated)
			}
		}},
		{"only from stock: an extension takes no voucher", func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sejam", "pojok", 1)
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			more, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce()})
			must(t, err)
			k.Pay(more)
			k.RunAll()
			k.Want(more, order.Activated)
		}},
		{"giving the money back ends that very voucher", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			o := bought(k)
			f := request(t, k, o, person(t, k, "siti"), 5000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
			k.RunAll()
			wantState(t, k, f, order.RefundDone)
			k.Want(o, order.Refunded)
			if v := k.StockVoucher(b, 1); v.State != store.VoucherDisabled || !disabled(k, "pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
			if v := k.StockVoucher(b, 2); v.State != store.VoucherStock || disabled(k, "pojok", v.Username) {
				t.Fatalf("%+v", v)
			}
		}},
		{"a router that may have made a user is never left for the stock", func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "/ip/hotspot/user/add", Count: 1})
			o := buyOne(k)
			k.Pay(o)
			k.RunAll()
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Stocked("sehari", "pojok", 3)
			k.Advance(30 * time.Second)
			k.Want(o, order.Activated)
			if len(k.Users("pojok")) != 1 {
				t.Fatal(k.Users("pojok"))
			}
			wantStock(t, k, "sehari", 3)
		}},
		{"a router that was not reached leaves the way to the stock open", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 1)
			_, err := k.Shop.Stock.DisableBatch(ctx, "staff:siti", stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "salah cetak"})
			must(t, err)
			k.RunAll()
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			o := buyOne(k)
			k.Pay(o)
			k.Advance(3 * time.Second)
			if now := k.Want(o, order.Paid); now.RouterTouched {
				t.Fatal("a router that was not reached counts as asked")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			k.Want(o, order.Activated)
		}},
		{"an extension whose voucher ended meanwhile is delivered from stock, too", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sejam", "pojok", 2)
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			more := extend(t, k, o)
			k.Routers["pojok"].SetFaults(routerossim.Faults{HangAfter: true, Only: "/ip/hotspot/user/set"})
			k.Xendit.SetFaults(xenditQuiet)
			_, err := k.Shop.Orders.Reconcile(ctx, more.ID, "")
			must(t, err)
			_, err = k.Runner.RunDue(ctx)
			must(t, err)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, flip(t, k, sold(t, k, o), vouchers.KeepMoney)))
			k.Advance(30 * time.Second)
			if now := k.Want(more, order.Activated); now.Username != k.StockVoucher(b, 2).Username || len(k.Users("pojok")) != 0 {
				t.Fatal(now.Username, k.Users("pojok"))
			}
		}},
		{"two routers for one hotspot: the one that works gives it", func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("bulanan", "melati-a", 1)
			b := k.Stocked("bulanan", "melati-b", 1)
			k.Routers["melati-a"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Routers.CheckRouters(ctx))
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

// Fifty orders at once, thirty vouchers: none is shared, the rest are made.
func TestDeliveryRace(t *testing.T) {
	run(t, []row{{"fifty orders at once never share a voucher", func(t *testing.T, k *shoptest.Harness) {
		b := k.Stocked("sehari", "pojok", 30)
		k.Xendit.SetFaults(xenditQuiet)
		var orders []order.Order
		for range 50 {
			o := buyOne(k)
			k.Pay(o)
			if _, err := k.Shop.Orders.Reconcile(ctx, o.ID, ""); err != nil {
				t.Fatal(err)
			}
			orders = append(orders, o)
		}
		var all sync.WaitGroup
		for _, o := range orders {
			for range 2 { // and each by two workers, as after a lost lease
				all.Add(1)
				go func() {
					defer all.Done()
					err := k.Shop.Vouchers.Activate(ctx, jobs.Job{Kind: jobs.OrderActivate, Subject: string(o.ID)})
					if err != nil && !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.Limited) && !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				}()
			}
		}
		all.Wait()
		k.Advance(20 * time.Second)
		buyers := map[string]int{}
		for _, o := range orders {
			buyers[k.Want(o, order.Activated).Username]++
		}
		if len(buyers) != 50 {
			t.Fatalf("%d names for 50 orders", len(buyers))
		}
		n, err := k.Store.BatchCounts(ctx, b.ID)
		if err != nil || n.By[store.VoucherSold] != 30 || len(k.Users("pojok")) != 20 {
			t.Fatal(n.By, len(k.Users("pojok")), err)
		}
	}}}, preferStock)
}

// A process that dies before, while or after a voucher is taken.
func TestDeliveryCrashes(t *testing.T) {
	run(t, []row{
		{"killed with the job in hand", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 3)
			k.Xendit.SetFaults(xenditQuiet)
			o := buyOne(k)
			k.Pay(o)
			_, err := k.Shop.Orders.Reconcile(ctx, o.ID, "")
			must(t, err)
			if j := k.LeaseAndDie(); j.Kind != jobs.OrderActivate {
				t.Fatal(j.Kind)
			}
			k.Want(o, order.Paid)
			wantStock(t, k, "sehari", 3)
			k.Advance(15 * time.Second)
			if k.Want(o, order.Activated).Username != k.StockVoucher(b, 1).Username {
				t.Fatal("not from stock")
			}
			wantStock(t, k, "sehari", 2)
		}},
		{"killed between taking and showing", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 3)
			k.Xendit.SetFaults(xenditQuiet)
			o := buyOne(k)
			k.Pay(o)
			_, err := k.Shop.Orders.Reconcile(ctx, o.ID, "")
			must(t, err)
			j := k.LeaseAndDie()
			must(t, k.Shop.Vouchers.Activate(ctx, j)) // committed; its job never hears of it
			taken := k.Want(o, order.Activated).Username
			k.Advance(15 * time.Second) // the next worker does the job again
			if now := k.Want(o, order.Activated).Username; now != taken || taken != k.StockVoucher(b, 1).Username {
				t.Fatal(now, taken)
			}
			wantStock(t, k, "sehari", 2)
			if page, err := k.Shop.Orders.View(ctx, o.Token); err != nil || page.Voucher.Username != taken {
				t.Fatal(err)
			}
		}},
		{"the order changes while it is taken", func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sehari", "pojok", 2)
			k.Xendit.SetFaults(xenditQuiet)
			o := buyOne(k)
			k.Pay(o)
			_, err := k.Shop.Orders.Reconcile(ctx, o.ID, "")
			must(t, err)
			// Whatever commits in between, the loser starts over with fresh facts.
			done := make(chan error, 2)
			go func() { done <- k.Shop.Vouchers.Activate(ctx, jobs.Job{Subject: string(o.ID)}) }()
			go func() { _, err := k.Shop.Orders.Reconcile(ctx, o.ID, k.GatewayID(o)); done <- err }()
			must(t, <-done)
			must(t, <-done)
			k.RunAll()
			k.Want(o, order.Activated)
			wantStock(t, k, "sehari", 1)
		}},
	}, preferStock)
}

// xenditQuiet leaves the work to the test: no message arrives.
var xenditQuiet = xenditsim.Faults{DropWebhooks: true}

// discard ends a batch, as staff do whose paper was lost.
func discard(t *testing.T, k *shoptest.Harness, b store.Batch) {
	t.Helper()
	_, err := k.Shop.Stock.DisableBatch(ctx, "staff:siti", stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "uji"})
	must(t, err)
}
