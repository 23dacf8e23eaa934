package refunds_test

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// byTransfer sells a voucher for an unconfirmed transfer.
func byTransfer(t *testing.T, k *shoptest.Harness, by actor.Actor, reference string) (order.Order, store.CounterPayment) {
	t.Helper()
	in := k.SaleForm(by)
	in.Method, in.Given, in.Reference = payments.Transfer, 0, reference
	o, err := k.Shop.Counter.Sell(ctx, in)
	k.Must(err)
	k.RunAll()
	taken, err := k.Store.CounterPayments(ctx, o.ID)
	if err != nil || len(taken) != 1 {
		t.Fatal(taken, err)
	}
	return o, taken[0]
}

// received is what the day's report says came in.
func received(t *testing.T, k *shoptest.Harness) (n int64) {
	t.Helper()
	zone := k.Shop.Zone
	cells, err := k.Store.DayCells(ctx, report.DayOf(shoptest.Start, zone), zone, k.Clock.Now())
	k.Must(err)
	for _, c := range cells {
		if c.Kind == report.In {
			n += int64(c.Amount) * c.N
		}
	}
	return n
}

func TestTransfersThatNeverArrive(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "after some days somebody is told, once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			_, c := byTransfer(t, k, siti, "bca 1")
			k.Clock.Add(71 * time.Hour)
			k.Must(k.Shop.Watchdog(ctx))
			if strings.Contains(strings.Join(k.Alerts(), " "), "transfer_overdue") {
				t.Fatal("too early")
			}
			k.Clock.Add(2 * time.Hour)
			k.Must(k.Shop.Watchdog(ctx))
			k.Must(k.Shop.Watchdog(ctx))
			k.WantAlert("transfer_overdue")
			k.Must(k.Shop.Refunds.Confirm(ctx, siti, c.Key, false))
			k.WantNoAlerts()
			rules := store.DefaultCounterRules
			rules.OverdueDays = 0
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, k.Staff("admin"), rules))
			byTransfer(t, k, siti, "bca 2")
			k.Clock.Add(1000 * time.Hour)
			k.Must(k.Shop.Watchdog(ctx))
			if strings.Contains(strings.Join(k.Alerts(), " "), "transfer_overdue") {
				t.Fatal("told although nobody wants to know")
			}
		}},
		{Name: "written off: the voucher ends, the order is flagged, nothing was received", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o, c := byTransfer(t, k, siti, "bca 1")
			if received(t, k) != 5000 {
				t.Fatal("not counted at first")
			}
			for code, bad := range map[string]func(*refunds.WriteOffIn){"confirm.amount": func(x *refunds.WriteOffIn) { x.Typed = "4999" }, "confirm.reason": func(x *refunds.WriteOffIn) { x.Reason = "" },
				"payment.not_found": func(x *refunds.WriteOffIn) { x.Sites = []string{"kos"} }} {
				in := shoptest.WriteOffForm(c, admin)
				bad(&in)
				k.WantCode(k.Shop.Refunds.WriteOff(ctx, in), code)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			for range 2 { // the same form twice
				k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)))
			}
			k.Want(o, order.Activated, order.FlagWrittenOff)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			if now := k.VoucherOf(o); now.State != voucher.Disabled || !k.Disabled("pojok", o.Username) {
				t.Fatal(now.State)
			}
			if owed, err := k.Store.Receivables(ctx); err != nil || len(owed) != 0 || received(t, k) != 0 || k.ExpectedTill(siti) != 100_000 {
				t.Fatal(owed, err, received(t, k))
			}
			if differ, err := k.Store.Differences(ctx, shoptest.Start.Add(-time.Hour)); err != nil || len(differ) != 0 {
				t.Fatal(differ, err)
			}
			if k.AuditCount(o, "payment.write_off") != 2 { // its amount and reason, and what the order became
				t.Fatal(k.AuditCount(o, "payment.write_off"))
			}
			k.WantNoAlerts()
			_, err := k.Shop.Refunds.RequestRefund(ctx, k.RefundForm(o, siti, 5000))
			k.WantCode(err, "refund.not_received")
		}},
		{Name: "it arrives after all: it counts, and the voucher may live again", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o, c := byTransfer(t, k, siti, "bca 1")
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)))
			k.RunAll()
			k.Must(k.Shop.Refunds.Confirm(ctx, admin, c.Key, false))
			k.Want(o, order.Activated)
			if received(t, k) != 5000 {
				t.Fatal(received(t, k))
			}
			k.WantCode(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)), "counter.confirmed")
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(k.VoucherOf(o), "")))
			k.RunAll()
			if k.Disabled("pojok", o.Username) {
				t.Fatal("it does not live again")
			}
		}},
		{Name: "paid another way meanwhile: the voucher stays", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o := k.BuyOne()
			_, err := k.Shop.Counter.Take(ctx, counter.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Transfer, Reference: "bca 3", Actor: siti})
			k.Must(err)
			k.Pay(o) // and by the code that was shown before
			k.Advance(5 * time.Second)
			c, err := k.Store.CounterPayments(ctx, o.ID)
			k.Must(err)
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c[0], admin)))
			k.RunAll()
			if now := k.Order(o); now.Status != order.Activated || k.VoucherOf(o).State != voucher.Sold {
				t.Fatal(now.Status, now.Flags)
			}
		}},
		{Name: "before it was delivered: the order is closed", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			o, c := byTransfer(t, k, siti, "bca 1")
			k.Want(o, order.Paid)
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)))
			k.Want(o, order.Refunded, order.FlagWrittenOff)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			if len(k.Users("pojok")) != 0 {
				t.Fatal(k.Users("pojok"))
			}
		}},
		{Name: "of an extension: the voucher keeps what was paid for", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			root := k.Buy("sejam", "qris")
			k.Pay(root)
			k.RunAll()
			before := k.VoucherOf(root)
			more, err := k.Shop.Orders.Extend(ctx, root.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
			k.Must(err)
			_, err = k.Shop.Counter.Take(ctx, counter.TakeIn{OrderID: more.ID, Nonce: k.NextNonce(), Method: payments.Transfer, Reference: "bca 4", Actor: siti})
			k.Must(err)
			k.RunAll()
			wantLimits(t, k, before, 2)
			c, err := k.Store.CounterPayments(ctx, more.ID)
			k.Must(err)
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c[0], admin)))
			k.RunAll()
			wantLimits(t, k, before, 1)
			if now := k.VoucherOf(root); now.State != voucher.Sold || !now.ValidUntil.Equal(before.ValidUntil) {
				t.Fatalf("%+v", now)
			}
			k.Want(root, order.Activated)
		}},
	})
}
