package shop_test

import (
	"testing"
	"time"

	"gerai/internal/order"

	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
)

// hearOf lets the gateway tell of a refund made there and returns it.
func hearOf(t *testing.T, k *shoptest.Harness, o order.Order, amount int) order.Refund {
	t.Helper()
	elsewhere(t, k, o, amount)
	k.RunAll()
	k.Advance(10 * time.Second)
	all, err := k.Store.Refunds(ctx, o.ID)
	must(t, err)
	for _, f := range all {
		if f.Reason == order.RefundExternal {
			return f
		}
	}
	t.Fatal("no external refund")
	return order.Refund{}
}

func TestRefundsMadeElsewhere(t *testing.T) {
	run(t, []row{
		{"F69 one click ends the voucher", func(t *testing.T, k *shoptest.Harness) {
			admin := person(t, k, "admin")
			o := bought(k)
			f := hearOf(t, k, o, 5000)
			k.Want(o, order.Refunded)
			wantAlert(t, k, "external_refund")
			if k.Disabled("pojok", o.Username) {
				t.Fatal("it ended by itself")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Refunds.StopExternal(ctx, admin, f.ID))
			must(t, k.Shop.Refunds.StopExternal(ctx, admin, f.ID))
			k.Advance(3 * time.Second)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			if !k.Disabled("pojok", o.Username) || voucherOf(t, k, o).State != store.VoucherDisabled {
				t.Fatal("it still works")
			}
			wantNoAlerts(t, k)
			wantCode(t, k.Shop.Vouchers.EnableVoucher(ctx, flip(t, k, voucherOf(t, k, o), "")), "voucher.refunded")
		}},
		{"F69 or by itself, where the rules say so", func(t *testing.T, k *shoptest.Harness) {
			rules := store.DefaultCounterRules
			rules.StopExternal = true
			must(t, k.Shop.Orders.SetCounterRules(ctx, person(t, k, "admin"), rules))
			part, whole := bought(k), bought(k)
			hearOf(t, k, part, 2000)
			hearOf(t, k, whole, 5000)
			k.Want(part, order.Activated)
			k.Want(whole, order.Refunded)
			if k.Disabled("pojok", part.Username) || !k.Disabled("pojok", whole.Username) {
				t.Fatal("not the one whose money is gone")
			}
			wantAlert(t, k, "external_refund")
		}},
		{"F69 of an extension: the voucher lives on with the rest", func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			f := hearOf(t, k, more, 2000)
			k.Want(more, order.Refunded)
			wantLimits(t, k, before, 2)
			must(t, k.Shop.Refunds.StopExternal(ctx, person(t, k, "admin"), f.ID))
			k.RunAll()
			wantLimits(t, k, before, 1)
			k.Want(root, order.Activated)
			if voucherOf(t, k, root).State != store.VoucherSold {
				t.Fatal("the root ended")
			}
		}},
		{"F69 what is gone is not given back again", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := person(t, k, "siti"), person(t, k, "admin")
			asked, part := bought(k), bought(k)
			gone, rest := request(t, k, asked, siti, 5000), request(t, k, part, siti, 5000)
			hearOf(t, k, asked, 5000)
			hearOf(t, k, part, 3000)
			wantState(t, k, gone, order.RefundRejected)
			wantCode(t, k.Shop.Refunds.ApproveRefund(ctx, yes(gone, admin)), "refund.decided")
			now := wantState(t, k, rest, order.RefundRequested)
			if now.Amount != 2000 {
				t.Fatal(now.Amount)
			}
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(now, admin)))
			k.Advance(10 * time.Second)
			wantState(t, k, rest, order.RefundDone)
			k.Want(asked, order.Refunded)
			k.Want(part, order.Refunded)
			for _, o := range []order.Order{asked, part} {
				if _, sum := atGateway(t, k, o); sum != 5000 {
					t.Fatal(sum)
				}
			}
			_, err := k.Shop.Refunds.RequestRefund(ctx, back(t, k, part, siti, 1))
			wantCode(t, err, "refund.too_much")
		}},
		{"F69 approved and waiting for the router when it is gone already", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			f := refunded(t, k, o)
			k.Advance(2 * time.Second)
			wantState(t, k, f, order.RefundApproved)
			hearOf(t, k, o, 5000)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			wantState(t, k, f, order.RefundRejected)
			k.Want(o, order.Refunded)
			if n, sum := atGateway(t, k, o); n != 1 || sum != 5000 {
				t.Fatal(n, sum)
			}
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("somebody had decided that it ends")
			}
		}},
		{"F69 before the voucher was made: it is never made", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Pay(o)
			k.Advance(2 * time.Second)
			f := hearOf(t, k, o, 5000)
			k.Want(o, order.Refunded)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			if len(k.Users("pojok")) != 0 {
				t.Fatal(k.Users("pojok"))
			}
			wantCode(t, k.Shop.Refunds.StopExternal(ctx, person(t, k, "admin"), f.ID), "voucher.ended")
		}},
		{"F69 a part of it ends nothing", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			f := hearOf(t, k, o, 2000)
			k.Want(o, order.Activated)
			wantCode(t, k.Shop.Refunds.StopExternal(ctx, person(t, k, "admin"), f.ID), "refund.part")
			g := request(t, k, o, person(t, k, "siti"), 3000)
			wantCode(t, k.Shop.Refunds.StopExternal(ctx, person(t, k, "lain"), g.ID), "refund.ours")
		}},
	})
}
