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
