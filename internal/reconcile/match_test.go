package reconcile

import (
	"testing"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/payments"
)

var (
	wib  = time.FixedZone("WIB", 7*3600)
	noon = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)
	now  = noon.Add(20 * time.Hour)
)

// book is a payment of Rp5.000 by QRIS for an order that was delivered.
func book(change ...func(*Payment)) Payment {
	p := Payment{Payment: order.Payment{Gateway: "xendit", Key: "pr-1", OrderID: "o1", Reference: "ABCDEFGH-1", Method: payments.QRIS, Amount: 5000, Currency: "IDR", PaidAt: noon, RecordedAt: noon},
		SiteID: "kopi", Status: order.Activated}
	for _, c := range change {
		c(&p)
	}
	return p
}

// line is what the gateway lists of it.
func line(change ...func(*payments.Transaction)) payments.Transaction {
	x := payments.Transaction{ID: "txn-1", Type: payments.PaymentTransaction, Word: "PAYMENT", Status: payments.TransactionDone, ProductID: "py-1", ChargeID: "pr-1", Reference: "ABCDEFGH-1",
		Method: payments.QRIS, In: true, Amount: 5000, Currency: "IDR", Fee: 35, Settled: payments.SettlementPending, SettlesAt: noon.Add(48 * time.Hour), CreatedAt: noon, UpdatedAt: noon}
	for _, c := range change {
		c(&x)
	}
	return x
}

func back(change ...func(*Refund)) Refund {
	f := Refund{Refund: order.Refund{ID: "f1", OrderID: "o1", Gateway: "xendit", PaymentKey: "pr-1", Amount: 2000, State: order.RefundDone, GatewayID: "rfd-1", DoneAt: noon},
		Method: payments.QRIS, Reference: "gerai-refund-f1"}
	for _, c := range change {
		c(&f)
	}
	return f
}

func backLine(change ...func(*payments.Transaction)) payments.Transaction {
	return line(append([]func(*payments.Transaction){func(x *payments.Transaction) {
		x.ID, x.Type, x.ProductID, x.ChargeID, x.Reference, x.In, x.Amount, x.Fee = "txn-9", payments.RefundTransaction, "rfd-1", "", "gerai-refund-f1", false, 2000, 0
		x.Settled, x.FeeFinal = payments.SettlementDone, true
	}}, change...)...)
}

func settled(x *payments.Transaction) { x.Settled, x.FeeFinal = payments.SettlementDone, true }
func dear(x *payments.Transaction)    { x.Fee, x.FeeFinal = 37, true }
func status(s payments.TransactionStatus) func(*payments.Transaction) {
	return func(x *payments.Transaction) { x.Status = s }
}

