package shop_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/payments"
)

func TestVouchersWhoseMoneyIsGone(t *testing.T) {
	run(t, []row{
		{"a voucher does not live again while its money goes back", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := actor(t, k, "siti"), person(t, k, "admin")
			o, err := k.Shop.Counter.Sell(ctx, sale(k, siti))
			must(t, err)
			k.RunAll()
			v := voucherOf(t, k, o)
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, flip(t, k, v, vouchers.AskBack)))
			f := request(t, k, o, siti, 5000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)))
			k.RunAll()
			wantState(t, k, f, order.RefundManual) // cash: a person pays it out
			wantCode(t, k.Shop.Vouchers.EnableVoucher(ctx, flip(t, k, v, "")), "voucher.refunded")
			must(t, k.Shop.Refunds.PayOut(ctx, yes(f, siti)))
			wantCode(t, k.Shop.Vouchers.EnableVoucher(ctx, flip(t, k, v, "")), "voucher.refunded")
		}},
		{"F68 switched off while its router is away: the money waits for the router all the same", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, flip(t, k, voucherOf(t, k, o), vouchers.AskBack)))
			k.Advance(time.Second)
			f := refunded(t, k, o)
			k.Advance(5 * time.Second)
			if n, _ := atGateway(t, k, o); n != 0 {
				t.Fatal("the money went while the voucher still worked")
			}
			wantState(t, k, f, order.RefundApproved)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(30 * time.Second)
			wantState(t, k, f, order.RefundDone)
			wantVoucher(t, k, voucherOf(t, k, o), store.VoucherDisabled, false)
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("it still works")
			}
		}},
		{"switched on and its money let go at the same moment", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := actor(t, k, "siti"), person(t, k, "admin")
			for range 6 {
				o := bought(k)
				v := voucherOf(t, k, o)
				must(t, k.Shop.Vouchers.DisableVoucher(ctx, flip(t, k, v, vouchers.AskBack)))
				k.RunAll()
				f := request(t, k, o, siti, 5000)
				on := flip(t, k, v, "")
				each(2, func(i int) {
					if i == 0 {
						_ = k.Shop.Vouchers.EnableVoucher(ctx, on) // refused, or the refund ends it again
					} else if err := k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)); err != nil {
						t.Error(err)
					}
				})
				k.Advance(10 * time.Second)
				k.Want(o, order.Refunded)
				if now := voucherOf(t, k, o); now.State != store.VoucherDisabled || !k.Disabled("pojok", o.Username) {
					t.Fatal(now.State)
				}
			}
		}},
		{"an extension given back while its voucher is off does not count when it lives again", func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, flip(t, k, before, vouchers.KeepMoney)))
			k.RunAll()
			f := refunded(t, k, more)
			k.Advance(10 * time.Second)
			wantState(t, k, f, order.RefundDone)
			must(t, k.Shop.Vouchers.EnableVoucher(ctx, flip(t, k, before, "")))
			k.RunAll()
			wantLimits(t, k, before, 1)
			if now := voucherOf(t, k, root); !now.ValidUntil.Equal(before.ValidUntil) || !k.Order(root).ValidUntil.Equal(before.ValidUntil) {
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
	run(t, []row{
		{"however many wait for another", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			gone := []store.Batch{k.Stocked("sejam", "pojok", 51), k.Stocked("sehari", "pojok", 1)}
			in := sale(k, siti)
			in.PlanID = "sejam"
			for i := range 51 {
				in.Nonce, in.Method, in.Given, in.Reference = k.NextNonce(), payments.Transfer, 0, fmt.Sprint("bca ", 100+i)
				_, err := k.Shop.Counter.Sell(ctx, in)
				must(t, err)
			}
			in = sale(k, siti)
			o, err := k.Shop.Counter.Sell(ctx, in)
			must(t, err)
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

func TestFormsOfTheStockSentTwiceAtOnce(t *testing.T) {
	run(t, []row{
		{"sell once and show the sale each time", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			b := k.Stocked("sehari", "pojok", 2)
			for n, in := range []counter.StockSaleIn{fromStock(k, siti, "", k.StockVoucher(b, 1).Username), fromStock(k, siti, "sehari", "")} { // the very one, and the last one
				var ids [6]order.ID
				each(len(ids), func(i int) {
					o, err := k.Shop.Counter.SellFromStock(ctx, in)
					if err != nil {
						t.Error(err)
					}
					ids[i] = o.ID
				})
				for _, id := range ids {
					if id != ids[0] || id == "" {
						t.Fatal(ids)
					}
				}
				if got := expected(t, k, siti); got != money.Rupiah(105_000+5000*n) {
					t.Fatal(got)
				}
			}
		}},
	})
}

// A voucher that lives again stays on although its batch's end was on the way.
func TestOneLivesAgainWhileItsBatchEnds(t *testing.T) {
	run(t, []row{
		{"the router lets it in", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			v := k.StockVoucher(b, 1)
			_, err := k.Shop.Stock.DisableBatch(ctx, "staff:admin", stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang"})
			must(t, err)
			job := k.LeaseAndDie()
			k.Shop.Stock.Hotspot = &between{Driver: k.Shop.Hotspot, do: func() {
				must(t, k.Shop.Vouchers.EnableVoucher(ctx, flip(t, k, v, "")))
				k.RunAll()
				wantVoucher(t, k, v, store.VoucherStock, false)
			}}
			must(t, k.Shop.Stock.DisableBatchJob(ctx, job))
			k.RunAll()
			wantVoucher(t, k, v, store.VoucherStock, false)
			if k.Disabled("pojok", v.Username) || !k.Disabled("pojok", k.StockVoucher(b, 2).Username) {
				t.Fatal("the last word does not hold")
			}
		}},
	})
}
