package order

import (
	"time"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

// What may be done with a payment, a refund and the money of the counter.

// InCash reports whether the money was put on the counter.
func (p Payment) InCash() bool { return p.Method == payments.Cash }

// LeftOf is how much of a payment is neither gone nor requested back.
func LeftOf(p Payment, refunds []Refund) money.Rupiah {
	left := p.Amount
	for _, f := range refunds {
		if f.Gateway == p.Gateway && f.PaymentKey == p.Key && f.State != RefundRejected {
			left -= f.Amount
		}
	}
	return left
}

// MayRequestRefund is the most that can be requested back of a payment; received: the
// money is here and not just announced. Errors: Conflict "refund.not_received", Invalid
// "refund.too_much" at "amount" when nothing is left.
func MayRequestRefund(p Payment, refunds []Refund, received bool) (most money.Rupiah, err error) {
	if !received {
		return 0, ErrNotReceived
	}
	if most = LeftOf(p, refunds); most <= 0 {
		return 0, fault.AtField("amount", "refund.too_much")
	}
	return most, nil
}

// MayAssign says why money cannot be given to an order, or nil. Errors: Conflict
// "payment.matched" when it belongs to one, "refund.under_way" when it was requested back.
func MayAssign(p Payment, refunds []Refund) error {
	switch {
	case p.OrderID != "":
		return fault.New(fault.Conflict, "payment.matched")
	case LeftOf(p, refunds) < p.Amount:
		return fault.New(fault.Conflict, "refund.under_way")
	}
	return nil
}

// Approval is what decides about an approval besides the refund itself.
type Approval struct {
	ActorID  string
	Received bool         // the money of its payment is here
	Asked    money.Rupiah // what the person who asked gets back of the sale, this included
	Limit    money.Rupiah // above it another person has to approve
}

// MayApprove says why a refund cannot be approved, or nil. Errors: Conflict
// "refund.decided" and "refund.not_received", Denied "refund.second_person".
func MayApprove(f Refund, a Approval) error {
	switch {
	case f.State != RefundRequested:
		return ErrRefundDecided
	case !a.Received:
		return ErrNotReceived
	case f.AskedID == a.ActorID && a.Asked > a.Limit:
		return ErrSecondPerson
	}
	return nil
}

// MayReject says why a refund cannot be turned down, or nil. Errors: Conflict
// "refund.decided", and "refund.owed" for one that the rules require.
func MayReject(f Refund) error {
	switch {
	case f.State != RefundRequested:
		return ErrRefundDecided
	case f.Reason != RefundStaff:
		return fault.New(fault.Conflict, "refund.owed")
	}
	return nil
}

// MaySkipStop says why an approved refund does not wait for a router, or nil. Errors:
// Conflict "refund.decided".
func MaySkipStop(f Refund) error {
	if f.State != RefundApproved || !f.EndsVoucher || !f.DisabledAt.IsZero() {
		return ErrRefundDecided
	}
	return nil
}

// MayHandOver says why a refund is not one that a person transfers, or nil; cash: its
// payment was cash of the counter. Errors: Conflict "refund.decided" and "refund.in_cash".
func MayHandOver(f Refund, cash bool) error {
	switch {
	case f.State != RefundManual:
		return ErrRefundDecided
	case cash:
		return fault.New(fault.Conflict, "refund.in_cash")
	}
	return nil
}

// MayPayOut says why a refund is not one that is paid out of a till, or nil; cash: its
// payment was cash of the counter. Errors: Conflict "refund.decided" and "refund.not_cash".
func MayPayOut(f Refund, cash bool) error {
	switch {
	case f.State != RefundManual:
		return ErrRefundDecided
	case !cash:
		return fault.New(fault.Conflict, "refund.not_cash")
	}
	return nil
}

// MayAck says why a refund is not one to be noted as seen, or nil. Errors: Conflict
// "refund.ours" for one that was not made at the gateway.
func MayAck(f Refund) error {
	if f.Reason != RefundExternal {
		return fault.New(fault.Conflict, "refund.ours")
	}
	return nil
}

// MayStop says why a refund made at the gateway ends nothing of its order, or nil; lives:
// the order has something on a router. Errors: Conflict "refund.ours", "refund.decided"
// when it ends the voucher already, "refund.part" while some of the money is here,
// "voucher.ended".
func MayStop(f Refund, o Order, lives bool) error {
	switch {
	case f.Reason != RefundExternal || f.OrderID == "":
		return fault.New(fault.Conflict, "refund.ours")
	case f.EndsVoucher:
		return ErrRefundDecided
	case o.Status != Refunded:
		return fault.New(fault.Conflict, "refund.part")
	case !lives:
		return fault.New(fault.Conflict, "voucher.ended")
	}
	return nil
}

// Receivable is what decides about money that the counter counted: a transfer that is not
// confirmed at the bank, or credit.
type Receivable struct {
	Method       payments.Method
	ConfirmedAt  time.Time // zero while the money is not here
	WrittenOffAt time.Time // zero unless it was given up
}

// Received reports whether the money is here.
func (r Receivable) Received() bool { return !r.ConfirmedAt.IsZero() }

// MayConfirm says why money cannot be confirmed, or nil; what was given up may come after
// all. Errors: Conflict "counter.confirmed".
func MayConfirm(r Receivable) error {
	if r.Received() {
		return fault.New(fault.Conflict, "counter.confirmed")
	}
	return nil
}

// MayComeInCash reports whether the money may be confirmed as cash: a transfer comes at
// the bank.
func MayComeInCash(r Receivable) bool { return r.Method == payments.Credit }

// MayWriteOff says why money cannot be given up, or nil; twice is once. Errors: Conflict
// "counter.confirmed".
func MayWriteOff(r Receivable) error { return MayConfirm(r) }

// MayCloseShift says why a person cannot close a shift, or nil. Errors: NotFound
// "shift.not_found" for another person's, Conflict "shift.closed".
func MayCloseShift(ownerID string, closedAt time.Time, actorID string) error {
	switch {
	case ownerID != actorID:
		return fault.New(fault.NotFound, "shift.not_found")
	case !closedAt.IsZero():
		return fault.New(fault.Conflict, "shift.closed")
	}
	return nil
}