func TestStates(t *testing.T) {
	type (
		books  []Payment
		backs  []Refund
		listed []payments.Transaction
	)
	for _, c := range []struct {
		name  string
		books books
		backs backs
		lines listed
		after time.Duration
		kind  Kind
		want  State
		act   Act
	}{
		{name: "both say the same", books: books{book()}, lines: listed{line()}, want: Matched, act: ToOrder},
		{name: "and it was settled", books: books{book()}, lines: listed{line(settled)}, want: Settled, act: ToOrder},
		{name: "not settled in time", books: books{book()}, lines: listed{line()}, after: 7 * 24 * time.Hour, want: Unsettled, act: ToOrder},
		{name: "the gateway alone", lines: listed{line()}, want: MissingHere, act: ToGateway},
		{name: "the gateway alone, without a charge's id", lines: listed{line(func(x *payments.Transaction) { x.ChargeID = "" })}, want: MissingHere, act: ToGateway},
		{name: "the gateway alone, and nothing moved", lines: listed{line(status(payments.TransactionFailed))}, want: Void},
		{name: "the gateway alone, and a status of tomorrow", lines: listed{line(status(payments.TransactionUnrecognised))}, want: Pending},
		{name: "the books alone", books: books{book()}, want: MissingThere, act: ToOrder},
		{name: "the books alone, a minute ago", books: books{book(func(p *Payment) { p.PaidAt = now.Add(-time.Minute) })}, want: Pending, act: ToOrder},
		{name: "found by reference", books: books{book()}, lines: listed{line(func(x *payments.Transaction) { x.ChargeID = "" })}, want: Matched, act: ToOrder},
		{name: "found by the reference of a payment method", books: books{book()}, lines: listed{line(func(x *payments.Transaction) { x.ChargeID, x.Reference = "", "ABCDEFGH-1-pm" })}, want: Matched, act: ToOrder},
		{name: "less than the books say", books: books{book()}, lines: listed{line(func(x *payments.Transaction) { x.Amount = 4999 })}, want: AmountDiffers, act: ToOrder},
		{name: "in two parts", books: books{book()}, lines: listed{line(func(x *payments.Transaction) { x.Amount, x.Fee = 2000, 14 }), line(func(x *payments.Transaction) { x.ID, x.Amount, x.Fee = "txn-2", 3000, 21 })}, want: Matched, act: ToOrder},
		{name: "reversed by the gateway", books: books{book()}, lines: listed{line(status(payments.TransactionFailed))}, want: AmountDiffers, act: ToOrder},
		{name: "not finished", books: books{book()}, lines: listed{line(status(payments.TransactionPending))}, want: Pending, act: ToOrder},
		{name: "another fee", books: books{book()}, lines: listed{line(dear)}, want: FeeDiffers, act: ToFees},
		{name: "another fee that may still change", books: books{book()}, lines: listed{line(func(x *payments.Transaction) { x.Fee = 37 })}, want: Matched, act: ToOrder},
		{name: "a rupiah of rounding", books: books{book()}, lines: listed{line(settled, func(x *payments.Transaction) { x.Fee = 34 })}, want: Settled, act: ToOrder},
		{name: "belongs to no order", books: books{book(func(p *Payment) { p.OrderID = "" })}, lines: listed{line()}, want: Unmatched, act: ToMoney},
		{name: "belongs to no order and goes back", books: books{book(func(p *Payment) { p.OrderID, p.Returning = "", true })}, lines: listed{line()}, want: Matched},
		{name: "its order waits for a decision", books: books{book(func(p *Payment) { p.Undecided = true })}, lines: listed{line()}, want: Undecided, act: ToOrder},
		{name: "not delivered", books: books{book(func(p *Payment) { p.Status, p.ActivateAt = order.Paid, noon })}, lines: listed{line()}, want: Undelivered, act: ToOrder},
		{name: "to be delivered later", books: books{book(func(p *Payment) { p.Status, p.ActivateAt = order.Paid, now })}, lines: listed{line()}, want: Matched, act: ToOrder},
		{name: "given back since", books: books{book(func(p *Payment) { p.Given = 2000 })}, lines: listed{line(settled)}, want: Refunded, act: ToOrder},
		{name: "after its time", books: books{book(func(p *Payment) { p.Late = true })}, lines: listed{line(settled)}, want: Late, act: ToOrder},
		{name: "in another currency", books: books{book(func(p *Payment) { p.Currency, p.Undecided = "USD", true })}, want: Undecided, act: ToOrder},
		{name: "in another currency, decided", books: books{book(func(p *Payment) { p.Currency = "USD" })}, want: NotCounted, act: ToOrder},
		{name: "through another gateway", books: books{book(func(p *Payment) { p.Gateway = "midtrans" })}, want: NotCompared, act: ToOrder},
		{name: "cash", books: books{book(func(p *Payment) { p.Gateway, p.Method, p.Confirmed = "counter", payments.Cash, true })}, want: Counter, act: ToOrder},
		{name: "a transfer that nobody has seen", books: books{book(func(p *Payment) { p.Gateway, p.Method = "counter", payments.Transfer })}, want: Unconfirmed, act: ToMoney},
		{name: "a transfer given up", books: books{book(func(p *Payment) { p.Gateway, p.Method, p.WrittenOffAt = "counter", payments.Transfer, noon })}, want: WrittenOff, act: ToOrder},

		{name: "a refund on both sides", backs: backs{back()}, lines: listed{backLine()}, kind: RefundRow, want: Settled, act: ToRefund},
		{name: "a refund whose answer was lost", backs: backs{back(func(f *Refund) { f.GatewayID, f.State = "", order.RefundApproved })}, lines: listed{backLine()}, kind: RefundRow, want: MissingHere, act: ToRefund},
		{name: "a refund under way", backs: backs{back(func(f *Refund) { f.State = order.RefundSent })}, lines: listed{backLine(status(payments.TransactionPending))}, kind: RefundRow, want: Pending, act: ToRefund},
		{name: "a refund that failed", backs: backs{back(func(f *Refund) { f.State = order.RefundManual })}, lines: listed{backLine(status(payments.TransactionFailed))}, kind: RefundRow, want: Void, act: ToRefund},
		{name: "a refund of another amount", backs: backs{back()}, lines: listed{backLine(func(x *payments.Transaction) { x.Amount = 1999 })}, kind: RefundRow, want: AmountDiffers, act: ToRefund},
		{name: "a refund by hand", backs: backs{back(func(f *Refund) { f.GatewayID = "" })}, kind: RefundRow, want: ByHand, act: ToRefund},
		{name: "a refund of the books alone", backs: backs{back()}, kind: RefundRow, want: MissingThere, act: ToRefund},
		{name: "a refund of another gateway", backs: backs{back(func(f *Refund) { f.Gateway = "midtrans" })}, kind: RefundRow, want: NotCompared, act: ToRefund},
		{name: "a refund of the gateway alone", lines: listed{backLine()}, kind: RefundRow, want: MissingHere},
		{name: "a refund of the gateway alone, in two lines", lines: listed{backLine(status(payments.TransactionPending)), backLine(func(x *payments.Transaction) { x.ID = "txn-8" })}, kind: RefundRow, want: MissingHere},

		{name: "a chargeback", lines: listed{line(func(x *payments.Transaction) { x.Type, x.In = payments.ChargebackTransaction, false })}, kind: ChargebackRow, want: Chargeback},
		{name: "a withdrawal", lines: listed{line(func(x *payments.Transaction) { x.Type, x.In, x.ChargeID = payments.OtherTransaction, false, "" })}, kind: OtherRow, want: Movement},
		{name: "a withdrawal under way", lines: listed{line(status(payments.TransactionPending), func(x *payments.Transaction) { x.Type = payments.OtherTransaction })}, kind: OtherRow, want: Pending},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := Match(Facts{Gateway: "xendit", Payments: c.books, Refunds: c.backs, Lines: c.lines, Fees: report.DefaultFees, Zone: wib, Now: now.Add(c.after)})
			if c.kind == "" {
				c.kind = PaymentRow
			}
			if len(rows) != 1 || rows[0].State != c.want || rows[0].Kind != c.kind || rows[0].Act() != c.act || rows[0].Day != "2026-11-24" && c.want != Pending {
				t.Fatalf("%+v, want %s %s leading to %q", rows, c.kind, c.want, c.act)
			}
		})
	}
	if rows := Match(Facts{Gateway: "xendit", Refunds: []Refund{back(func(f *Refund) { f.State = order.RefundRequested })}, Zone: wib, Now: now}); len(rows) != 0 {
		t.Error("a wish is no money:", rows)
	}
}

