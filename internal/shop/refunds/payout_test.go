package refunds_test

import (
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// A refund below the limit by an account that may ask and approve is one form, cash out of its
// till included; the money leaves once the voucher is off.
func TestRefundAtOnce(t *testing.T) {
	ask := func(k *shoptest.Harness, in refunds.RefundIn, o order.Order) refunds.RefundIn {
		k.Helper()
		pays, err := k.Store.Payments(ctx, o.ID)
		k.Must(err)
		in.Gateway, in.PaymentKey, in.OrderID, in.Typed, in.Reason, in.Nonce = pays[0].Gateway, pays[0].Key, o.ID, in.Amount.String(), "mati lampu", k.NextNonce()
		return in
	}
	shoptest.Run(t, []shoptest.Row{
		{Name: "cash", Test: func(t *testing.T, k *shoptest.Harness) {
			boss := k.OnShift("pemilik")
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(boss))
			k.Must(err)
			k.RunAll()
			in := ask(k, refunds.RefundIn{Amount: 5000, Actor: boss}, o)
			shoptest.Each(4, func(int) {
				if _, _, err := k.Shop.Refunds.RefundAtOnce(ctx, in, true); err != nil && fault.CodeOf(err) != "refund.decided" {
					t.Error(err)
				}
			})
			if _, approved, err := k.Shop.Refunds.RefundAtOnce(ctx, in, true); err != nil || !approved {
				t.Fatal(approved, err)
			}
			k.RunAll()
			k.Want(o, order.Refunded)
			all, err := k.Store.Refunds(ctx, o.ID)
			if err != nil || len(all) != 1 || all[0].State != order.RefundDone || k.ExpectedTill(boss) != 100_000 || !k.Disabled("pojok", o.Username) {
				t.Fatal(all, k.ExpectedTill(boss), err)
			}
		}},
		{Name: "the shift is closed before the voucher is off", Test: func(t *testing.T, k *shoptest.Harness) {
			boss := k.OnShift("pemilik")
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(boss))
			k.Must(err)
			k.RunAll()
			f, approved, err := k.Shop.Refunds.RefundAtOnce(ctx, ask(k, refunds.RefundIn{Amount: 5000, Actor: boss}, o), true)
			if err != nil || !approved {
				t.Fatal(approved, err)
			}
			s, _, err := k.Store.OpenShift(ctx, boss.ID)
			k.Must(err)
			closed, err := k.Shop.Counter.CloseShift(ctx, boss, s.ID, 105_000, "")
			if err != nil || closed.Expected != 105_000 {
				t.Fatal(closed, err)
			}
			k.RunAll()
			if f, err = k.Store.Refund(ctx, f.ID); err != nil || f.State != order.RefundManual {
				t.Fatal(f.State, err)
			}
			k.Must(k.Shop.Counter.OpenShift(ctx, boss, 50_000))
			k.Must(k.Shop.Refunds.PayOut(ctx, refunds.DecideIn{ID: f.ID, Typed: "5000", Reason: "diambil", Actor: boss}))
			if k.ExpectedTill(boss) != 45_000 {
				t.Fatal(k.ExpectedTill(boss))
			}
		}},
		{Name: "the voucher is off only long after", Test: func(t *testing.T, k *shoptest.Harness) {
			boss := k.OnShift("pemilik")
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(boss))
			k.Must(err)
			k.RunAll()
			f, approved, err := k.Shop.Refunds.RefundAtOnce(ctx, ask(k, refunds.RefundIn{Amount: 5000, Actor: boss}, o), true)
			if err != nil || !approved {
				t.Fatal(approved, err)
			}
			k.Clock.Add(2*time.Minute + time.Second)
			k.RunAll()
			if f, err = k.Store.Refund(ctx, f.ID); err != nil || f.State != order.RefundManual || k.ExpectedTill(boss) != 105_000 {
				t.Fatal(f.State, k.ExpectedTill(boss), err)
			}
			k.Must(k.Shop.Refunds.PayOut(ctx, refunds.DecideIn{ID: f.ID, Typed: "5000", Reason: "diambil", Actor: boss}))
			if k.ExpectedTill(boss) != 100_000 {
				t.Fatal(k.ExpectedTill(boss))
			}
		}},
		{Name: "the limit counts for all vouchers of one sale", Test: func(t *testing.T, k *shoptest.Harness) {
			boss := k.OnShift("pemilik")
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, boss, store.CounterRules{SecondAbove: 9_999}))
			in := k.SaleForm(boss)
			in.Quantity, in.Given = 4, 0
			_, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			parts, err := k.Store.CounterSale(ctx, in.Nonce)
			if err != nil || len(parts) != 4 {
				t.Fatal(len(parts), err)
			}
			asks := make([]refunds.RefundIn, len(parts))
			for i, c := range parts {
				asks[i] = ask(k, refunds.RefundIn{Amount: 5000, Actor: boss}, order.Order{ID: c.OrderID})
			}
			var once atomic.Int32
			shoptest.Each(4, func(i int) {
				_, approved, err := k.Shop.Refunds.RefundAtOnce(ctx, asks[i], true)
				if err != nil {
					t.Error(err)
				}
				if approved {
					once.Add(1)
				}
			})
			k.RunAll()
			if once.Load() != 1 || k.ExpectedTill(boss) != 115_000 {
				t.Fatal(once.Load(), k.ExpectedTill(boss))
			}
			single, err := k.Shop.Counter.Sell(ctx, k.SaleForm(boss))
			k.Must(err)
			k.RunAll()
			if _, approved, err := k.Shop.Refunds.RefundAtOnce(ctx, ask(k, refunds.RefundIn{Amount: 5000, Actor: boss}, single), true); err != nil || !approved {
				t.Fatal("another sale counts too", approved, err)
			}
		}},
		{Name: "through the gateway", Test: func(t *testing.T, k *shoptest.Harness) {
			boss := k.OnShift("pemilik")
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			_, approved, err := k.Shop.Refunds.RefundAtOnce(ctx, ask(k, refunds.RefundIn{Amount: 5000, Actor: boss}, o), true)
			if err != nil || !approved {
				t.Fatal(approved, err)
			}
			k.RunAll()
			if k.ExpectedTill(boss) != 100_000 || !k.Disabled("pojok", o.Username) {
				t.Fatal(k.ExpectedTill(boss))
			}
		}},
		{Name: "above the limit, and without a shift", Test: func(t *testing.T, k *shoptest.Harness) {
			boss := k.OnShift("pemilik")
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, boss, store.CounterRules{SecondAbove: 4999}))
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(boss))
			k.Must(err)
			k.RunAll()
			f, approved, err := k.Shop.Refunds.RefundAtOnce(ctx, ask(k, refunds.RefundIn{Amount: 5000, Actor: boss}, o), true)
			if err != nil || approved || f.State != order.RefundRequested {
				t.Fatal(f.State, approved, err)
			}
			other, err := k.Shop.Counter.Sell(ctx, k.SaleForm(boss))
			k.Must(err)
			k.RunAll()
			wati := k.Staff("wati")
			_, approved, err = k.Shop.Refunds.RefundAtOnce(ctx, ask(k, refunds.RefundIn{Amount: 1000, Actor: wati}, other), true)
			k.WantCode(err, "shift.closed")
			if approved {
				t.Error("cash is paid out of no till")
			}
		}},
	})
}
