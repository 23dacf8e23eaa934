package shop_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/payments"
)

// waiting are the refunds of an order that may still be approved.
func waiting(t *testing.T, k *shoptest.Harness, o order.Order) (out []order.Refund) {
	t.Helper()
	all, err := k.Store.Refunds(ctx, o.ID)
	must(t, err)
	for _, f := range all {
		if f.ClosedAt.IsZero() {
			out = append(out, f)
		}
	}
	return out
}

// paidTwice is an order paid by an unconfirmed transfer and by QRIS; the QRIS payment
// came first where early is set, and was recorded later.
func paidTwice(t *testing.T, k *shoptest.Harness, by shop.Actor, early bool) (order.Order, store.CounterPayment) {
	t.Helper()
	o := buyOne(k)
	take := func() {
		_, err := k.Shop.Counter.Take(ctx, counter.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Transfer, Reference: "bca 9", Actor: by})
		must(t, err)
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
	must(t, err)
	return k.Want(o, order.Activated, order.FlagDuplicate), c[0]
}

// Money goes back only if it came, and only as much as is too much.
func TestOnlyMoneyThatCameGoesBack(t *testing.T) {
	run(t, []row{
		{"a transfer given up is no reason any more to give the other payment back", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := actor(t, k, "siti"), person(t, k, "admin")
			o, c := paidTwice(t, k, siti, false)
			if owed := waiting(t, k, o); len(owed) != 1 || owed[0].Gateway == "counter" {
				t.Fatalf("%+v", owed)
			}
			must(t, k.Shop.Refunds.WriteOff(ctx, off(c, admin)))
			k.RunAll()
			shift, _, err := k.Store.OpenShift(ctx, siti.ID)
			must(t, err)
			if r, err := k.Shop.Counter.ShiftReport(ctx, shift); err != nil || len(r.Sales) != 0 || r.Expected != 100_000 {
				t.Fatalf("a shift sold what never came: %+v %v", r.Sales, err)
			}
			if owed := waiting(t, k, o); len(owed) != 0 {
				t.Fatalf("%+v", owed)
			}
			wantNoAlerts(t, k)
			// It comes after all, and one of the two is too much again.
			must(t, k.Shop.Refunds.Confirm(ctx, admin, c.Key, false))
			if owed := waiting(t, k, o); len(owed) != 1 || owed[0].Amount != 5000 {
				t.Fatalf("%+v", owed)
			}
			wantAlert(t, k, "refund_due")
		}},
		{"a transfer that nobody has seen is not given back", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := actor(t, k, "siti"), person(t, k, "admin")
			o, c := paidTwice(t, k, siti, true)
			owed := waiting(t, k, o)
			if len(owed) != 1 || owed[0].PaymentKey != c.Key {
				t.Fatalf("%+v", owed)
			}
			wantCode(t, k.Shop.Refunds.ApproveRefund(ctx, yes(owed[0], admin)), "refund.not_received")
			wantState(t, k, owed[0], order.RefundRequested)
			must(t, k.Shop.Refunds.WriteOff(ctx, off(c, admin)))
			k.RunAll()
			wantState(t, k, owed[0], order.RefundRejected)
			if now := k.Order(o); now.Status != order.Activated || voucherOf(t, k, o).State != store.VoucherSold {
				t.Fatal(now.Status)
			}
			wantNoAlerts(t, k)
		}},
		{"given up while the other payment is on its way back: the voucher ends", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := actor(t, k, "siti"), person(t, k, "admin")
			o, c := paidTwice(t, k, siti, false)
			owed := waiting(t, k, o)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(owed[0], admin)))
			must(t, k.Shop.Refunds.WriteOff(ctx, off(c, admin)))
			k.Advance(10 * time.Second)
			if now := voucherOf(t, k, o); now.State != store.VoucherDisabled || !k.Disabled("pojok", o.Username) {
				t.Fatal(now.State)
			}
		}},
		{"credit given up where a part was paid: somebody decides about the part", func(t *testing.T, k *shoptest.Harness) {
			admin := person(t, k, "admin")
			o := buyOne(k)
			k.PayAmount(o, 2000)
			k.RunAll()
			must(t, k.Shop.Refunds.Force(ctx, refunds.ForceIn{OrderID: o.ID, Typed: string(o.Code), Reason: "langganan", Actor: admin}))
			k.RunAll()
			k.Want(o, order.Activated)
			c, err := k.Store.CounterPayments(ctx, o.ID)
			if err != nil || len(c) != 1 || c[0].Amount != 3000 {
				t.Fatal(c, err)
			}
			must(t, k.Shop.Refunds.WriteOff(ctx, off(c[0], admin)))
			k.RunAll()
			if now := k.Order(o); now.Status != order.Activated || now.Attention != order.ReasonUnderpaid || voucherOf(t, k, o).State != store.VoucherDisabled {
				t.Fatal(now.Status, now.Attention)
			}
			wantAlert(t, k, "attention")
			in := back(t, k, o, person(t, k, "siti"), 2000)
			in.Gateway, in.PaymentKey = k.Shop.Gateway.Name(), k.GatewayID(o)
			f, err := k.Shop.Refunds.RequestRefund(ctx, in)
			must(t, err)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)))
			k.RunAll()
			wantState(t, k, f, order.RefundDone)
			k.Want(o, order.Refunded, order.FlagUnderpaid, order.FlagWrittenOff)
			wantNoAlerts(t, k)
		}},
		{"seen and given up at the same moment: one of the two, and the order says so", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := actor(t, k, "siti"), person(t, k, "admin")
			for i := range 12 {
				k.Routers["pojok"].SetFaults(routerossim.Faults{Down: i%2 == 0}) // closed by the one, active by the other
				o, c := byTransfer(t, k, siti, fmt.Sprint("bca 50", i))
				each(2, func(n int) {
					var err error
					if n == 0 {
						err = k.Shop.Refunds.WriteOff(ctx, off(c, admin))
					} else {
						err = k.Shop.Refunds.Confirm(ctx, admin, c.Key, false)
					}
					if err != nil && fault.CodeOf(err) != "counter.confirmed" {
						t.Error(err)
					}
				})
				p, err := k.Store.Payment(ctx, "counter", c.Key)
				must(t, err)
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
		{"F69 the payment that was too much went back at the gateway: the other one stays", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			o := buyOne(k)
			_, err := k.Shop.Counter.Take(ctx, takeCash(k, siti, o))
			must(t, err)
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
	run(t, []row{
		{"what one person asked of a payment counts together", func(t *testing.T, k *shoptest.Harness) {
			rules := store.DefaultCounterRules
			rules.SecondAbove = 3000
			admin, other := person(t, k, "admin"), person(t, k, "lain")
			must(t, k.Shop.Orders.SetCounterRules(ctx, admin, rules))
			o := bought(k)
			first, second := request(t, k, o, admin, 2500), request(t, k, o, admin, 2500)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(first, admin)))
			wantCode(t, k.Shop.Refunds.ApproveRefund(ctx, yes(second, admin)), "refund.second_person")
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(second, other)))
		}},
	})
}