func TestRowTellsBothSides(t *testing.T) {
	rows := Match(Facts{Gateway: "xendit", Payments: []Payment{book()}, Refunds: []Refund{back()}, Lines: []payments.Transaction{line(settled), backLine()}, Fees: report.DefaultFees, Zone: wib, Now: now})
	if len(rows) != 2 {
		t.Fatal(rows)
	}
	r := rows[0]
	if r.Subject != "payment:xendit:pr-1" || r.Here != 5000 || r.There != 5000 || r.Fee != 35 || r.FeeExpected != 35 || !r.FeeFinal || !r.SettlesAt.Equal(noon.Add(48*time.Hour)) || r.Lines[0] != "txn-1" || r.OrderID != "o1" || r.SiteID != "kopi" {
		t.Errorf("%+v", r)
	}
	if r = rows[1]; r.Subject != "refund:xendit:rfd-1" || r.Here != -2000 || r.There != -2000 || r.RefundID != "f1" || r.Key != "pr-1" {
		t.Errorf("%+v", r)
	}
	if sum := Sum(rows); sum.In != 5000 || sum.Back != 2000 || sum.GatewayIn != 5000 || sum.GatewayBack != 2000 || sum.Fee != 35 || sum.Settled != 5000 || sum.Difference() != 0 || sum.Rows != 2 || sum.Open != 0 {
		t.Errorf("%+v", sum)
	}
}

