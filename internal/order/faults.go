package order

import "gerai/internal/fault"

// Faults of the rules that callers decide by, with errors.Is.
var (
	// ErrRefundDecided: the refund is past the step that was asked for.
	ErrRefundDecided = fault.New(fault.Conflict, "refund.decided")
	// ErrSecondPerson: the refund is above what one account may ask for and approve.
	ErrSecondPerson = fault.New(fault.Denied, "refund.second_person")
	// ErrNotReceived: the money of the payment is announced and not here yet.
	ErrNotReceived = fault.New(fault.Conflict, "refund.not_received")
	// ErrStillOpen: staff may have to reach the customer.
	ErrStillOpen = fault.New(fault.Conflict, "order.still_open")
	// ErrNotPending: the order does not wait for money, so it gets no internet to pay with.
	ErrNotPending = fault.New(fault.Conflict, "pass.not_pending")
)
