package reconciliation_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/reconcile"
	"gerai/internal/report"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments"
)

var ctx = context.Background()

// firstDay is the day on which every test begins.
const firstDay = report.Day("2026-11-24")

// night lets the next night come and go: the day before is compared, and what was found is
// followed up.
func night(k *shoptest.Harness) {
	k.Helper()
	today := report.DayOf(k.Clock.Now(), k.Shop.Zone)
	next := today.Start(k.Shop.Zone).Add(2*time.Hour + 5*time.Minute)
	if !next.After(k.Clock.Now()) {
		next = today.Add(1).Start(k.Shop.Zone).Add(2*time.Hour + 5*time.Minute)
	}
	k.Clock.Set(next)
	work(k)
}

// work does what is due, and what that leaves for a moment later.
func work(k *shoptest.Harness) {
	k.Helper()
	k.Must(k.Shop.Reconciliation.Schedule(ctx))
	for range 4 {
		k.RunAll()
		k.Clock.Add(31 * time.Second)
	}
	k.Must(k.Shop.Reconciliation.Schedule(ctx))
}

// rows are all rows, by what they are about.
func rows(k *shoptest.Harness) map[string]store.ReconciliationRow {
	k.Helper()
	out := map[string]store.ReconciliationRow{}
	k.Must(k.Store.EachReconciliation(ctx, store.ReconciliationFilter{}, func(r store.ReconciliationRow) error {
		if _, twice := out[r.Subject+" "+string(r.Month)]; twice {
			k.Errorf("%s is there twice", r.Subject)
		}
		out[r.Subject+" "+string(r.Month)] = r
		return nil
	}))
	return out
}

// rowOf is the row of an order's only payment.
func rowOf(k *shoptest.Harness, o order.Order) store.ReconciliationRow {
	k.Helper()
	for _, r := range rows(k) {
		if r.OrderID == o.ID && r.Kind == reconcile.PaymentRow {
			return r
		}
	}
	k.Fatalf("no row of order %s among %v", o.Code, rows(k))
	return store.ReconciliationRow{}
}

func wantState(k *shoptest.Harness, o order.Order, want reconcile.State) store.ReconciliationRow {
	k.Helper()
	r := rowOf(k, o)
	if r.State != want || r.IsOpen() != want.Open() {
		k.Fatalf("order %s: %+v, want %s", o.Code, r, want)
	}
	return r
}

// wantTie fails unless the rows of each day, and of all days together, say what the revenue
// report says.
func wantTie(k *shoptest.Harness, from, to report.Day) {
	k.Helper()
	of := func(from, to report.Day) (reconcile.Totals, report.Sum) {
		t, err := k.Store.ReconciliationTotals(ctx, store.ReconciliationFilter{From: from, To: to})
		k.Must(err)
		books, err := k.Shop.Reports.Books(ctx, report.Filter{From: from, To: to, Test: !k.Shop.Live()})
		k.Must(err)
		return t, report.Total(books.Cells, nil)
	}
	for d := from; d <= to; d = d.Add(1) {
		if t, books := of(d, d); t.In != books.In || t.Back != books.Back {
			k.Errorf("%s: rows say %s in and %s back, the report %s and %s", d, t.In, t.Back, books.In, books.Back)
		}
	}
	if t, books := of(from, to); t.In != books.In || t.Back != books.Back {
		k.Errorf("%s to %s: rows say %s in and %s back, the report %s and %s", from, to, t.In, t.Back, books.In, books.Back)
	}
}