// Two charges under one reference: a line without a charge's id goes where its amount
// is lacking.
func TestReferenceOfTwoCharges(t *testing.T) {
	second := book(func(p *Payment) { p.Key, p.Amount = "pr-2", 7000 })
	bare := func(id string, amount money.Rupiah) payments.Transaction {
		return line(func(x *payments.Transaction) {
			x.ID, x.Amount, x.ChargeID, x.Fee = id, amount, "", report.DefaultFees.Of(payments.QRIS, amount)
		})
	}
	for _, r := range Match(Facts{Gateway: "xendit", Payments: []Payment{book(), second}, Lines: []payments.Transaction{bare("a", 7000), bare("b", 5000)}, Fees: report.DefaultFees, Zone: wib, Now: now}) {
		if r.State != Matched || len(r.Lines) != 1 {
			t.Errorf("%+v", r)
		}
	}
}

func TestMonths(t *testing.T) {
	m, err := ParseMonth("2026-11")
	if err != nil || m.First() != "2026-11-01" || m.Last() != "2026-11-30" || m.Next() != "2026-12" || Month("2026-12").Next() != "2027-01" {
		t.Error(m, err)
	}
	for _, bad := range []string{"", "2026", "2026-13", "2026-11-01", "11-2026"} {
		if _, err := ParseMonth(bad); err == nil {
			t.Errorf("%q is a month", bad)
		}
	}
	ready := MonthState{Month: "2026-11"}
	for want, s := range map[error]MonthState{nil: ready, ErrMonthRunning: {Month: "2026-12"}, ErrMonthClosed: {Month: "2026-11", ClosedAt: now}, ErrMonthUnread: {Month: "2026-11", Unread: 1, Open: 1},
		ErrMonthOpen: {Month: "2026-11", Open: 1, Awaiting: 1}, ErrMonthUnsettled: {Month: "2026-11", Awaiting: 1}} {
		if got := MayClose(s, "2026-12-05"); got != want {
			t.Errorf("%+v: %v, want %v", s, got, want)
		}
	}
	if MayExplain(MissingHere, time.Time{}) != nil || MayExplain(MissingHere, now) == nil || MayExplain(Settled, time.Time{}) == nil {
		t.Error("what may be explained")
	}
}

// A closed month keeps what it said; what changes later stands in another month, and
// both together are the truth.
func TestCarry(t *testing.T) {
	was := Row{Subject: "payment:xendit:pr-1", Kind: PaymentRow, State: Settled, There: 5000, Here: 5000, Fee: 35, FeeExpected: 35}
	if r, more := Carry(was, nil); !more || r.Here != 5000 {
		t.Error(r, more)
	}
	if _, more := Carry(was, []Row{was}); more {
		t.Error("nothing changed")
	}
	changed := was
	changed.State, changed.Here = WrittenOff, 0
	diff, more := Carry(changed, []Row{was})
	if !more || diff.Here != -5000 || diff.There != 0 || diff.State != WrittenOff || diff.Fee != 0 {
		t.Errorf("%+v", diff)
	}
	if _, more := Carry(changed, []Row{was, diff}); more {
		t.Error("both months say it all")
	}
	dearer := was
	dearer.State, dearer.FeeExpected = FeeDiffers, 99
	if _, more := Carry(dearer, []Row{was}); more {
		t.Error("new rules for fees change nothing that is closed")
	}
	lost := was
	lost.State = Undecided
	if diff, more := Carry(lost, []Row{was}); !more || diff.Here != 0 {
		t.Error("a closed row that needs a person again:", diff)
	}
}
