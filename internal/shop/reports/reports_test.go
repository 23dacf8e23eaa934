package reports_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

var ctx = context.Background()

// Whatever happens in whatever order, with days summed up in between, reports
// say what the orders say.
func TestReportsSayWhatTheOrdersSay(t *testing.T) {
	t.Parallel()
	testenv.Databases(t, func(t *testing.T, database string) {
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		l := &ledger{Harness: shoptest.New(t, shoptest.OnDatabase(database)), rnd: rand.New(rand.NewPCG(7, seed))}
		l.make()
		all := report.Filter{From: "2026-01-01", To: "2027-12-31", Test: true}
		for round := range 25 {
			for range 8 {
				l.act()
			}
			if l.rnd.IntN(2) == 0 {
				if err := l.Shop.Reports.SumUpDays(ctx); err != nil {
					t.Fatal(err)
				}
			}
			books, err := l.Shop.Reports.Books(ctx, all)
			if err != nil {
				t.Fatal(err)
			}
			if want := l.naive(); !report.Same(want, books.Cells) {
				t.Fatalf("round %d: wrong %+v, missing %+v", round, without(books.Cells, want), without(want, books.Cells))
			}
			wrong, _, err := l.Shop.Reports.CheckReports(ctx)
			if err != nil || len(wrong) > 0 {
				t.Fatalf("round %d: days %v differ (%v)", round, wrong, err)
			}
			l.Clock.Add(time.Duration(l.rnd.IntN(20)) * time.Hour)
		}
		if err := l.Shop.Reports.SumUpDays(ctx); err != nil { // the last acts may have marked most days
			t.Fatal(err)
		}
		if _, compared, err := l.Shop.Reports.CheckReports(ctx); err != nil || compared < 5 {
			t.Errorf("only %d days were summed up (%v)", compared, err)
		}
	})
}

func TestCheckFindsWhatCameBehindTheSums(t *testing.T) {
	t.Parallel()
	testenv.Databases(t, func(t *testing.T, database string) {
		l := &ledger{Harness: shoptest.New(t, shoptest.OnDatabase(database)), rnd: rand.New(rand.NewPCG(1, 2))}
		l.make()
		o := l.Order(order.Order{ID: l.orders[0]})
		l.Clock.Add(300 * time.Hour)
		if err := l.Shop.Reports.SumUpDays(ctx); err != nil {
			t.Fatal(err)
		}
		p := l.money(o.ID)
		p.Amount, p.Currency, p.PaidAt = 1000, "IDR", o.CreatedAt
		if err := l.Shop.Reports.AddHistory(ctx, actor.Named("test"), store.History{Payments: []order.Payment{p}}); err != nil { // leaves no mark, like a hand in the database
			t.Fatal(err)
		}
		wrong, compared, err := l.Shop.Reports.CheckReports(ctx)
		if err != nil || len(wrong) != 1 || wrong[0] != report.DayOf(o.CreatedAt, l.Shop.Zone) || compared < 2 {
			t.Fatalf("%v of %d (%v)", wrong, compared, err)
		}
		if days, err := l.Shop.Reports.RebuildReports(ctx, actor.Named("test")); err != nil || days != compared {
			t.Fatalf("%d days (%v)", days, err)
		}
		if wrong, _, err := l.Shop.Reports.CheckReports(ctx); err != nil || len(wrong) > 0 {
			t.Errorf("%v %v", wrong, err)
		}
		rows, err := l.Store.AuditOf(ctx, "reports")
		if err != nil || len(rows) != 1 {
			t.Errorf("%v %v", rows, err)
		}
	})
}

// The road of real orders: what a report says of sold, late, double and given
// back money, and of how fast it went.
func TestReportsOfRealOrders(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "sold, left and paid twice", Test: func(t *testing.T, k *shoptest.Harness) {
			a, b := k.BuyOne(), k.Buy("sejam", "qris")
			k.BuyOne() // this one stays unpaid
			k.Pay(a)
			k.Pay(b)
			k.RunAll()
			k.Want(a, order.Activated)
			k.Advance(40 * time.Minute)
			books, err := k.Shop.Reports.Books(ctx, report.Filter{From: k.Shop.Reports.ThisDay(), To: k.Shop.Reports.ThisDay(), Test: true})
			if err != nil {
				t.Fatal(err)
			}
			sum := report.Total(books.Cells, report.DefaultFees)
			if sum.Sold != 2 || sum.Sales != 7000 || sum.In != 7000 || sum.Average() != 3500 || sum.Fees != 35+14 || sum.Net() != 7000-49 || sum.Back != 0 {
				t.Errorf("%+v", sum)
			}
			_, by := report.Gather(books.Flows, func(report.Flow) string { return "" })
			n := by[""]
			if n.Created != 3 || n.Shown != 3 || n.Paid != 2 || n.Expired != 1 || n.Activated != 2 || n.InMinute != 2 || n.InDay != 2 || n.Online != 2 || n.Webhook != 2 || sum.Handed != 2 || sum.Worth != 7000 || n.Counter != 0 {
				t.Errorf("%+v", n)
			}
			if s, known := n.Waits.Median(); !known || s > 5 {
				t.Errorf("median %d %v", s, known)
			}
			if none, err := k.Shop.Reports.Books(ctx, report.Filter{From: k.Shop.Reports.ThisDay(), To: k.Shop.Reports.ThisDay()}); err != nil || len(none.Cells) != 0 {
				t.Errorf("simulated money counts as real: %v %v", none.Cells, err)
			}
		}},
	})
}

func TestHostileRanges(t *testing.T) {
	k := shoptest.New(t)
	for _, f := range []report.Filter{{From: "2026-11-25", To: "2026-11-24"}, {From: "2000-01-01", To: "2026-11-24"}} {
		if _, err := k.Shop.Reports.Books(ctx, f); err == nil {
			t.Errorf("%s to %s was accepted", f.From, f.To)
		}
	}
	if b, err := k.Shop.Reports.Books(ctx, report.Filter{From: "2020-01-01", To: "2026-11-24"}); err != nil || len(b.Cells) != 0 {
		t.Error(b, err)
	}
}
