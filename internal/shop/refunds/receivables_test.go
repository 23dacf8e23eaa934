package refunds_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// waiting are the refunds of an order that may still be approved.
func waiting(t *testing.T, k *shoptest.Harness, o order.Order) (out []order.Refund) {
	t.Helper()
	all, err := k.Store.Refunds(ctx, o.ID)
	k.Must(err)
	for _, f := range all {
		if f.ClosedAt.IsZero() {
			out = append(out, f)
		}
	}
	return out
}

// paidTwice is an order paid by an unconfirmed transfer and by QRIS; the QRIS payment
// came first where early is set, and was recorded later.
func paidTwice(t *testing.T, k *shoptest.Harness, by actor.Actor, early bool) (order.Order, store.CounterPayment) {
	t.Helper()
	o := k.BuyOne()
	take := func() {
		_, err := k.Shop.Counter.Take(ctx, counter.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Transfer, Reference: "bca 9", Actor: by})
		k.Must(err)
	}
	if early {
		k.CloseWebhook()
		k.Pay(o)
		k.Clock.Add(time.Second)
		take()
		k.OpenWebhook()
		k.ResendAll()
	} else {
		take()
		k.Clock.Add(time.Second)
		k.Pay(o)
	}
	k.Advance(5 * time.Second)
	c, err := k.Store.CounterPayments(ctx, o.ID)
	k.Must(err)
	return k.Want(o, order.Activated, order.FlagDuplicate), c[0]
}

