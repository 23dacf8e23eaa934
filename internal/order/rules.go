package order

import "gerai/internal/fault"

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
