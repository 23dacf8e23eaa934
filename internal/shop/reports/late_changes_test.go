package reports_test

import (
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/payments"
)

// What changes long afterwards marks every day that tells of it.
func TestReportsHearOfLateChanges(t *testing.T) {
	same := func(t *testing.T, k *shoptest.Harness, days int) {
		t.Helper()
		if wrong, n, err := k.Shop.Reports.CheckReports(ctx); err != nil || len(wrong) != 0 {
			t.Fatalf("%v of %d differ (%v)", wrong, n, err)
		}
		k.Must(k.Shop.Reports.SumUpDays(ctx))
		if wrong, n, err := k.Shop.Reports.CheckReports(ctx); err != nil || len(wrong) != 0 || n < days {
			t.Fatalf("%v of %d differ (%v)", wrong, n, err)
		}
	}
	shoptest.Run(t, []shoptest.Row{
		{Name: "a write-off moves the sale to the day of the other payment, and back", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o := k.BuyOne()
			_, err := k.Shop.Counter.Take(ctx, counter.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Transfer, Reference: "bca 7", Actor: siti})
			k.Must(err)
			k.RunAll()
			k.Clock.Add(24 * time.Hour)
			k.Pay(o) // by the code that was shown before
			k.Advance(5 * time.Second)
			k.Want(o, order.Activated, order.FlagDuplicate)
			k.Clock.Add(48 * time.Hour)
			k.Must(k.Shop.Reports.SumUpDays(ctx))
			c, err := k.Store.CounterPayments(ctx, o.ID)
			k.Must(err)
			k.Must(k.Shop.Refunds.WriteOff(ctx, shoptest.WriteOffForm(c[0], admin)))
			same(t, k, 2)
			k.Must(k.Shop.Refunds.Confirm(ctx, admin, c[0].Key, false))
			same(t, k, 2)
		}},
		{Name: "a batch is switched off whose voucher was made longer on another day", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 1)
			o, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", ""))
			k.Must(err)
			k.Clock.Add(24 * time.Hour)
			k.Extend(o)
			k.Advance(5 * time.Second)
			k.Clock.Add(48 * time.Hour)
			k.Must(k.Shop.Reports.SumUpDays(ctx))
			n, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:admin"), stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang", Sold: true})
			if err != nil || n != 1 {
				t.Fatal(n, err)
			}
			same(t, k, 2)
		}},
		{Name: "money without an order goes back the way it came", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			k.RunAll()
			stray, err := k.Store.UnmatchedPayments(ctx)
			if err != nil || len(stray) != 1 {
				t.Fatal(stray, err)
			}
			f, err := k.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: stray[0].Gateway, PaymentKey: stray[0].Key, Amount: 7000, Typed: "7000", Reason: "salah kirim", Nonce: k.NextNonce(), Actor: siti})
			k.Must(err)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.RunAll()
			k.WantRefund(f, order.RefundDone)
			books, err := k.Shop.Reports.Books(ctx, report.Filter{From: k.Shop.Reports.ThisDay(), To: k.Shop.Reports.ThisDay(), Channel: report.Online})
			k.Must(err)
			if sum := report.Total(books.Cells, nil); sum.In != 7000 || sum.Back != 7000 {
				t.Fatalf("%+v", sum)
			}
		}},
	})
}

// A clock that was ahead for a while sums days up that are not over.
func TestSumsFromTheFutureAreNotBelieved(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "the clock was ahead and is set right", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Bought()
			k.Clock.Add(72 * time.Hour)
			k.Must(k.Shop.Reports.SumUpDays(ctx))
			k.Clock.Add(-72 * time.Hour)
			k.Bought()
			day := k.Shop.Reports.ThisDay()
			want := func() {
				t.Helper()
				books, err := k.Shop.Reports.Books(ctx, report.Filter{From: day, To: day, Test: true})
				k.Must(err)
				if sum := report.Total(books.Cells, nil); sum.Sold != 2 || sum.In != 10_000 {
					t.Fatalf("%+v", sum)
				}
			}
			want()
			k.Clock.Add(30 * time.Hour)
			k.Must(k.Shop.Reports.SumUpDays(ctx))
			want()
			k.Clock.Add(72 * time.Hour)
			want()
		}},
	})
}
