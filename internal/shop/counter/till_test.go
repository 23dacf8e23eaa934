package counter_test

import (
	"strings"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

// Cash without a sale is part of what the till should hold and of the shift's report.
func TestCashInAndOut(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "moved", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		s, _, err := k.Store.OpenShift(ctx, siti.ID)
		k.Must(err)
		in := counter.TillIn{ShiftID: s.ID, Out: true, Amount: 25_000, Reason: "beli galon", Nonce: k.NextNonce(), Actor: siti}
		shoptest.Each(4, func(int) {
			if err := k.Shop.Counter.MoveTill(ctx, in); err != nil {
				t.Error(err)
			}
		})
		k.Must(k.Shop.Counter.MoveTill(ctx, counter.TillIn{ShiftID: s.ID, Amount: 10_000, Reason: "tukar receh", Nonce: k.NextNonce(), Actor: siti}))
		if k.ExpectedTill(siti) != 85_000 {
			t.Fatal(k.ExpectedTill(siti))
		}
		for _, change := range []func(*counter.TillIn){
			func(in *counter.TillIn) { in.Amount = 26_000 }, func(in *counter.TillIn) { in.Out = false }, func(in *counter.TillIn) { in.Reason = "beli air" },
		} {
			other := in
			change(&other)
			k.WantCode(k.Shop.Counter.MoveTill(ctx, other), "order.nonce_reused")
		}
		if k.ExpectedTill(siti) != 85_000 {
			t.Fatal(k.ExpectedTill(siti))
		}
		for code, change := range map[string]func(*counter.TillIn){
			"counter.amount_form": func(in *counter.TillIn) { in.Amount = 0 }, "counter.till_reason": func(in *counter.TillIn) { in.Reason = " x " },
			"shift.short": func(in *counter.TillIn) { in.Amount = 85_001 }, "order.form_stale": func(in *counter.TillIn) { in.Nonce = "" },
			"shift.not_found": func(in *counter.TillIn) { in.Actor = k.Staff("budi") },
		} {
			wrong := in
			wrong.Nonce = k.NextNonce()
			change(&wrong)
			k.WantCode(k.Shop.Counter.MoveTill(ctx, wrong), code)
		}
		in.Reason, in.Nonce = strings.Repeat("a", 201), k.NextNonce()
		k.WantCode(k.Shop.Counter.MoveTill(ctx, in), "counter.till_reason")
		r, err := k.Shop.Counter.ShiftReport(ctx, s)
		if err != nil || len(r.ByHand) != 2 || r.ByHand[0].Amount != -25_000 || r.ByHand[0].Reason != "beli galon" || r.Expected != 85_000 {
			t.Fatalf("%+v %v", r, err)
		}
		closed, err := k.Shop.Counter.CloseShift(ctx, siti, s.ID, 85_000, "")
		if err != nil || closed.Expected != 85_000 {
			t.Fatal(closed, err)
		}
		in.Reason, in.Nonce = "beli galon", k.NextNonce()
		k.WantCode(k.Shop.Counter.MoveTill(ctx, in), "shift.closed")
		trail, err := k.Store.AuditOf(ctx, "shift:"+s.ID)
		k.Must(err)
		said := ""
		for _, row := range trail {
			said += row.Action + row.Detail
		}
		if strings.Count(said, "till.out") != 1 || strings.Count(said, "till.in") != 1 || !strings.Contains(said, "beli galon") {
			t.Error(said)
		}
	}}})
}

// The printed QRIS of the shop: for the same price, into no till, each reference once, however
// it was used before.
func TestStaticQRIS(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "sold", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		in := k.SaleForm(siti)
		in.Method, in.Given, in.Reference = payments.StaticQRIS, 0, "rrn 4410 22"
		o, err := k.Shop.Counter.Sell(ctx, in)
		k.Must(err)
		k.RunAll()
		now := k.Want(o, order.Activated)
		pays, err := k.Store.Payments(ctx, o.ID)
		if err != nil || len(pays) != 1 || pays[0].Method != payments.StaticQRIS || pays[0].Amount != money.Rupiah(5000) || now.Channel != order.ByStaticQRIS || k.ExpectedTill(siti) != 100_000 {
			t.Fatal(pays, now.Channel, k.ExpectedTill(siti), err)
		}
		k.WantAlert("transfer_unconfirmed")
		for _, m := range []payments.Method{payments.StaticQRIS, payments.Transfer} {
			again := k.SaleForm(siti)
			again.Method, again.Given, again.Reference = m, 0, "RRN-441022"
			_, err = k.Shop.Counter.Sell(ctx, again)
			k.WantCode(err, "counter.reference_used")
			if fault.SubjectOf(err) != o.Code.Pretty() {
				t.Error(fault.SubjectOf(err))
			}
		}
		online := k.BuyOne()
		take := k.CashForm(siti, online)
		take.Method, take.Reference = payments.StaticQRIS, ""
		_, err = k.Shop.Counter.Take(ctx, take)
		k.WantCode(err, "counter.reference_form")
		take.Reference, take.Given = "rrn 5", 5000
		_, err = k.Shop.Counter.Take(ctx, take)
		k.WantCode(err, "counter.given_with_transfer")
		owed, err := k.Store.Receivables(ctx)
		if err != nil || len(owed) != 1 {
			t.Fatal(owed, err)
		}
		k.Must(k.Shop.Refunds.Confirm(ctx, k.Staff("admin"), owed[0].Key, true))
		k.WantNoAlerts()
		if k.ExpectedTill(siti) != 100_000 {
			t.Fatal("QRIS is no cash")
		}
	}}})
}

// Cash out by hand is told of once a shift has more of it than one person decides alone, also
// where it goes out in parts.
func TestMuchCashOutIsToldOf(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "in parts", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		s, _, err := k.Store.OpenShift(ctx, siti.ID)
		k.Must(err)
		move := func(out bool, amount money.Rupiah) {
			t.Helper()
			k.Must(k.Shop.Counter.MoveTill(ctx, counter.TillIn{ShiftID: s.ID, Out: out, Amount: amount, Reason: "setor ke bank", Nonce: k.NextNonce(), Actor: siti}))
		}
		move(false, 60_000)
		move(true, 30_000)
		move(true, 20_000) // with the one before as much as one person may
		k.WantNoAlerts()
		move(true, 1000)
		k.WantAlert("till_out")
		move(true, 4000)
		open, err := k.Store.OpenAlerts(ctx)
		if err != nil || len(open) != 1 || open[0].Subject != s.ID || open[0].Detail != "siti Rp55.000" {
			t.Fatalf("%+v %v", open, err)
		}
		k.Must(k.Shop.Alerts.AckAlert(ctx, k.Staff("admin"), open[0].ID, "disetor"))
		k.WantNoAlerts()
		r, err := k.Shop.Counter.ShiftReport(ctx, s)
		if err != nil || len(r.ByHand) != 5 {
			t.Fatalf("%+v %v", r, err)
		}
	}}})
}
