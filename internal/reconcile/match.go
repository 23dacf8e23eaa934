package reconcile

import (
	"cmp"
	"slices"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/payments"
)

const (
	// listedWithin is how far the gateway's list may be behind.
	listedWithin = 2 * time.Hour
	// deliverWithin is how long a paid order may wait for its voucher.
	deliverWithin = time.Hour
	// settleGrace is how long after its expected time a settlement may still come:
	// weekends and holidays move it.
	settleGrace = 4 * 24 * time.Hour
)

// Match puts every payment, refund and line into exactly one row, ordered by subject. A
// refund that is not done and that the gateway does not list has none.
func Match(f Facts) []Row {
	m := matching{Facts: f, payments: map[string]*paid{}, byReference: map[string][]*paid{}, refunds: map[string]*given{}, aliases: map[string]*given{}}
	m.index()
	var rows []Row
	for _, x := range f.Lines {
		switch x.Type {
		case payments.PaymentTransaction:
			m.payment(x)
		case payments.RefundTransaction:
			m.refund(x)
		default:
			rows = append(rows, m.movementRow(x))
		}
	}
	for _, p := range m.payments {
		rows = append(rows, m.paymentRow(p))
	}
	for _, g := range m.refunds {
		if g.here == nil || g.here.State == order.RefundDone || len(g.lines) > 0 {
			rows = append(rows, m.refundRow(g))
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(a.Subject, b.Subject) })
	return rows
}

// paid is one payment of the books, one charge of the gateway, or both.
type paid struct {
	subject string
	here    *Payment
	key     string
	lines   []payments.Transaction
}

// given is one refund of the books, one of the gateway, or both.
type given struct {
	subject string
	here    *Refund
	id      string // the gateway's
	lines   []payments.Transaction
}

type matching struct {
	Facts
	payments    map[string]*paid // by subject
	byReference map[string][]*paid
	refunds     map[string]*given // by subject
	aliases     map[string]*given // by our reference
}

func paymentSubject(gateway, key string) string { return "payment:" + gateway + ":" + key }
func refundSubject(gateway, id string) string   { return "refund:" + gateway + ":" + id }

func (m *matching) index() {
	for i := range m.Payments {
		p := &m.Payments[i]
		x := &paid{subject: paymentSubject(p.Gateway, p.Key), here: p, key: p.Key}
		m.payments[x.subject] = x
		if p.Gateway == m.Gateway && p.Reference != "" {
			m.byReference[p.Reference] = append(m.byReference[p.Reference], x)
		}
	}
	for i := range m.Refunds {
		f := &m.Refunds[i]
		x := &given{subject: "refund:" + f.ID, here: f, id: f.GatewayID}
		if f.GatewayID != "" {
			x.subject = refundSubject(f.Gateway, f.GatewayID)
		}
		m.refunds[x.subject] = x
		if f.Gateway == m.Gateway && f.Reference != "" {
			m.aliases[f.Reference] = x
		}
	}
}

// payment finds the charge that a line is about: by its id, else by our reference. A
// virtual account may be listed under the reference of its payment method.
func (m *matching) payment(x payments.Transaction) {
	if x.ChargeID != "" {
		subject := paymentSubject(m.Gateway, x.ChargeID)
		if m.payments[subject] == nil {
			m.payments[subject] = &paid{subject: subject, key: x.ChargeID}
		}
		m.payments[subject].lines = append(m.payments[subject].lines, x)
		return
	}
	if p := m.referenced(x); p != nil {
		p.lines = append(p.lines, x)
		return
	}
	subject := lineSubject(x)
	m.payments[subject] = &paid{subject: subject, lines: []payments.Transaction{x}}
}

func lineSubject(x payments.Transaction) string { return "line:" + x.ID }

