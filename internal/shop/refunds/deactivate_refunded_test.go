package refunds_test

import (
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/voucher"
)

func TestVouchersWhoseMoneyIsGone(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a voucher does not live again while its money goes back", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
			k.Must(err)
			k.RunAll()
			v := k.VoucherOf(o)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(v, vouchers.AskBack)))
			f := k.RequestRefund(o, siti, 5000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.RunAll()
			k.WantRefund(f, order.RefundManual) // cash: a person pays it out
			k.WantCode(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(v, "")), "voucher.refunded")
			k.Must(k.Shop.Refunds.PayOut(ctx, shoptest.DecisionForm(f, siti)))
			k.WantCode(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(v, "")), "voucher.refunded")
		}},
		{Name: "F68 switched off while its router is away: the money waits for the router all the same", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(k.VoucherOf(o), vouchers.AskBack)))
			k.Advance(time.Second)
			f := refunded(t, k, o)
			k.Advance(5 * time.Second)
			if n, _ := atGateway(t, k, o); n != 0 {
				t.Fatal("the money went while the voucher still worked")
			}
			k.WantRefund(f, order.RefundApproved)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(30 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.WantVoucher(k.VoucherOf(o), voucher.Disabled, false)
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("it still works")
			}
		}},
		{Name: "switched on and its money let go at the same moment", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			for range 6 {
				o := k.Bought()
				v := k.VoucherOf(o)
				k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(v, vouchers.AskBack)))
				k.RunAll()
				f := k.RequestRefund(o, siti, 5000)
				on := k.SwitchForm(v, "")
				shoptest.Each(2, func(i int) {
					if i == 0 {
						_ = k.Shop.Vouchers.EnableVoucher(ctx, on) // refused, or the refund ends it again
					} else if err := k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)); err != nil {
						t.Error(err)
					}
				})
				k.Advance(10 * time.Second)
				k.Want(o, order.Refunded)
				if now := k.VoucherOf(o); now.State != voucher.Disabled || !k.Disabled("pojok", o.Username) {
					t.Fatal(now.State)
				}
			}
		}},
		{Name: "an extension given back while its voucher is off does not count when it lives again", Test: func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(before, vouchers.KeepMoney)))
			k.RunAll()
			f := refunded(t, k, more)
			k.Advance(10 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(before, "")))
			k.RunAll()
			wantLimits(t, k, before, 1)
			if now := k.VoucherOf(root); !now.ValidUntil.Equal(before.ValidUntil) || !k.Order(root).ValidUntil.Equal(before.ValidUntil) {
				t.Fatal(now.ValidUntil.Sub(before.ValidUntil))
			}
		}},
	})
}