func TestNight(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "an ordinary day", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			sold, dear := k.Bought(), k.Buy("bulanan", "va:BNI")
			k.Pay(dear)
			k.RunAll()
			cash, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
			k.Must(err)
			in := k.SaleForm(siti)
			in.Method, in.Reference, in.Given = payments.Transfer, "BRI-77", 0
			transfer, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			back := k.Bought()
			f := k.RequestRefund(back, siti, 2000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.Advance(time.Minute)
			k.WantRefund(f, order.RefundDone)
			late := k.BuyOne()
			k.Advance(40 * time.Minute)
			k.Pay(late)
			k.Advance(10 * time.Second)
			k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			k.RunAll()
			night(k)
			wantState(k, sold, reconcile.Matched)
			wantState(k, dear, reconcile.Settled)
			wantState(k, cash, reconcile.Counter)
			wantState(k, transfer, reconcile.Unconfirmed)
			wantState(k, back, reconcile.Refunded)
			wantState(k, late, reconcile.Late)
			all := rows(k)
			if r := all["payment:xendit:"+k.GatewayID(sold)+" 2026-11"]; r.There != 5000 || r.Here != 5000 || r.Fee != 35 || r.FeeExpected != 35 || r.Day != firstDay || r.Code != sold.Code || r.SettlesAt.IsZero() {
				t.Errorf("%+v", r)
			}
			var open []reconcile.State
			for _, r := range all {
				if r.IsOpen() {
					open = append(open, r.State)
				}
				if r.Kind == reconcile.RefundRow && (r.State != reconcile.Settled || r.Here != -2000 || r.There != -2000 || r.RefundID != f.ID) {
					t.Errorf("%+v", r)
				}
			}
			slices.Sort(open)
			if !slices.Equal(open, []reconcile.State{reconcile.Unconfirmed, reconcile.Unmatched}) || len(all) != 8 {
				t.Errorf("open: %v, %d rows", open, len(all))
			}
			wantTie(k, firstDay.Add(-1), firstDay.Add(1))
			day, err := k.Store.ReconciliationDay(ctx, firstDay)
			if err != nil || day.State != store.DayDone || day.Failure != "" || day.DoneAt.IsZero() {
				t.Errorf("%+v %v", day, err)
			}
			audits := len(k.Audits("reconciliation:" + string(firstDay)))
			night(k)
			night(k)
			wantState(k, sold, reconcile.Settled)
			c, err := k.Store.CounterPayments(ctx, transfer.ID)
			k.Must(err)
			k.Must(k.Shop.Refunds.Confirm(ctx, admin, c[0].Key, false))
			night(k)
			wantState(k, transfer, reconcile.Counter)
			if len(k.Audits("reconciliation:"+string(firstDay))) != audits {
				t.Error("the server's own nights fill the trail")
			}
			k.WantAlert("reconciliation_open") // the money without an order
		}},
		{Name: "what no message told is found in the list", Test: func(t *testing.T, k *shoptest.Harness) {
			given := k.Bought()
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			lost := k.BuyOne()
			k.Pay(lost)
			key := k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			_, err := k.Gateway.Refund(ctx, payments.RefundIn{GatewayID: k.GatewayID(given), Reference: "by-hand-at-the-gateway", IdempotencyKey: "x", Amount: 2000})
			k.Must(err)
			night(k)
			k.Want(lost, order.Activated)
			wantState(k, lost, reconcile.Matched)
			stray, err := k.Store.UnmatchedPayments(ctx)
			if err != nil || len(stray) != 1 || stray[0].Key != key {
				t.Fatal(stray, err)
			}
			k.WantAlert("unmatched_money")
			k.WantAlert("external_refund")
			back, err := k.Store.Refunds(ctx, given.ID)
			if err != nil || len(back) != 1 || back[0].Reason != order.RefundExternal {
				t.Fatal(back, err)
			}
			for subject, r := range rows(k) {
				if r.State == reconcile.MissingHere {
					t.Errorf("%s is missing still: %+v", subject, r)
				}
			}
			if newest, _, _, err := k.Store.WebhookPulse(ctx, k.Clock.Now()); err != nil || newest.After(shoptest.Start.Add(time.Minute)) {
				t.Error("what the list told counts as a message", err)
			}
			night(k) // the refund was written down on the day it was found
			wantTie(k, firstDay, firstDay.Add(1))
		}},
		{Name: "differences stay open until they are gone", Test: func(t *testing.T, k *shoptest.Harness) {
			gone, less, fee := k.Bought(), k.Bought(), k.Bought()
			k.Xendit.SetFaults(xenditsim.Faults{HideTransactions: []string{k.Reference(gone)}})
			night(k)
			first := wantState(k, gone, reconcile.MissingThere)
			wantState(k, less, reconcile.Matched)
			k.Xendit.SetFaults(xenditsim.Faults{HideTransactions: []string{k.Reference(gone)}, TransactionAmount: -1})
			night(k)
			k.WantAlert("reconciliation_open")
			wantState(k, less, reconcile.AmountDiffers)
			if r := wantState(k, gone, reconcile.MissingThere); !r.OpenedAt.Equal(first.OpenedAt) || r.ID != first.ID {
				t.Error("it began anew:", r)
			}
			k.Xendit.SetFaults(xenditsim.Faults{TransactionFee: 100})
			night(k)
			wantState(k, gone, reconcile.FeeDiffers)
			r := wantState(k, fee, reconcile.FeeDiffers)
			if r.Fee != 135 || r.FeeExpected != 35 || !r.FeeFinal {
				t.Errorf("%+v", r)
			}
			k.Must(k.Shop.Counter.SetFees(ctx, k.Staff("admin"), report.Fees{{Method: "qris", Hundredths: 70, Fixed: 100}}))
			night(k)
			wantState(k, fee, reconcile.Settled)
			if slices.Contains(k.Alerts(), "reconciliation_open") {
				t.Error("the alert stays")
			}
			wantTie(k, firstDay, firstDay)
		}},
		{Name: "a list of many pages, and a gateway that fails in between", Test: func(t *testing.T, k *shoptest.Harness) {
			for range 60 {
				k.Pay(k.BuyOne())
			}
			k.RunAll()
			k.Clock.Set(firstDay.Add(1).Start(k.Shop.Zone).Add(2*time.Hour + 5*time.Minute))
			k.Must(k.Shop.Reconciliation.Schedule(ctx))
			k.Xendit.SetFaults(xenditsim.Faults{GetDown: true})
			k.RunAll()
			day, err := k.Store.ReconciliationDay(ctx, firstDay)
			if err != nil || day.State == store.DayDone || day.Failure != "gateway.busy" {
				t.Fatalf("%+v %v", day, err)
			}
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.Clock.Add(15 * time.Minute)
			work(k)
			if all := rows(k); len(all) != 60 {
				t.Errorf("%d rows", len(all))
			}
			for _, r := range rows(k) {
				if r.State != reconcile.Matched {
					t.Errorf("%+v", r)
				}
			}
		}},
		{Name: "a key that may not read the list", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			k.Xendit.SetFaults(xenditsim.Faults{TransactionsForbidden: true})
			night(k)
			day, err := k.Store.ReconciliationDay(ctx, firstDay)
			if err != nil || day.State == store.DayDone || day.Failure != "gateway.statement_forbidden" {
				t.Fatalf("%+v %v", day, err)
			}
			if slices.Contains(k.Alerts(), "gateway_down") {
				t.Error("the gateway is up")
			}
			night(k)
			night(k)
			k.WantAlert("reconciliation_unread")
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.Clock.Add(20 * time.Minute)
			work(k)
			work(k)
			wantState(k, o, reconcile.Settled)
			if slices.Contains(k.Alerts(), "reconciliation_unread") {
				t.Error("the alert stays")
			}
		}},
		{Name: "nights that were missed, and a clock that was ahead", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			k.Clock.Add(5 * 24 * time.Hour)
			work(k)
			wantState(k, o, reconcile.Settled)
			days, err := k.Store.ReconciliationDays(ctx, firstDay, "2026-12-31")
			if err != nil || len(days) != 5 {
				t.Fatalf("%+v %v", days, err)
			}
			k.Clock.Add(30 * 24 * time.Hour)
			work(k)
			k.Clock.Add(-30 * 24 * time.Hour)
			k.Pay(k.BuyOne())
			k.RunAll()
			night(k)
			day, err := k.Store.ReconciliationDay(ctx, firstDay.Add(5))
			if err != nil || day.State != store.DayDone || day.DoneAt.After(k.Clock.Now()) {
				t.Errorf("%+v %v", day, err)
			}
			wantTie(k, firstDay, firstDay.Add(5))
		}},
	})
}