// referenced is the payment under a line's reference; of several the one that still lacks
// this amount.
func (m *matching) referenced(x payments.Transaction) *paid {
	all := m.byReference[x.Reference]
	if all == nil {
		all = m.byReference[payments.ChargeReference(x.Reference)]
	}
	for _, p := range all {
		if p.here.Amount == sum(p.lines)+x.Amount {
			return p
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return nil
}

// sum is what done lines moved in the shop's currency.
func sum(lines []payments.Transaction) (out money.Rupiah) {
	for _, x := range lines {
		if x.Status == payments.TransactionDone && x.Currency == money.Currency {
			out += x.Amount
		}
	}
	return out
}

func (m *matching) paymentRow(p *paid) Row {
	r := Row{Subject: p.subject, Kind: PaymentRow, Gateway: m.Gateway, Key: p.key, There: sum(p.lines)}
	m.fill(&r, p.lines)
	if p.here != nil {
		r.Gateway, r.OrderID, r.SiteID, r.Method, r.At, r.Here = p.here.Gateway, p.here.OrderID, p.here.SiteID, p.here.Method, p.here.PaidAt, p.here.Here()
		r.Reference = cmp.Or(p.here.Reference, r.Reference)
	}
	for _, x := range p.lines {
		if x.Status == payments.TransactionDone {
			r.FeeExpected += m.Fees.Of(r.Method, x.Amount)
		}
	}
	r.Day = report.DayOf(r.At, m.Zone)
	r.State = m.paymentState(r, p)
	return r
}

// fill takes what lines say together.
func (m *matching) fill(r *Row, lines []payments.Transaction) {
	r.FeeFinal = len(lines) > 0
	for _, x := range lines {
		r.Lines = append(r.Lines, x.ID)
		if r.At.IsZero() || x.CreatedAt.Before(r.At) {
			r.At = x.CreatedAt
		}
		r.Reference, r.Method = cmp.Or(r.Reference, x.Reference), cmp.Or(r.Method, x.Method)
		if x.Status == payments.TransactionFailed {
			continue
		}
		r.Fee += x.Fee
		r.FeeFinal = r.FeeFinal && x.FeeFinal
		if r.Settled != payments.SettlementPending && x.Settled != payments.SettlementNone {
			r.Settled = x.Settled
		}
		if x.SettlesAt.After(r.SettlesAt) {
			r.SettlesAt = x.SettlesAt
		}
	}
	slices.Sort(r.Lines)
}

func (m *matching) paymentState(r Row, p *paid) State {
	h := p.here
	switch {
	case h == nil && every(p.lines, payments.TransactionFailed):
		return Void
	case h == nil && r.There == 0:
		return Pending
	case h == nil:
		return MissingHere
	case h.Method.AtCounter():
		return counterState(h)
	case h.Gateway != m.Gateway:
		return NotCompared
	case !h.counted() && r.There == 0 && h.Undecided:
		return Undecided
	case !h.counted() && r.There == 0:
		return NotCounted
	case len(p.lines) == 0 && m.Now.Sub(h.PaidAt) < listedWithin:
		return Pending
	case len(p.lines) == 0:
		return MissingThere
	case r.There == 0 && some(p.lines, payments.TransactionPending):
		return Pending
	case r.There != r.Here:
		return AmountDiffers
	}
	return m.bothState(r, h, len(p.lines))
}

func counterState(h *Payment) State {
	switch {
	case !h.WrittenOffAt.IsZero():
		return WrittenOff
	case !h.counted():
		return NotCounted
	case !h.Confirmed:
		return Unconfirmed
	}
	return Counter
}

// bothState tells about a payment on which both sides agree.
func (m *matching) bothState(r Row, h *Payment, lines int) State {
	fees := r.Fee - r.FeeExpected
	switch {
	case h.OrderID == "" && h.Given == 0 && !h.Returning:
		return Unmatched
	case h.Undecided:
		return Undecided
	case h.Status == order.Paid && !h.ActivateAt.IsZero() && m.Now.Sub(h.ActivateAt) > deliverWithin:
		return Undelivered
	case r.FeeFinal && max(fees, -fees) > money.Rupiah(lines): // each line may be rounded another way
		return FeeDiffers
	case m.overdue(r):
		return Unsettled
	case h.Given > 0:
		return Refunded
	case h.Late:
		return Late
	case r.Settled == payments.SettlementDone:
		return Settled
	}
	return Matched
}

func (m *matching) overdue(r Row) bool {
	return r.Settled == payments.SettlementPending && m.Now.Sub(maxTime(r.SettlesAt, r.At)) > settleGrace
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func every(lines []payments.Transaction, s payments.TransactionStatus) bool {
	return !slices.ContainsFunc(lines, func(x payments.Transaction) bool { return x.Status != s })
}

func some(lines []payments.Transaction, s payments.TransactionStatus) bool {
	return slices.ContainsFunc(lines, func(x payments.Transaction) bool { return x.Status == s })
}