// Money goes back only if it came, and only as much as is too much.
func TestOnlyMoneyThatCameGoesBack(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a transfer given up is no reason any more to give the other payment back", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o, c := paidTwice(t, k, siti, false)
			if owed := waiting(t, k, o); len(owed) != 1 || owed[0].Gateway == "counter" {
				t.Fatalf("%+v", owed)
			}
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)))
			k.RunAll()
			shift, _, err := k.Store.OpenShift(ctx, siti.ID)
			k.Must(err)
			if r, err := k.Shop.Counter.ShiftReport(ctx, shift); err != nil || len(r.Sales) != 0 || r.Expected != 100_000 {
				t.Fatalf("a shift sold what never came: %+v %v", r.Sales, err)
			}
			if owed := waiting(t, k, o); len(owed) != 0 {
				t.Fatalf("%+v", owed)
			}
			k.WantNoAlerts()
			// It comes after all, and one of the two is too much again.
			k.Must(k.Shop.Refunds.Confirm(ctx, admin, c.Key, false))
			if owed := waiting(t, k, o); len(owed) != 1 || owed[0].Amount != 5000 {
				t.Fatalf("%+v", owed)
			}
			k.WantAlert("refund_due")
		}},
		{Name: "a transfer that nobody has seen is not given back", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o, c := paidTwice(t, k, siti, true)
			owed := waiting(t, k, o)
			if len(owed) != 1 || owed[0].PaymentKey != c.Key {
				t.Fatalf("%+v", owed)
			}
			k.WantCode(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(owed[0], admin)), "refund.not_received")
			k.WantRefund(owed[0], order.RefundRequested)
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)))
			k.RunAll()
			k.WantRefund(owed[0], order.RefundRejected)
			if now := k.Order(o); now.Status != order.Activated || k.VoucherOf(o).State != voucher.Sold {
				t.Fatal(now.Status)
			}
			k.WantNoAlerts()
		}},
		{Name: "given up while the other payment is on its way back: the voucher ends", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o, c := paidTwice(t, k, siti, false)
			owed := waiting(t, k, o)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(owed[0], admin)))
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)))
			k.Advance(10 * time.Second)
			if now := k.VoucherOf(o); now.State != voucher.Disabled || !k.Disabled("pojok", o.Username) {
				t.Fatal(now.State)
			}
		}},
		{Name: "credit given up where a part was paid: somebody decides about the part", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o := k.BuyOne()
			k.PayAmount(o, 2000)
			k.RunAll()
			k.Must(k.Shop.Refunds.Force(ctx, refunds.ForceIn{OrderID: o.ID, Typed: string(o.Code), Reason: "langganan", Actor: admin}))
			k.RunAll()
			k.Want(o, order.Activated)
			c, err := k.Store.CounterPayments(ctx, o.ID)
			if err != nil || len(c) != 1 || c[0].Amount != 3000 {
				t.Fatal(c, err)
			}
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c[0], admin)))
			k.RunAll()
			if now := k.Order(o); now.Status != order.Activated || now.Attention != order.ReasonUnderpaid || k.VoucherOf(o).State != voucher.Disabled {
				t.Fatal(now.Status, now.Attention)
			}
			k.WantAlert("attention")
			in := k.RefundForm(o, k.Staff("siti"), 2000)
			in.Gateway, in.PaymentKey = k.Shop.Gateway.Name(), k.GatewayID(o)
			f, err := k.Shop.Refunds.RequestRefund(ctx, in)
			k.Must(err)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.RunAll()
			k.WantRefund(f, order.RefundDone)
			k.Want(o, order.Refunded, order.FlagUnderpaid, order.FlagWrittenOff)
			k.WantNoAlerts()
		}},
		{Name: "seen and given up at the same moment: one of the two, and the order says so", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			for i := range 12 {
				k.Routers["pojok"].SetFaults(routerossim.Faults{Down: i%2 == 0}) // closed by the one, active by the other
				o, c := byTransfer(t, k, siti, fmt.Sprint("bca 50", i))
				shoptest.Each(2, func(n int) {
					var err error
					if n == 0 {
						err = k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin))
					} else {
						err = k.Shop.Refunds.Confirm(ctx, admin, c.Key, false)
					}
					if err != nil && fault.CodeOf(err) != "counter.confirmed" {
						t.Error(err)
					}
				})
				p, err := k.Store.Payment(ctx, "counter", c.Key)
				k.Must(err)
				if now, err := k.Store.CounterPayment(ctx, c.Key); err != nil || now.ConfirmedAt.IsZero() || !now.WrittenOffAt.IsZero() || !p.WrittenOffAt.IsZero() {
					t.Fatalf("%+v %v", now, err)
				}
				if _, facts, err := k.Store.Facts(ctx, o.ID); err != nil || k.Order(o).Status != order.Derive(facts, k.Clock.Now()).Status || slices.Contains(k.Order(o).Flags, order.FlagWrittenOff) {
					t.Fatal(k.Order(o).Status, k.Order(o).Flags, err)
				}
				if now := k.Order(o); now.Status == order.Refunded && len(waiting(t, k, o)) == 0 {
					t.Fatal("money of a closed order is nowhere")
				}
			}
		}},
		{Name: "F69 the payment that was too much went back at the gateway: the other one stays", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			o := k.BuyOne()
			_, err := k.Shop.Counter.Take(ctx, k.CashForm(siti, o))
			k.Must(err)
			k.Clock.Add(time.Second)
			k.Pay(o)
			k.Advance(5 * time.Second)
			k.Want(o, order.Activated, order.FlagDuplicate)
			hearOf(t, k, o, 5000)
			if owed := waiting(t, k, o); len(owed) != 0 {
				t.Fatalf("%+v", owed)
			}
			k.Want(o, order.Activated, order.FlagDuplicate)
		}},
	})
}

func TestSmallPartsAreNotBelowTheLimit(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "what one person asked of a payment counts together", Test: func(t *testing.T, k *shoptest.Harness) {
			rules := store.DefaultCounterRules
			rules.SecondAbove = 3000
			admin, other := k.Staff("admin"), k.Staff("lain")
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, admin, rules))
			o := k.Bought()
			first, second := k.RequestRefund(o, admin, 2500), k.RequestRefund(o, admin, 2500)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(first, admin)))
			k.WantCode(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(second, admin)), "refund.second_person")
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(second, other)))
		}},
	})
}
