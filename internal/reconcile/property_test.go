package reconcile

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/payments"
)

// drawn are facts of every kind: twice used references, lines without a charge, refunds
// that only one side knows.
func drawn(t *rapid.T) Facts {
	f := Facts{Gateway: "xendit", Fees: report.DefaultFees, Zone: wib, Now: now.Add(time.Duration(rapid.IntRange(-30, 300).Draw(t, "later")) * time.Hour)}
	key := rapid.IntRange(1, 6)
	amount := rapid.SampledFrom([]money.Rupiah{2000, 5000, 85_000})
	when := func() time.Time { return noon.Add(time.Duration(rapid.IntRange(-40, 40).Draw(t, "hour")) * time.Hour) }
	seen := map[string]bool{}
	for range rapid.IntRange(0, 8).Draw(t, "payments") {
		p := book(func(p *Payment) {
			p.Gateway = rapid.SampledFrom([]string{"xendit", "xendit", "counter", "midtrans"}).Draw(t, "gateway")
			p.Key, p.Reference = fmt.Sprint("pr-", key.Draw(t, "key")), rapid.SampledFrom([]string{"", "R-1", "R-2"}).Draw(t, "reference")
			p.Amount, p.PaidAt = amount.Draw(t, "amount"), when()
			p.Method = rapid.SampledFrom([]payments.Method{payments.QRIS, payments.VA("BCA"), payments.Cash}).Draw(t, "method")
			p.OrderID = rapid.SampledFrom([]order.ID{"", "o1"}).Draw(t, "order")
			p.Currency = rapid.SampledFrom([]string{"IDR", "IDR", "IDR", "USD"}).Draw(t, "currency")
			p.Undecided, p.Late, p.Confirmed = rapid.Bool().Draw(t, "undecided"), rapid.Bool().Draw(t, "late"), rapid.Bool().Draw(t, "confirmed")
			if rapid.IntRange(0, 5).Draw(t, "written") == 0 {
				p.WrittenOffAt = noon
			}
		})
		if id := p.Gateway + p.Key; !seen[id] {
			seen[id] = true
			f.Payments = append(f.Payments, p)
		}
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "refunds") {
		x := back(func(x *Refund) {
			x.ID, x.Reference = fmt.Sprint("f", i), fmt.Sprint("gerai-refund-f", i)
			x.GatewayID = rapid.SampledFrom([]string{"", "rfd-1", "rfd-2", "rfd-3"}).Draw(t, "refund id")
			x.State = rapid.SampledFrom([]order.RefundState{order.RefundRequested, order.RefundSent, order.RefundDone, order.RefundManual}).Draw(t, "state")
			x.Gateway = rapid.SampledFrom([]string{"xendit", "xendit", "counter"}).Draw(t, "refund gateway")
			x.Amount, x.DoneAt = amount.Draw(t, "refund amount"), when()
		})
		if id := "refund" + x.Gateway + x.GatewayID; x.GatewayID == "" || !seen[id] {
			seen[id] = true
			f.Refunds = append(f.Refunds, x)
		}
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "lines") {
		f.Lines = append(f.Lines, line(func(x *payments.Transaction) {
			x.ID, x.Amount, x.CreatedAt = fmt.Sprint("txn-", i), amount.Draw(t, "line amount"), when()
			x.Type = rapid.SampledFrom([]payments.TransactionType{payments.PaymentTransaction, payments.PaymentTransaction, payments.RefundTransaction, payments.ChargebackTransaction, payments.OtherTransaction}).Draw(t, "type")
			x.Status = rapid.SampledFrom([]payments.TransactionStatus{payments.TransactionDone, payments.TransactionDone, payments.TransactionPending, payments.TransactionFailed, payments.TransactionUnrecognised}).Draw(t, "status")
			x.ChargeID = rapid.SampledFrom([]string{"", "pr-1", "pr-2", "pr-3", "pr-9"}).Draw(t, "charge")
			x.ProductID = rapid.SampledFrom([]string{"", "rfd-1", "rfd-2", "rfd-9"}).Draw(t, "product")
			x.Reference = rapid.SampledFrom([]string{"", "R-1", "R-2-pm", "gerai-refund-f0", "gerai-refund-f1"}).Draw(t, "line reference")
			x.In = x.Type == payments.PaymentTransaction || rapid.Bool().Draw(t, "in")
			x.FeeFinal = rapid.Bool().Draw(t, "final")
			x.Settled = rapid.SampledFrom([]payments.Settlement{payments.SettlementNone, payments.SettlementPending, payments.SettlementDone}).Draw(t, "settled")
		}))
	}
	return f
}

