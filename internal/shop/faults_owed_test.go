package shop_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/payments"
)

// waiting are the refunds of an order that somebody may still approve.
func waiting(t *testing.T, k *shoptest.Kit, o order.Order) (out []order.Refund) {
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

// paidTwice is an order paid by a transfer that nobody has seen and by QRIS;
// the QRIS payment came first where early is set, and was heard of later.
func paidTwice(t *testing.T, k *shoptest.Kit, by shop.Clerk, early bool) (order.Order, store.CounterPayment) {
	t.Helper()
	o := one(k)
	take := func() {
		_, err := k.Shop.Take(ctx, shop.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Transfer, Reference: "bca 9", By: by})
		must(t, err)
	}
	if early {
		k.CloseDoor()
		k.Pay(o)
		k.Clock.Add(time.Second)
		take()
		k.OpenDoor()
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
		{"a transfer given up is no reason any more to give the other payment back", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			o, c := paidTwice(t, k, siti, false)
			if owed := waiting(t, k, o); len(owed) != 1 || owed[0].Gateway == "counter" {
				t.Fatalf("%+v", owed)
			}
			must(t, k.Shop.WriteOff(ctx, off(c, admin)))
			k.Settle()
			shift, _, err := k.Store.OpenShift(ctx, siti.ID)
			must(t, err)
			if r, err := k.Shop.ShiftReport(ctx, shift); err != nil || len(r.Sales) != 0 || r.Expected != 100_000 {
				t.Fatalf("a shift sold what never came: %+v %v", r.Sales, err)
			}
			if owed := waiting(t, k, o); len(owed) != 0 {
				t.Fatalf("%+v", owed)
			}
			wantNoAlerts(t, k)
			// It comes after all, and one of the two is too much again.
			must(t, k.Shop.Confirm(ctx, admin, c.Key, false))
			if owed := waiting(t, k, o); len(owed) != 1 || owed[0].Amount != 5000 {
				t.Fatalf("%+v", owed)
			}
			wantAlert(t, k, "refund_due")
		}},
		{"a transfer that nobody has seen is not given back", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			o, c := paidTwice(t, k, siti, true)
			owed := waiting(t, k, o)
			if len(owed) != 1 || owed[0].PaymentKey != c.Key {
				t.Fatalf("%+v", owed)
			}
			wantCode(t, k.Shop.ApproveRefund(ctx, yes(owed[0], admin)), "refund.not_received")
			wantState(t, k, owed[0], order.RefundRequested)
			must(t, k.Shop.WriteOff(ctx, off(c, admin)))
			k.Settle()
			wantState(t, k, owed[0], order.RefundRejected)
			if now := k.Order(o); now.Status != order.Activated || voucherOf(t, k, o).State != store.VoucherSold {
				t.Fatal(now.Status)
			}
			wantNoAlerts(t, k)
		}},
		{"given up while the other payment is on its way back: the voucher ends", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			o, c := paidTwice(t, k, siti, false)
			owed := waiting(t, k, o)
			must(t, k.Shop.ApproveRefund(ctx, yes(owed[0], admin)))
			must(t, k.Shop.WriteOff(ctx, off(c, admin)))
			k.Advance(10 * time.Second)
			if now := voucherOf(t, k, o); now.State != store.VoucherDisabled || !k.Disabled("pojok", o.Username) {
				t.Fatal(now.State)
			}
		}},
		{"credit given up where a part was paid: somebody decides about the part", func(t *testing.T, k *shoptest.Kit) {
			admin := person(t, k, "admin")
			o := one(k)
			k.PayAmount(o, 2000)
			k.Settle()
			must(t, k.Shop.Force(ctx, shop.ForceIn{OrderID: o.ID, Typed: string(o.Code), Reason: "langganan", By: admin}))
			k.Settle()
			k.Want(o, order.Activated)
			c, err := k.Store.CounterPayments(ctx, o.ID)
			if err != nil || len(c) != 1 || c[0].Amount != 3000 {
				t.Fatal(c, err)
			}
			must(t, k.Shop.WriteOff(ctx, off(c[0], admin)))
			k.Settle()
			if now := k.Order(o); now.Status != order.Activated || now.Attention != order.ReasonUnderpaid || voucherOf(t, k, o).State != store.VoucherDisabled {
				t.Fatal(now.Status, now.Attention)
			}
			wantAlert(t, k, "attention")
			in := back(t, k, o, person(t, k, "siti"), 2000)
			in.Gateway, in.PaymentKey = k.Shop.Gateway.Name(), k.GatewayID(o)
			f, err := k.Shop.RequestRefund(ctx, in)
			must(t, err)
			must(t, k.Shop.ApproveRefund(ctx, yes(f, admin)))
			k.Settle()
			wantState(t, k, f, order.RefundDone)
			k.Want(o, order.Refunded, order.FlagUnderpaid, order.FlagWrittenOff)
			wantNoAlerts(t, k)
		}},
		{"seen and given up at the same moment: one of the two, and the order says so", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			for i := range 12 {
				k.Routers["pojok"].SetFaults(routerossim.Faults{Down: i%2 == 0}) // closed by the one, active by the other
				o, c := byTransfer(t, k, siti, fmt.Sprint("bca 50", i))
				each(2, func(n int) {
					var err error
					if n == 0 {
						err = k.Shop.WriteOff(ctx, off(c, admin))
					} else {
						err = k.Shop.Confirm(ctx, admin, c.Key, false)
					}
					if err != nil && fault.CodeOf(err) != "counter.confirmed" {
						t.Error(err)
					}
				})
				p, err := k.Store.Payment(ctx, "counter", c.Key)
				must(t, err)
				if now, err := k.Store.CounterPayment(ctx, c.Key); err != nil || now.ConfirmedAt.IsZero() || !now.WrittenAt.IsZero() || !p.WrittenAt.IsZero() {
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
		{"F69 the payment that was too much went back at the gateway: the other one stays", func(t *testing.T, k *shoptest.Kit) {
			siti := clerk(t, k, "siti")
			o := one(k)
			_, err := k.Shop.Take(ctx, takeCash(k, siti, o))
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

func TestVouchersWhoseMoneyIsGone(t *testing.T) {
	run(t, []row{
		{"a voucher does not live again while its money goes back", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			o, err := k.Shop.Sell(ctx, sale(k, siti))
			must(t, err)
			k.Settle()
			v := voucherOf(t, k, o)
			must(t, k.Shop.DisableVoucher(ctx, flip(t, k, v, shop.AskBack)))
			f := request(t, k, o, siti, 5000)
			must(t, k.Shop.ApproveRefund(ctx, yes(f, admin)))
			k.Settle()
			wantState(t, k, f, order.RefundManual) // cash: a person hands it over
			wantCode(t, k.Shop.EnableVoucher(ctx, flip(t, k, v, "")), "voucher.refunded")
			must(t, k.Shop.PayOut(ctx, yes(f, siti)))
			wantCode(t, k.Shop.EnableVoucher(ctx, flip(t, k, v, "")), "voucher.refunded")
		}},
		{"switched on and its money let go at the same moment", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			for range 6 {
				o := bought(k)
				v := voucherOf(t, k, o)
				must(t, k.Shop.DisableVoucher(ctx, flip(t, k, v, shop.AskBack)))
				k.Settle()
				f := request(t, k, o, siti, 5000)
				on := flip(t, k, v, "")
				each(2, func(i int) {
					if i == 0 {
						_ = k.Shop.EnableVoucher(ctx, on) // refused, or the refund ends it again
					} else if err := k.Shop.ApproveRefund(ctx, yes(f, admin)); err != nil {
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
		{"an extension given back while its voucher is off does not count when it lives again", func(t *testing.T, k *shoptest.Kit) {
			root, more, before := longer(t, k)
			must(t, k.Shop.DisableVoucher(ctx, flip(t, k, before, shop.KeepMoney)))
			k.Settle()
			f := refunded(t, k, more)
			k.Advance(10 * time.Second)
			wantState(t, k, f, order.RefundDone)
			must(t, k.Shop.EnableVoucher(ctx, flip(t, k, before, "")))
			k.Settle()
			wantLimits(t, k, before, 1)
			if now := voucherOf(t, k, root); !now.ValidUntil.Equal(before.ValidUntil) || !k.Order(root).ValidUntil.Equal(before.ValidUntil) {
				t.Fatal(now.ValidUntil.Sub(before.ValidUntil))
			}
		}},
	})
}

var onlyShelf = shoptest.Selling(func(c *catalog.Catalogue) {
	c.Plans[0].Delivery, c.Plans[1].Delivery = order.OnlyStock, order.OnlyStock
})

// Orders of one plan without stock do not keep those of another waiting.
func TestStockOfOnePlanServesItsOrders(t *testing.T) {
	run(t, []row{
		{"however many wait for another", func(t *testing.T, k *shoptest.Kit) {
			siti := clerk(t, k, "siti")
			in := sale(k, siti)
			in.PlanID = "sejam"
			for i := range 51 {
				in.Nonce, in.Method, in.Reference = k.NextNonce(), payments.Transfer, fmt.Sprint("bca ", 100+i)
				_, err := k.Shop.Sell(ctx, in)
				must(t, err)
			}
			in = sale(k, siti)
			o, err := k.Shop.Sell(ctx, in)
			must(t, err)
			k.Settle()
			if now := k.Want(o, order.Paid, order.FlagAttention); now.Attention != order.ReasonOutOfStock {
				t.Fatal(now.Attention)
			}
			k.Stocked("sehari", "pojok", 1)
			k.Settle()
			k.Want(o, order.Activated)
		}},
	}, onlyShelf)
}

// What changes long afterwards marks every day that tells of it.
func TestReportsHearOfLateChanges(t *testing.T) {
	same := func(t *testing.T, k *shoptest.Kit, days int) {
		t.Helper()
		if wrong, n, err := k.Shop.CheckReports(ctx); err != nil || len(wrong) != 0 {
			t.Fatalf("%v of %d differ (%v)", wrong, n, err)
		}
		must(t, k.Shop.SumUpDays(ctx))
		if wrong, n, err := k.Shop.CheckReports(ctx); err != nil || len(wrong) != 0 || n < days {
			t.Fatalf("%v of %d differ (%v)", wrong, n, err)
		}
	}
	run(t, []row{
		{"a write-off moves the sale to the day of the other payment, and back", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			o := one(k)
			_, err := k.Shop.Take(ctx, shop.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Transfer, Reference: "bca 7", By: siti})
			must(t, err)
			k.Settle()
			k.Clock.Add(24 * time.Hour)
			k.Pay(o) // by the code that was shown before
			k.Advance(5 * time.Second)
			k.Want(o, order.Activated, order.FlagDuplicate)
			k.Clock.Add(48 * time.Hour)
			must(t, k.Shop.SumUpDays(ctx))
			c, err := k.Store.CounterPayments(ctx, o.ID)
			must(t, err)
			must(t, k.Shop.WriteOff(ctx, off(c[0], admin)))
			same(t, k, 2)
			must(t, k.Shop.Confirm(ctx, admin, c[0].Key, false))
			same(t, k, 2)
		}},
		{"a batch is switched off whose voucher was made longer on another day", func(t *testing.T, k *shoptest.Kit) {
			siti := clerk(t, k, "siti")
			b := k.Stocked("sehari", "pojok", 1)
			o, err := k.Shop.SellFromStock(ctx, fromStock(k, siti, "sehari", ""))
			must(t, err)
			k.Clock.Add(24 * time.Hour)
			extend(t, k, o)
			k.Advance(5 * time.Second)
			k.Clock.Add(48 * time.Hour)
			must(t, k.Shop.SumUpDays(ctx))
			n, err := k.Shop.DisableBatch(ctx, "staff:admin", shop.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang", Sold: true})
			if err != nil || n != 1 {
				t.Fatal(n, err)
			}
			same(t, k, 2)
		}},
		{"money without an order goes back the way it came", func(t *testing.T, k *shoptest.Kit) {
			siti, admin := clerk(t, k, "siti"), person(t, k, "admin")
			k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			k.Settle()
			stray, err := k.Store.UnmatchedPayments(ctx)
			if err != nil || len(stray) != 1 {
				t.Fatal(stray, err)
			}
			f, err := k.Shop.RequestRefund(ctx, shop.RefundIn{Gateway: stray[0].Gateway, PaymentKey: stray[0].Key, Amount: 7000, Typed: "7000", Reason: "salah kirim", Nonce: k.NextNonce(), By: siti})
			must(t, err)
			must(t, k.Shop.ApproveRefund(ctx, yes(f, admin)))
			k.Settle()
			wantState(t, k, f, order.RefundDone)
			books, err := k.Shop.Books(ctx, report.Filter{From: k.Shop.ThisDay(), To: k.Shop.ThisDay(), Channel: report.Online})
			must(t, err)
			if sum := report.Total(books.Cells, nil); sum.In != 7000 || sum.Back != 7000 {
				t.Fatalf("%+v", sum)
			}
		}},
	})
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
		{"sell once and show the sale each time", func(t *testing.T, k *shoptest.Kit) {
			siti := clerk(t, k, "siti")
			b := k.Stocked("sehari", "pojok", 2)
			for n, in := range []shop.StockSaleIn{fromStock(k, siti, "", k.StockVoucher(b, 1).Username), fromStock(k, siti, "sehari", "")} { // the very one, and the last one
				var ids [6]order.ID
				each(len(ids), func(i int) {
					o, err := k.Shop.SellFromStock(ctx, in)
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

func TestSmallPartsAreNotBelowTheLimit(t *testing.T) {
	run(t, []row{
		{"what one person asked of a payment counts together", func(t *testing.T, k *shoptest.Kit) {
			rules := store.DefaultCounterRules
			rules.SecondAbove = 3000
			admin, other := person(t, k, "admin"), person(t, k, "lain")
			must(t, k.Shop.SetCounterRules(ctx, admin, rules))
			o := bought(k)
			first, second := request(t, k, o, admin, 2500), request(t, k, o, admin, 2500)
			wantCode(t, k.Shop.ApproveRefund(ctx, yes(first, admin)), "refund.second_person")
			must(t, k.Shop.ApproveRefund(ctx, yes(first, other)))
			wantCode(t, k.Shop.ApproveRefund(ctx, yes(second, admin)), "refund.second_person")
			must(t, k.Shop.RejectRefund(ctx, yes(second, other)))
			must(t, k.Shop.ApproveRefund(ctx, yes(request(t, k, o, admin, 500), admin)))
		}},
	})
}

// A clock that was ahead for a while sums days up that are not over.
func TestSumsFromTheFutureAreNotBelieved(t *testing.T) {
	run(t, []row{
		{"the clock was ahead and is set right", func(t *testing.T, k *shoptest.Kit) {
			bought(k)
			k.Clock.Add(72 * time.Hour)
			must(t, k.Shop.SumUpDays(ctx))
			k.Clock.Add(-72 * time.Hour)
			bought(k)
			day := k.Shop.ThisDay()
			want := func() {
				t.Helper()
				books, err := k.Shop.Books(ctx, report.Filter{From: day, To: day, Test: true})
				must(t, err)
				if sum := report.Total(books.Cells, nil); sum.Sold != 2 || sum.In != 10_000 {
					t.Fatalf("%+v", sum)
				}
			}
			want()
			k.Clock.Add(30 * time.Hour)
			must(t, k.Shop.SumUpDays(ctx))
			want()
			k.Clock.Add(72 * time.Hour)
			want()
		}},
	})
}

// A voucher that lives again stays on although its batch's end was on the way.
func TestOneLivesAgainWhileItsBatchEnds(t *testing.T) {
	run(t, []row{
		{"the router lets it in", func(t *testing.T, k *shoptest.Kit) {
			b := k.Stocked("sehari", "pojok", 2)
			v := k.StockVoucher(b, 1)
			_, err := k.Shop.DisableBatch(ctx, "staff:admin", shop.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang"})
			must(t, err)
			job := k.ClaimAndDie()
			k.Shop.Hotspot = &between{Driver: k.Shop.Hotspot, do: func() {
				must(t, k.Shop.EnableVoucher(ctx, flip(t, k, v, "")))
				k.Settle()
				wantVoucher(t, k, v, store.VoucherStock, false)
			}}
			must(t, k.Shop.EndBatch(ctx, job))
			k.Settle()
			wantVoucher(t, k, v, store.VoucherStock, false)
			if k.Disabled("pojok", v.Username) || !k.Disabled("pojok", k.StockVoucher(b, 2).Username) {
				t.Fatal("the last word does not hold")
			}
		}},
	})
}
