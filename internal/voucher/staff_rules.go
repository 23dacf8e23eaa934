package voucher

import (
	"time"

	"gerai/internal/fault"
)

// What staff may do with one voucher beside ending it.

// ErrSuspended is why a voucher that staff keep out for a while is not used.
var ErrSuspended = fault.New(fault.Conflict, "voucher.suspended")

// inUse says why a voucher is not one that a customer has and that works, or nil. Errors:
// Conflict "voucher.ended" and "voucher.not_sold".
func inUse(f Facts, now time.Time) error {
	switch {
	case f.State.Ended(), f.Over(now):
		return fault.New(fault.Conflict, "voucher.ended")
	case !f.State.Living():
		return fault.New(fault.Conflict, "voucher.not_sold")
	}
	return nil
}

// MaySuspend says why a voucher is not kept out for a while, or nil. Errors: those of inUse,
// Conflict "voucher.suspended" where it is already.
func MaySuspend(f Facts, now time.Time) error {
	if err := inUse(f, now); err != nil {
		return err
	}
	if f.Suspended() {
		return ErrSuspended
	}
	return nil
}

// MayUnsuspend says why a voucher is not let in again that was suspended, or nil. Errors:
// those of inUse, Conflict "voucher.not_suspended".
func MayUnsuspend(f Facts, now time.Time) error {
	if err := inUse(f, now); err != nil {
		return err
	}
	if !f.Suspended() {
		return fault.New(fault.Conflict, "voucher.not_suspended")
	}
	return nil
}

// MayMove says why another router does not take a voucher over, or nil. Errors: those of
// held, Conflict "voucher.never_made" while its own router has yet to get it,
// "voucher.refunded" when a refund is about to end it.
func MayMove(f Facts, now time.Time) error {
	if err := inUse(f, now); err != nil {
		return err
	}
	switch {
	case f.NeverMade():
		return fault.New(fault.Conflict, "voucher.never_made")
	case f.Refunded:
		return fault.New(fault.Conflict, "voucher.refunded")
	}
	return nil
}

// MayCarry says why a voucher cannot be moved while its router does not tell what was used
// of it, or nil: one with limits would begin again with all of them. Errors: Conflict
// "voucher.use_unknown".
func MayCarry(f Facts) error {
	sum := f.Allowance()
	if f.FirstLoginAt.IsZero() || sum.UptimeLimit == 0 && sum.DataLimit == 0 {
		return nil
	}
	return fault.New(fault.Conflict, "voucher.use_unknown")
}

// MayConnect says why no device is logged in with a voucher that works, or nil. Errors:
// Conflict "voucher.suspended".
func MayConnect(f Facts) error {
	if f.Suspended() {
		return ErrSuspended
	}
	return nil
}

// MayGrant says why staff cannot add to a voucher, or nil; what is added is checked by
// Grant.Check. Errors: those of inUse, Conflict "order.unlimited".
func MayGrant(f Facts, now time.Time) error {
	if err := inUse(f, now); err != nil {
		return err
	}
	if !f.Allowance().Limited() {
		return fault.New(fault.Conflict, "order.unlimited")
	}
	return nil
}