// A list without an end is read for a while. Then a person is told, and no page of it is
// read until the day is asked for again.
func TestAListWithoutAnEnd(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		g := &endless{k: k}
		k.UseGateway(g)
		k.Must(k.Shop.Reconciliation.Run(ctx, k.Staff("admin"), firstDay, firstDay))
		compare := func(tries int) error {
			return k.Shop.Reconciliation.CompareDay(ctx, jobs.Job{Kind: jobs.ReconciliationDay, Subject: string(firstDay), Snoozes: tries})
		}
		if snooze, is := jobs.AsSnooze(compare(5)); !is || snooze.Err != nil || g.pages == 0 {
			t.Errorf("%d pages, %+v", g.pages, snooze)
		}
		before := g.pages
		if snooze, is := jobs.AsSnooze(compare(2000)); !is || fault.CodeOf(snooze.Err) != "reconciliation.endless" || g.pages != before {
			t.Errorf("%d pages more, %+v", g.pages-before, snooze)
		}
		if d, err := k.Store.ReconciliationDay(ctx, firstDay); err != nil || d.Failure != "reconciliation.endless" {
			t.Errorf("%+v %v", d, err)
		}
	})
}

// endless always has another page.
type endless struct {
	payments.Gateway
	k     *shoptest.Harness
	pages int
}

func (e *endless) Name() string { return "xendit" }

func (e *endless) Transactions(context.Context, time.Time, time.Time, string) ([]payments.Transaction, string, error) {
	e.pages++
	e.k.Clock.Add(time.Second)
	return nil, fmt.Sprint(e.pages), nil
}
