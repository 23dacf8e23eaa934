package order

import (
	"time"

	"gerai/internal/clock"
	"gerai/internal/fault"
)

// What may be done with an order. A page shows an action by these rules and the use case
// allows it by the same.

// Payable reports whether the customer still has something to pay.
func (o Order) Payable() bool {
	return o.Status == Pending || o.Status == Expired && o.Attention == ReasonUnderpaid
}

// MaySwitchMethod says why no other way to pay can be chosen, or nil. Errors: Conflict
// "order.not_payable".
func MaySwitchMethod(o Order) error {
	if !o.Payable() {
		return fault.New(fault.Conflict, "order.not_payable")
	}
	return nil
}

// MayPayAtCounter says why an order placed online cannot be paid at the counter, or nil.
// Late money of a site that gives it back would only go back. Errors: Conflict
// "counter.too_late", "counter.cancelled" and "order.already_paid".
func MayPayAtCounter(o Order) error {
	switch o.Status {
	case Pending:
		return nil
	case Expired:
		if o.Item.SitePolicies.RefundLate {
			return fault.New(fault.Conflict, "counter.too_late")
		}
		return nil
	case Cancelled:
		return fault.New(fault.Conflict, "counter.cancelled")
	}
	return fault.New(fault.Conflict, "order.already_paid")
}

// MayPoll reports whether reading the gateway on the customer's wish can bring news.
func MayPoll(o Order) bool { return o.Status == Pending || o.Status == Expired }

// MayPollNow says why staff cannot have the gateway read in any status, or nil: an order
// that was only ever sold at the counter has no charge there. Errors: NotFound
// "attempt.not_found".
func MayPollNow(attempts []Attempt) error {
	if len(attempts) == 0 {
		return fault.New(fault.NotFound, "attempt.not_found")
	}
	return nil
}

// MayCancel says why an order cannot be closed unpaid, or nil. Errors: Conflict
// "order.not_pending".
func MayCancel(o Order) error {
	if o.Status != Pending {
		return fault.New(fault.Conflict, "order.not_pending")
	}
	return nil
}

// MayRetry says why an order is not activated again, or nil. Errors: Conflict
// "order.not_waiting".
func MayRetry(o Order) error {
	if o.Status != Paid {
		return fault.New(fault.Conflict, "order.not_waiting")
	}
	return nil
}

// MayForce says why an order cannot be activated against the rules, or nil.
// Errors: Conflict "order.already_active", "order.closed" and "refund.under_way".
func MayForce(o Order, refunds []Refund) error {
	switch o.Status {
	case Activated:
		return fault.New(fault.Conflict, "order.already_active")
	case Refunded:
		return fault.New(fault.Conflict, "order.closed")
	}
	for _, f := range refunds {
		if f.UnderWay() && f.Reason != RefundExcess {
			return fault.New(fault.Conflict, "refund.under_way")
		}
	}
	return nil
}

// MayConnect says why no device is logged in with an order's voucher, or moved to it, or
// nil; alive: the voucher that serves the order works. Errors: Conflict
// "order.not_active" and "voucher.ended".
func MayConnect(o Order, alive bool) error {
	switch {
	case o.Status != Activated:
		return fault.New(fault.Conflict, "order.not_active")
	case !alive:
		return fault.New(fault.Conflict, "voucher.ended")
	}
	return nil
}

// MayExtend says why an order cannot be followed by one for more of the same, or nil;
// whether that lengthens its voucher is voucher.MayExtend's. Errors: Conflict
// "order.not_active".
func MayExtend(o Order) error {
	if o.Status != Activated {
		return fault.New(fault.Conflict, "order.not_active")
	}
	return nil
}

// MayRenew says why an order cannot be ordered again, or nil; alive: the voucher that
// serves it works. From cancelled and refunded orders the list of plans is the way on.
// Errors: Conflict "order.not_expired", "order.cancelled" and "order.closed".
func MayRenew(o Order, alive bool) error {
	switch {
	case o.Status == Cancelled:
		return fault.New(fault.Conflict, "order.cancelled")
	case o.Status == Refunded:
		return fault.New(fault.Conflict, "order.closed")
	case o.Status == Expired && o.Attention == NoReason,
		o.Status == Activated && !alive:
		return nil
	}
	return fault.New(fault.Conflict, "order.not_expired")
}

// MayErase says why the phone number and the device of an order are kept, or nil: staff
// may have to reach the customer while a delivery, a refund or a receivable is pending.
// Errors: Conflict "order.still_open".
func MayErase(o Order, refunds []Refund, counted []Receivable) error {
	open := o.Status == Pending || o.Status == Paid || o.Attention != NoReason
	for _, f := range refunds {
		open = open || f.DoneAt.IsZero()
	}
	for _, r := range counted {
		open = open || !r.Received()
	}
	if open {
		return ErrStillOpen
	}
	return nil
}

// MayGrantPass says why an order gets no internet to pay with, or nil. Errors: Conflict
// "pass.not_pending".
func MayGrantPass(o Order) error {
	if o.Status != Pending {
		return ErrNotPending
	}
	return nil
}

// OwnFor is how long a person may see the codes of their own sale again.
const OwnFor = 24 * time.Hour

// Viewer is an account that wants to see a voucher's codes.
type Viewer struct {
	ID       string
	Any, Own bool // the right to see all of them, those of its own sales
}

// MaySeeCredentials reports whether an account may see an order's user name and password:
// any with the right to, else those of its own sales for a day.
func MaySeeCredentials(o Order, by Viewer, now time.Time) bool {
	if o.Status != Activated {
		return false
	}
	sold := o.PaidAt
	if sold.IsZero() {
		sold = o.CreatedAt
	}
	return by.Any || by.Own && o.SellerID != "" && o.SellerID == by.ID && clock.Within(sold, now, OwnFor)
}
