package counter_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/payments"
)

var ctx = context.Background()

func TestCounter(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a sale in cash is activated by the same road", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
			k.Must(err)
			k.Want(o, order.Paid)
			k.RunAll()
			now := k.Want(o, order.Activated)
			if now.SellerID != siti.ID || now.Channel != order.OverCounter || len(k.Users("pojok")) != 1 || k.ExpectedTill(siti) != 105_000 {
				t.Fatal(now.SellerID, now.Channel, k.Users("pojok"), k.ExpectedTill(siti))
			}
			if c, found, err := k.Store.Receipt(ctx, o.ID); err != nil || !found || c.No != 1 || c.Year != 2026 {
				t.Fatal(c, found, err)
			}
			if v, err := k.Shop.Orders.Fresh(ctx, o.Token); err != nil || v.Attempt.Method != payments.Cash {
				t.Fatal("the customer's page of a counter sale", v.Attempt, err)
			}
			if again, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "1.1.1.1"}); err != nil || again.Extends != o.ID {
				t.Fatal("a counter sale can be extended online", err)
			}
			k.WantNoAlerts()
		}},
		{Name: "a form sent twice at once sells once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			in := k.SaleForm(siti)
			ids := make([]order.ID, 6)
			var all sync.WaitGroup
			for i := range ids {
				all.Add(1)
				go func() {
					defer all.Done()
					o, err := k.Shop.Counter.Sell(ctx, in)
					if err != nil {
						t.Error(err)
					}
					ids[i] = o.ID
				}()
			}
			all.Wait()
			k.RunAll()
			for _, id := range ids {
				if id != ids[0] {
					t.Fatal("two orders from one form")
				}
			}
			if k.ExpectedTill(siti) != 105_000 || len(k.Users("pojok")) != 1 {
				t.Fatal(k.ExpectedTill(siti), k.Users("pojok"))
			}
			in.PlanID = "sejam"
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.WantCode(err, "order.nonce_reused")
		}},
		{Name: "no shift, no sale", Test: func(t *testing.T, k *shoptest.Harness) {
			_, err := k.Shop.Counter.Sell(ctx, k.SaleForm(k.Staff("budi")))
			k.WantCode(err, "shift.closed")
			if all, err := k.Store.ListOrders(ctx, store.OrderFilter{}); err != nil || len(all) != 0 {
				t.Fatal("something was written", len(all), err)
			}
		}},
		{Name: "hostile and wrong forms sell nothing", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			for code, change := range map[string]func(*counter.SellIn){
				"counter.given_short": func(in *counter.SellIn) { in.Given = 4999 }, "counter.given_form": func(in *counter.SellIn) { in.Given = -5 },
				"counter.reference_with_cash": func(in *counter.SellIn) { in.Reference = "bca 0098" }, "counter.given_with_transfer": func(in *counter.SellIn) { in.Method, in.Reference = payments.Transfer, "bca 0098" },
				"counter.method": func(in *counter.SellIn) { in.Method = "credit" }, "counter.reference_form": func(in *counter.SellIn) { in.Method, in.Given, in.Reference = payments.Transfer, 0, "\x00\x01" },
				"order.plan_unknown": func(in *counter.SellIn) { in.PlanID = "bulanan" }, "order.phone_invalid": func(in *counter.SellIn) { in.Phone = "'; DROP TABLE orders; --" },
				"order.form_stale": func(in *counter.SellIn) { in.Nonce = "x" }, "site.not_found": func(in *counter.SellIn) { in.SiteID = "../../etc" },
			} {
				in := k.SaleForm(siti)
				change(&in)
				_, err := k.Shop.Counter.Sell(ctx, in)
				k.WantCode(err, code)
			}
			if k.ExpectedTill(siti) != 100_000 {
				t.Fatal(k.ExpectedTill(siti))
			}
		}},
		{Name: "a transfer is delivered, and owed until an admin saw it", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			in := k.SaleForm(siti)
			in.Method, in.Given, in.Reference = payments.Transfer, 0, "bca 0099"
			o, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			k.Want(o, order.Activated)
			k.WantAlert("transfer_unconfirmed")
			for _, again := range []string{"  BCA  0099 ", "bca-0099", "BCA0099", "ＢＣＡ ００９９", "bca.00/99"} {
				in.Nonce, in.Reference = k.NextNonce(), again
				_, err = k.Shop.Counter.Sell(ctx, in)
				k.WantCode(err, "counter.reference_used")
				if fault.SubjectOf(err) != o.Code.Pretty() {
					t.Errorf("%s: it names %q", again, fault.SubjectOf(err))
				}
			}
			for _, written := range []string{"bca-0099", "Bca 0099"} {
				if found, err := k.Store.ListOrders(ctx, store.OrderFilter{Search: written, Limit: 5}); err != nil || len(found) != 1 || found[0].ID != o.ID {
					t.Errorf("%s finds %d orders: %v", written, len(found), err)
				}
			}
			owed, err := k.Store.Receivables(ctx)
			if err != nil || len(owed) != 1 || owed[0].OrderID != o.ID {
				t.Fatal(owed, err)
			}
			k.Must(k.Shop.Refunds.Confirm(ctx, k.Staff("admin"), owed[0].Key, false))
			k.WantCode(k.Shop.Refunds.Confirm(ctx, siti, owed[0].Key, false), "counter.confirmed")
			k.WantNoAlerts()
			if k.ExpectedTill(siti) != 100_000 {
				t.Fatal("a transfer is no cash")
			}
		}},
		{Name: "a transfer counts at once where the operator says so", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, siti, store.CounterRules{SecondAbove: 1}))
			in := k.SaleForm(siti)
			in.Method, in.Given, in.Reference = payments.Transfer, 0, "bca 0100"
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			if owed, err := k.Store.Receivables(ctx); err != nil || len(owed) != 0 {
				t.Fatal(owed, err)
			}
			k.WantNoAlerts()
		}},
		{Name: "an online order is paid in cash by its code", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o := k.BuyOne()
			in := k.CashForm(siti, o)
			_, err := k.Shop.Counter.Take(ctx, in)
			k.Must(err)
			_, err = k.Shop.Counter.Take(ctx, in)
			k.Must(err) // the same form again
			_, err = k.Shop.Counter.Take(ctx, k.CashForm(siti, o))
			k.WantCode(err, "order.already_paid")
			k.RunAll()
			k.Want(o, order.Activated)
			if k.ExpectedTill(siti) != 105_000 {
				t.Fatal(k.ExpectedTill(siti))
			}
		}},
		{Name: "the same form for an online order at once takes money once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o := k.BuyOne()
			in := k.CashForm(siti, o)
			shoptest.Each(5, func(int) {
				if _, err := k.Shop.Counter.Take(ctx, in); err != nil {
					t.Error(err)
				}
			})
			k.RunAll()
			k.Want(o, order.Activated)
			if k.ExpectedTill(siti) != 105_000 {
				t.Fatal(k.ExpectedTill(siti))
			}
		}},
		{Name: "cash for an order whose time is over is late", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o := k.BuyOne()
			k.Advance(33 * time.Minute)
			_, err := k.Shop.Counter.Take(ctx, k.CashForm(siti, o))
			k.Must(err)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{Name: "cash for the rest of an underpaid order", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o := k.BuyOne()
			k.PayAmount(o, 3000)
			k.RunAll()
			_, err := k.Shop.Counter.Take(ctx, k.CashForm(siti, o))
			k.Must(err)
			k.RunAll()
			k.Want(o, order.Activated)
			if k.ExpectedTill(siti) != 102_000 {
				t.Fatal(k.ExpectedTill(siti))
			}
		}},
		{Name: "no cash for cancelled, paid and activated orders", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			gone, paid := k.BuyOne(), k.BuyOne()
			k.Must(k.Shop.Orders.Cancel(ctx, siti, gone.ID, "salah pesan"))
			_, err := k.Shop.Counter.Take(ctx, k.CashForm(siti, gone))
			k.WantCode(err, "counter.cancelled")
			k.Pay(paid)
			k.RunAll()
			_, err = k.Shop.Counter.Take(ctx, k.CashForm(siti, paid))
			k.WantCode(err, "order.already_paid")
			if k.ExpectedTill(siti) != 100_000 {
				t.Fatal(k.ExpectedTill(siti))
			}
		}},
		{Name: "cash and QRIS at the same moment: one voucher, the second money is owed back", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o := k.BuyOne()
			var both sync.WaitGroup
			both.Add(2)
			go func() { defer both.Done(); k.Pay(o); k.RunAll() }()
			go func() {
				defer both.Done()
				if _, err := k.Shop.Counter.Take(ctx, k.CashForm(siti, o)); err != nil && fault.CodeOf(err) != "order.already_paid" {
					t.Error(err)
				}
			}()
			both.Wait()
			k.RunAll()
			k.Advance(2 * time.Second)
			now := k.Order(o)
			paid, err := k.Store.Payments(ctx, o.ID)
			if err != nil || now.Status != order.Activated || len(k.Users("pojok")) != 1 {
				t.Fatal(now.Status, k.Users("pojok"), err)
			}
			refunds, err := k.Store.Refunds(ctx, o.ID)
			if err != nil || len(refunds) != len(paid)-1 {
				t.Fatalf("%d payments, refunds %+v %v", len(paid), refunds, err)
			}
		}},
		{Name: "cash first, then QRIS arrives all the same", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o := k.BuyOne()
			reference := k.Reference(o)
			_, err := k.Shop.Counter.Take(ctx, k.CashForm(siti, o))
			k.Must(err)
			k.Clock.Add(time.Second)
			k.PayReference(reference, 0)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagDuplicate)
			k.WantRefundDue(o, 5000)
		}},
	})
}

// A site that gives late money back takes no late cash.
func TestNoLateCashWhereLateMoneyGoesBack(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "too late", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		o := k.BuyOne()
		k.Advance(33 * time.Minute)
		_, err := k.Shop.Counter.Take(ctx, k.CashForm(siti, o))
		k.WantCode(err, "counter.too_late")
	}}}, shoptest.Selling(func(c *catalog.Catalogue) { c.Sites[0].Policies.RefundLate = true }))
}

// The gateway knows nothing of an order that was sold at the counter.
func TestASaleIsNotPolled(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "sold", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
		k.Must(err)
		k.WantCode(k.Shop.Orders.PollGatewayNow(ctx, actor.Named("staff:siti"), o.ID), "attempt.not_found")
		if n := k.AuditCount(o, "order.check"); n != 0 {
			t.Error(n)
		}
		online := k.BuyOne()
		k.Must(k.Shop.Orders.PollGatewayNow(ctx, actor.Named("staff:siti"), online.ID))
		if n := k.AuditCount(online, "order.check"); n != 1 {
			t.Error(n)
		}
	}}})
}
