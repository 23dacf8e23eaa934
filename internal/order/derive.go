package order

import (
	"sort"
	"time"

	"gerai/internal/money"
)

// Facts is everything Derive looks at.
type Facts struct {
	Total       money.Rupiah
	Policies    Policies
	Test        bool
	ExpiresAt   time.Time
	ExpiredAt   time.Time
	CancelledAt time.Time
	ForcedAt    time.Time // deliver although cancelled, late or disputed
	ClosedAt    time.Time // all its money went back once: money that still comes does not open it again
	Payments    []Payment
	Refunds     []Refund
	Activation  *Activation
	Problem     Reason
}

// View is what follows from the facts.
type View struct {
	Status    Status
	Flags     []Flag
	Attention Reason
	PaidTotal money.Rupiah
	Remaining money.Rupiah // what the customer still has to pay, never negative
	PaidAt    time.Time    // zero until paid in full
	// Activate asks for activation at ActivateAt.
	Activate   bool
	ActivateAt time.Time
	// RefundsDue lists what must be in the refund queue, or was given back already.
	RefundsDue []Refund
	// GoingBack: all the money is on its way back, or gone.
	GoingBack bool
}

// Has reports whether the view carries the flag.
func (v View) Has(f Flag) bool {
	for _, have := range v.Flags {
		if have == f {
			return true
		}
	}
	return false
}

// Derive computes status, flags and next steps. It is a pure function: the
// order in which facts arrived does not matter, and asking twice gives the
// same answer.
func Derive(f Facts, now time.Time) View {
	m := count(f)
	v := View{PaidTotal: m.total, PaidAt: m.fullAt, GoingBack: m.goingBack()}
	if v.Remaining = f.Total - m.total; v.Remaining < 0 {
		v.Remaining = 0
	}
	full := !m.fullAt.IsZero()
	late := m.late(f)
	forced := !f.ForcedAt.IsZero()
	cancelled := !f.CancelledAt.IsZero() && !forced
	refundLate := m.refundLate(f)

	switch {
	case !f.ClosedAt.IsZero(), m.total > 0 && m.refunded >= m.total:
		v.Status = Refunded
	case f.Activation != nil:
		v.Status = Activated
	case cancelled:
		v.Status = Cancelled
	case full:
		v.Status = Paid
	case !f.ExpiredAt.IsZero() || now.After(f.deadline()):
		v.Status = Expired
	default:
		v.Status = Pending
	}

	switch {
	case v.Status == Refunded && m.refunded < m.total:
		v.RefundsDue = m.allDue(RefundExcess)
	case v.Status == Refunded:
	case cancelled && m.total > 0 && f.Activation == nil:
		v.RefundsDue = m.allDue(RefundCancelled)
	case refundLate:
		v.RefundsDue = m.allDue(RefundLate)
	case full:
		v.RefundsDue = m.excess
	}

	v.Attention = attention(f, v, m, cancelled, refundLate)
	if v.Status == Paid && f.Problem == NoReason && (!m.disputed || forced) && !refundLate && !v.GoingBack {
		v.Activate = true
		v.ActivateAt = m.fullAt.Add(f.Policies.ActivationDelay)
	}
	v.Flags = flags(f, v, m, late)
	return v
}

func attention(f Facts, v View, m sums, cancelled, refundLate bool) Reason {
	switch {
	case v.Status == Refunded:
		return NoReason
	case m.disputed:
		return ReasonDisputed
	case cancelled && m.total > 0 && f.Activation == nil:
		return ReasonCancelledPaid
	case refundLate:
		return ReasonLateRefund
	case v.Status == Activated && !m.writtenOff:
		return NoReason
	case v.Status != Activated && v.GoingBack:
		return ReasonRefunding
	case m.total > 0 && m.fullAt.IsZero(): // also where the rest was given up after it was delivered
		return ReasonUnderpaid
	case v.Status == Paid:
		return f.Problem
	}
	return NoReason
}

func flags(f Facts, v View, m sums, late bool) []Flag {
	var out []Flag
	add := func(on bool, flag Flag) {
		if on {
			out = append(out, flag)
		}
	}
	add(late, FlagLate)
	add(m.total > 0 && m.fullAt.IsZero(), FlagUnderpaid)
	add(m.over, FlagOverpaid)
	add(m.duplicate, FlagDuplicate)
	add(m.writtenOff, FlagWrittenOff)
	add(f.Test, FlagTest)
	add(v.Attention != NoReason, FlagAttention)
	return out
}

// sums is the money side of the facts.
type sums struct {
	total, refunded money.Rupiah
	leaving         money.Rupiah // refunds that are approved, sent or done
	fullAt          time.Time    // when the running sum reached the total
	over, duplicate bool
	disputed        bool
	writtenOff      bool // some of it never came and was given up
	promised        bool // late money is in the refund queue or was given back
	excess          []Refund
	parts           []Payment
}

// count adds up payments in the order they were made, so that the answer does
// not depend on the order they were heard of.
func count(f Facts) sums {
	var m sums
	for _, r := range f.Refunds {
		if r.State == RefundRejected {
			continue
		}
		if !r.DoneAt.IsZero() {
			m.refunded += r.Amount
		}
		m.promised = m.promised || r.Reason == RefundLate
		if r.UnderWay() {
			m.leaving += r.Amount
		}
	}
	sorted := append([]Payment(nil), f.Payments...)
	sort.Slice(sorted, func(i, j int) bool {
		if !sorted[i].PaidAt.Equal(sorted[j].PaidAt) {
			return sorted[i].PaidAt.Before(sorted[j].PaidAt)
		}
		return sorted[i].Key < sorted[j].Key
	})
	for _, p := range sorted {
		if !p.WrittenOffAt.IsZero() {
			m.writtenOff = true
			continue
		}
		if p.Disputed || p.Currency != money.Currency {
			m.disputed = true
		}
		if p.Currency == money.Currency && p.Free() && f.Total == 0 && m.fullAt.IsZero() {
			m.fullAt = p.PaidAt
		}
		if p.Currency != money.Currency || p.Amount <= 0 {
			continue
		}
		before := m.total
		m.total += p.Amount
		m.parts = append(m.parts, p)
		switch {
		case before >= f.Total:
			m.duplicate = true
			m.excess = append(m.excess, refundsDue(p, p.Amount, RefundExcess))
		case m.total >= f.Total:
			m.fullAt = p.PaidAt
			if m.total > f.Total {
				m.over = true
				m.excess = append(m.excess, refundsDue(p, m.total-f.Total, RefundExcess))
			}
		}
	}
	return m
}

// goingBack reports whether all the money is on its way back.
func (m sums) goingBack() bool { return m.total > 0 && m.leaving >= m.total }

func (m sums) allDue(why RefundReason) []Refund {
	var out []Refund
	for _, p := range m.parts {
		out = append(out, refundsDue(p, p.Amount, why))
	}
	return out
}

func refundsDue(p Payment, amount money.Rupiah, why RefundReason) Refund {
	return Refund{OrderID: p.OrderID, Gateway: p.Gateway, PaymentKey: p.Key, Amount: amount, Reason: why}
}
