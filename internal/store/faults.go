package store

import "gerai/internal/fault"

// Faults that callers decide by, with errors.Is.
var (
	// ErrOrderChanged: the order, or what belongs to it, was changed since it was read.
	ErrOrderChanged = fault.New(fault.Conflict, "order.changed")
	// ErrOrderTaken: something of the order is in use already; the *Taken inside says what.
	ErrOrderTaken = fault.New(fault.Conflict, "order.taken")
	// ErrBatchTaken: the batch's code is in use, or its form already made one for this router.
	ErrBatchTaken = fault.New(fault.Conflict, "batch.taken")
	// ErrOutletNameTaken: another outlet has that name.
	ErrOutletNameTaken = fault.New(fault.Conflict, "outlet.name_taken")
	// ErrRouterNameUsed: another router has that name.
	ErrRouterNameUsed = &fault.Error{Kind: fault.Conflict, Code: "router.name_used", Field: "name"}
	// ErrPromotionChanged: the promotion was edited since it was read, or its form was sent before.
	ErrPromotionChanged = fault.New(fault.Conflict, "promotion.changed")
	// ErrPromotionCodeTaken: another promotion has that code, or had it.
	ErrPromotionCodeTaken = &fault.Error{Kind: fault.Conflict, Code: "promotion.code_taken", Field: "code"}
	// ErrProvisioningUnfinished: another setup of this router is under way.
	ErrProvisioningUnfinished = fault.New(fault.Conflict, "router.kit_unfinished")
	// ErrKeyNotEverywhere: a running shop does not know the key that is to be put into force.
	ErrKeyNotEverywhere = fault.New(fault.Config, "secret.not_everywhere")
	// ErrUnreadable: the database is sealed under a key that is not configured.
	ErrUnreadable = fault.New(fault.Config, "secret.unreadable")
	// ErrInUse: another process holds the database.
	ErrInUse = fault.New(fault.Config, "store.in_use")
)

// Rows that are not there.
var (
	ErrOrderNotFound   = fault.New(fault.NotFound, "order.not_found")
	ErrAttemptNotFound = fault.New(fault.NotFound, "attempt.not_found")
	// ErrPaymentNotFound: neither the gateways nor the counter took such a payment.
	ErrPaymentNotFound      = fault.New(fault.NotFound, "payment.not_found")
	ErrRefundNotFound       = fault.New(fault.NotFound, "refund.not_found")
	ErrCompensationNotFound = fault.New(fault.NotFound, "compensation.not_found")
	ErrBanNotFound          = fault.New(fault.NotFound, "ban.not_found")
	ErrVoucherNotFound      = fault.New(fault.NotFound, "voucher.not_found")
	ErrBatchNotFound        = fault.New(fault.NotFound, "batch.not_found")
	ErrPrintNotFound        = fault.New(fault.NotFound, "print.not_found")
	ErrOutletNotFound       = fault.New(fault.NotFound, "outlet.not_found")
	ErrShiftNotFound        = fault.New(fault.NotFound, "shift.not_found")
	ErrSiteNotFound         = fault.New(fault.NotFound, "site.not_found")
	ErrPlanNotFound         = fault.New(fault.NotFound, "plan.not_found")
	// ErrCatalogueChangeNotFound: there is no such change, or not for who asks.
	ErrCatalogueChangeNotFound = fault.New(fault.NotFound, "catalogue.change_not_found")
	ErrPromotionNotFound       = fault.New(fault.NotFound, "promotion.not_found")
	ErrRouterNotFound          = fault.New(fault.NotFound, "router.not_found")
	ErrAlertNotFound           = fault.New(fault.NotFound, "alert.not_found")
	ErrWebhookEventNotFound    = fault.New(fault.NotFound, "event.not_found")
	// ErrStaffNotFound: no such account, or no such session.
	ErrStaffNotFound = fault.New(fault.NotFound, "staff.not_found")
	// ErrLinkDead: a one-time link was used, replaced or has run out, or there never was one.
	ErrLinkDead = fault.New(fault.NotFound, "staff.link_dead")
	// ErrPasskeyLate: the challenge was answered before or has run out.
	ErrPasskeyLate = fault.New(fault.NotFound, "staff.passkey_late")
	// ErrNothingToUndo: setup did nothing to this router.
	ErrNothingToUndo    = fault.New(fault.NotFound, "router.kit_no_undo")
	ErrAuditRowNotFound = fault.New(fault.NotFound, "audit.no_row")
	// ErrReconciliationNotFound: no such row, or what it was about belongs to another one.
	ErrReconciliationNotFound = fault.New(fault.NotFound, "reconciliation.row_not_found")
	// ErrDayNotAsked: the day was never asked to be compared.
	ErrDayNotAsked = fault.New(fault.NotFound, "reconciliation.day_not_found")
	// ErrNoAuditHead: the row that the schema makes for the end of the chain was deleted.
	ErrNoAuditHead = fault.New(fault.NotFound, "audit.no_head")
)
