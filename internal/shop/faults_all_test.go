package shop_test

import (
	"fmt"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
	"gerai/payments"
)

// Whatever people do to one order at the same moment, each form twice: its money
// is in one place, and what went back is paid for by no voucher that lives.
func TestAllFormsAtOnce(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "of an order, its voucher, its money and its batch", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			b := k.Stocked("sehari", "pojok", 6)
			var all []order.Order
			for i := range 6 {
				in := k.StockSaleForm(siti, "sehari", "")
				if i%2 == 1 {
					in.Method, in.Reference = payments.Transfer, fmt.Sprint("bca 7", i)
				}
				o, err := k.Shop.Counter.SellFromStock(ctx, in)
				k.Must(err)
				more := k.Extend(o)
				k.RunAll()
				all = append(all, o, more)
			}
			for i, o := range all {
				paid, err := k.Store.Payments(ctx, o.ID)
				k.Must(err)
				ask := refunds.RefundIn{Gateway: paid[0].Gateway, PaymentKey: paid[0].Key, OrderID: o.ID, Amount: o.Total, Typed: o.Total.String(), Reason: "uji", Nonce: k.NextNonce(), Extensions: true, Actor: siti}
				acts := []func() error{
					func() error {
						f, err := k.Shop.Refunds.RequestRefund(ctx, ask)
						if err != nil {
							return err
						}
						return k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin))
					},
					func() error { return k.Shop.Refunds.Confirm(ctx, admin, paid[0].Key, false) },
				}
				if v, found, err := k.Store.Voucher(ctx, o.ID); err == nil && found {
					in := k.SwitchForm(v, vouchers.KeepMoney)
					acts = append(acts, func() error { return k.Shop.Vouchers.DisableVoucher(ctx, in) }, func() error { return k.Shop.Vouchers.EnableVoucher(ctx, in) })
				}
				if c, err := k.Store.CounterPayment(ctx, paid[0].Key); err == nil && c.ConfirmedAt.IsZero() && i%4 == 2 {
					acts = append(acts, func() error { return k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c, admin)) })
				}
				if i == 8 {
					acts = append(acts, func() error {
						_, err := k.Shop.Stock.DisableBatch(ctx, admin, stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "uji", Sold: true})
						return err
					})
				}
				shoptest.Each(2*len(acts), func(n int) {
					if err := acts[n/2](); err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Invalid) {
						t.Error(err)
					}
				})
				k.RunAll()
			}
			k.Advance(2 * time.Minute)
			for _, o := range all {
				now := k.Order(o)
				v, found, err := k.Store.Voucher(ctx, o.ID)
				k.Must(err)
				if alive := v.State == voucher.Sold || v.State == voucher.Active; found && now.Status == order.Refunded && alive {
					t.Errorf("%s went back and its voucher is %s", o.Code, v.State)
				}
				if x, longer, err := k.Store.Extension(ctx, o.ID); err != nil || longer && now.Status == order.Refunded && x.RevokedAt.IsZero() {
					if root, _, err := k.Store.Voucher(ctx, x.VoucherOrder); err != nil || root.State != voucher.Expired {
						t.Errorf("extension %s went back and counts (%v)", o.Code, err)
					}
				}
				if found {
					k.WantVoucher(v, v.State, false)
					if k.Disabled("pojok", v.Username) != (v.State == voucher.Disabled || v.State == voucher.Expired) {
						t.Errorf("voucher of %s is %s and its router does otherwise", o.Code, v.State)
					}
				}
			}
		}},
	})
}
