package shop_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/payments"
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
			k.WantVoucher(k.VoucherOf(o), store.VoucherDisabled, false)
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
				if now := k.VoucherOf(o); now.State != store.VoucherDisabled || !k.Disabled("pojok", o.Username) {
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

var stockOnly = shoptest.Selling(func(c *catalog.Catalogue) {
	c.Plans[0].Delivery, c.Plans[1].Delivery = order.OnlyStock, order.OnlyStock
})

// Orders of one plan without stock do not keep those of another waiting.
func TestStockOfOnePlanServesItsOrders(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "however many wait for another", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			gone := []store.Batch{k.Stocked("sejam", "pojok", 51), k.Stocked("sehari", "pojok", 1)}
			in := k.SaleForm(siti)
			in.PlanID = "sejam"
			for i := range 51 {
				in.Nonce, in.Method, in.Given, in.Reference = k.NextNonce(), payments.Transfer, 0, fmt.Sprint("bca ", 100+i)
				_, err := k.Shop.Counter.Sell(ctx, in)
				k.Must(err)
			}
			in = k.SaleForm(siti)
			o, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			for _, b := range gone {
				discard(t, k, b)
			}
			k.RunAll()
			if now := k.Want(o, order.Paid, order.FlagAttention); now.Attention != order.ReasonOutOfStock {
				t.Fatal(now.Attention)
			}
			k.Stocked("sehari", "pojok", 1)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
	}, stockOnly)
}

// between lets something happen after we asked a router to end vouchers and
// before it does.
type between struct {
	hotspot.Driver
	do func()
}

func (b *between) DisableUsers(ctx context.Context, r hotspot.Router, names []string) []error {
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return b.Driver.DisableUsers(ctx, r, names)
}

// A voucher that lives again stays on although its batch's end was on the way.
func TestOneLivesAgainWhileItsBatchEnds(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "the router lets it in", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			v := k.StockVoucher(b, 1)
			_, err := k.Shop.Stock.DisableBatch(ctx, "staff:admin", stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang"})
			k.Must(err)
			job := k.LeaseAndDie()
			k.Shop.Stock.Hotspot = &between{Driver: k.Shop.Hotspot, do: func() {
				k.Must(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(v, "")))
				k.RunAll()
				k.WantVoucher(v, store.VoucherStock, false)
			}}
			k.Must(k.Shop.Stock.DisableBatchJob(ctx, job))
			k.RunAll()
			k.WantVoucher(v, store.VoucherStock, false)
			if k.Disabled("pojok", v.Username) || !k.Disabled("pojok", k.StockVoucher(b, 2).Username) {
				t.Fatal("the last word does not hold")
			}
		}},
	})
}
