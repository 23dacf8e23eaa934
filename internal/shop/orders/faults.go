package orders

import "gerai/internal/fault"

// Faults that pages decide by, with errors.Is.
var (
	// ErrTermsChanged: price or terms are not what the form showed, which was right then.
	ErrTermsChanged = &fault.Error{Kind: fault.Conflict, Code: "order.terms_changed", Field: "plan"}
	// ErrNotPaid: an order that is not paid has no receipt.
	ErrNotPaid = fault.New(fault.Conflict, "order.not_paid")
	// ErrSiteClosed: the site is hidden and sells nothing.
	ErrSiteClosed = fault.New(fault.NotFound, "site.closed")
)

// Failures of a charge that was made and must not be shown, beside payments.ErrAmount: codes
// that an attempt keeps. View.Unusable tells them from those of a charge that was not made.
const (
	// failureNoCode: the charge has nothing to pay to.
	failureNoCode = "gateway.no_code"
	// failureQR: what the gateway calls a QRIS code is none, or names another amount.
	failureQR = "qris.invalid"
)
