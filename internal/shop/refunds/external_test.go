package refunds_test

import (
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// hearOf lets the gateway tell of a refund made there and returns it.
func hearOf(t *testing.T, k *shoptest.Harness, o order.Order, amount int) order.Refund {
	t.Helper()
	elsewhere(t, k, o, amount)
	k.RunAll()
	k.Advance(10 * time.Second)
	all, err := k.Store.Refunds(ctx, o.ID)
	k.Must(err)
	for _, f := range all {
		if f.Reason == order.RefundExternal {
			return f
		}
	}
	t.Fatal("no external refund")
	return order.Refund{}
}

func TestRefundsMadeElsewhere(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "F69 one click ends the voucher", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o := k.Bought()
			f := hearOf(t, k, o, 5000)
			k.Want(o, order.Refunded)
			k.WantAlert("external_refund")
			if k.Disabled("pojok", o.Username) {
				t.Fatal("it ended by itself")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Refunds.StopExternal(ctx, admin, f.ID))
			k.Must(k.Shop.Refunds.StopExternal(ctx, admin, f.ID))
			k.Advance(3 * time.Second)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			if !k.Disabled("pojok", o.Username) || k.VoucherOf(o).State != voucher.Disabled {
				t.Fatal("it still works")
			}
			k.WantNoAlerts()
			k.WantCode(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(k.VoucherOf(o), "")), "voucher.refunded")
		}},
		{Name: "F69 or by itself, where the rules say so", Test: func(t *testing.T, k *shoptest.Harness) {
			rules := store.DefaultCounterRules
			rules.StopExternal = true
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, k.Staff("admin"), rules))
			part, whole := k.Bought(), k.Bought()
			hearOf(t, k, part, 2000)
			hearOf(t, k, whole, 5000)
			k.Want(part, order.Activated)
			k.Want(whole, order.Refunded)
			if k.Disabled("pojok", part.Username) || !k.Disabled("pojok", whole.Username) {
				t.Fatal("not the one whose money is gone")
			}
			k.WantAlert("external_refund")
		}},
		{Name: "F69 of an extension: the voucher lives on with the rest", Test: func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			f := hearOf(t, k, more, 2000)
			k.Want(more, order.Refunded)
			wantLimits(t, k, before, 2)
			k.Must(k.Shop.Refunds.StopExternal(ctx, k.Staff("admin"), f.ID))
			k.RunAll()
			wantLimits(t, k, before, 1)
			k.Want(root, order.Activated)
			if k.VoucherOf(root).State != voucher.Sold {
				t.Fatal("the root ended")
			}
		}},
		{Name: "F69 what is gone is not given back again", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.Staff("siti"), k.Staff("admin")
			asked, part := k.Bought(), k.Bought()
			gone, rest := k.RequestRefund(asked, siti, 5000), k.RequestRefund(part, siti, 5000)
			hearOf(t, k, asked, 5000)
			hearOf(t, k, part, 3000)
			k.WantRefund(gone, order.RefundRejected)
			k.WantCode(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(gone, admin)), "refund.decided")
			now := k.WantRefund(rest, order.RefundRequested)
			if now.Amount != 2000 {
				t.Fatal(now.Amount)
			}
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(now, admin)))
			k.Advance(10 * time.Second)
			k.WantRefund(rest, order.RefundDone)
			k.Want(asked, order.Refunded)
			k.Want(part, order.Refunded)
			for _, o := range []order.Order{asked, part} {
				if _, sum := atGateway(t, k, o); sum != 5000 {
					t.Fatal(sum)
				}
			}
			_, err := k.Shop.Refunds.RequestRefund(ctx, k.RefundForm(part, siti, 1))
			k.WantCode(err, "refund.too_much")
		}},
		{Name: "F69 approved and waiting for the router when it is gone already", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			f := refunded(t, k, o)
			k.Advance(2 * time.Second)
			k.WantRefund(f, order.RefundApproved)
			hearOf(t, k, o, 5000)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			k.WantRefund(f, order.RefundRejected)
			k.Want(o, order.Refunded)
			if n, sum := atGateway(t, k, o); n != 1 || sum != 5000 {
				t.Fatal(n, sum)
			}
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("somebody had decided that it ends")
			}
		}},
		{Name: "F69 before the voucher was made: it is never made", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
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
			k.WantCode(k.Shop.Refunds.StopExternal(ctx, k.Staff("admin"), f.ID), "voucher.ended")
		}},
		{Name: "F69 a part of it ends nothing", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			f := hearOf(t, k, o, 2000)
			k.Want(o, order.Activated)
			k.WantCode(k.Shop.Refunds.StopExternal(ctx, k.Staff("admin"), f.ID), "refund.part")
			g := k.RequestRefund(o, k.Staff("siti"), 3000)
			k.WantCode(k.Shop.Refunds.StopExternal(ctx, k.Staff("lain"), g.ID), "refund.ours")
		}},
	})
}