// Whatever the sides say: every line, every payment and every refund that moved money is
// in exactly one row, subjects are unique, and what rows add up to is what the sides do.
func TestNothingIsLostOrCountedTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawn(t)
		rows := Match(f)
		lines, subjects, keys := map[string]int{}, map[string]int{}, map[string]int{}
		var refunds int
		for _, r := range rows {
			subjects[r.Subject]++
			for _, id := range r.Lines {
				lines[id]++
			}
			if r.Kind == PaymentRow {
				keys[r.Gateway+r.Key]++
			}
			if r.RefundID != "" {
				refunds++
			}
			if r.Day == "" || r.State == "" || r.Subject == "" {
				t.Fatalf("%+v", r)
			}
		}
		var want Totals
		for _, p := range f.Payments {
			if keys[p.Gateway+p.Key] != 1 {
				t.Fatalf("payment %s has %d rows", p.Key, keys[p.Gateway+p.Key])
			}
			want.In += p.Here()
		}
		done := 0
		for _, x := range f.Refunds {
			if x.State == order.RefundDone {
				done++
				want.Back += x.Amount
			}
		}
		if refunds < done {
			t.Fatalf("%d refunds of at least %d", refunds, done)
		}
		for _, x := range f.Lines {
			if lines[x.ID] != 1 {
				t.Fatalf("line %s is in %d rows", x.ID, lines[x.ID])
			}
			moved := sum([]payments.Transaction{x})
			switch {
			case x.Type == payments.PaymentTransaction:
				want.GatewayIn += moved
			case x.Type == payments.RefundTransaction, x.Type == payments.ChargebackTransaction && !x.In:
				want.GatewayBack += moved
			case x.Type == payments.ChargebackTransaction:
				want.GatewayBack -= moved
			case x.In:
				want.Movements += moved
			default:
				want.Movements -= moved
			}
		}
		for s, n := range subjects {
			if n != 1 {
				t.Fatalf("%s is there %d times", s, n)
			}
		}
		got := Sum(rows)
		if got.In != want.In || got.Back != want.Back || got.GatewayIn != want.GatewayIn || got.GatewayBack != want.GatewayBack || got.Movements != want.Movements {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

// However often a subject changes while its months are closed one after the other, its
// rows add up to what it is now.
func TestCarriedRowsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var closed []Row
		small := rapid.Map(rapid.IntRange(-3, 3), func(n int) money.Rupiah { return money.Rupiah(n * 1000) })
		for range rapid.IntRange(1, 6).Draw(t, "changes") {
			r := Row{Subject: "s", State: rapid.SampledFrom(States).Draw(t, "state"), There: small.Draw(t, "there"), Here: small.Draw(t, "here"), Fee: small.Draw(t, "fee")}
			if diff, more := Carry(r, closed); more {
				closed = append(closed, diff)
			}
			var got Row
			for _, k := range closed {
				got.There, got.Here, got.Fee = got.There+k.There, got.Here+k.Here, got.Fee+k.Fee
			}
			if got.There != r.There || got.Here != r.Here || got.Fee != r.Fee {
				t.Fatalf("%+v, want %+v", got, r)
			}
			if _, more := Carry(r, closed); more {
				t.Fatal("told twice")
			}
		}
	})
}
