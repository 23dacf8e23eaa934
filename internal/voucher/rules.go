package voucher

import (
	"errors"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
)

// MayDisable says why a voucher cannot be switched off, or nil. Errors: Conflict
// "voucher.ended".
func MayDisable(f Facts) error {
	if f.State.Ended() {
		return fault.New(fault.Conflict, "voucher.ended")
	}
	return nil
}

// MayEnable says why a voucher cannot be enabled again, or nil. Errors: Conflict
// "voucher.changed" when it is not disabled, "voucher.ended" when its time is over,
// "voucher.never_made" when its router never had it, "voucher.refunded" when its money went
// or goes back.
func MayEnable(f Facts, now time.Time) error {
	switch {
	case f.State == Expired, f.State == Disabled && f.Over(now):
		return fault.New(fault.Conflict, "voucher.ended")
	case f.State != Disabled:
		return fault.New(fault.Conflict, "voucher.changed")
	case f.NeverMade():
		return fault.New(fault.Conflict, "voucher.never_made")
	case f.Refunded, f.MoneyGone:
		return fault.New(fault.Conflict, "voucher.refunded")
	}
	return nil
}

// MayRevive reports whether a voucher that the clock ended lives again, because it has time
// left by a clock that is right and its money stays.
func MayRevive(f Facts, now time.Time) bool {
	return f.State == Expired && f.ValidUntil.After(now) && !f.Refunded && !f.MoneyGone
}

// MayRemove reports whether the user of a voucher that ended so long ago may leave its
// router for good. One that may live again stays, because the router alone knows what was
// used of it: it was switched off after it had been used, or a wrong clock ended it. after is
// how long ended users stay.
func MayRemove(f Facts, now time.Time, after time.Duration) bool {
	switch {
	case !f.State.Ended(), f.EndedAt.IsZero(), now.Sub(f.EndedAt) < after:
		return false
	case f.State == Expired:
		return !f.ValidUntil.After(now)
	}
	return f.FirstLoginAt.IsZero() || MayEnable(f, now) != nil
}

// MayRestore says why the user of a voucher is not put back on its router, or nil. Errors:
// Conflict "voucher.never_made" when its router never had it, "voucher.ended",
// "voucher.suspended".
func MayRestore(f Facts, now time.Time) error {
	switch {
	case f.Suspended() && f.Alive(now) && !f.Refunded:
		return ErrSuspended
	case f.State.Ended(), f.want(now) == WantDisabled, f.Over(now):
		return fault.New(fault.Conflict, "voucher.ended")
	case f.NeverMade(), f.want(now) != WantEnabled:
		return fault.New(fault.Conflict, "voucher.never_made")
	}
	return nil
}

// MayExtend says why there is nothing to lengthen, or nil. Errors: Conflict "voucher.ended",
// after which an order for more gets a voucher of its own, "voucher.suspended" and
// "order.unlimited".
func MayExtend(f Facts, now time.Time) error {
	switch {
	case !f.Alive(now):
		return fault.New(fault.Conflict, "voucher.ended")
	case f.Suspended():
		return ErrSuspended
	case !f.Allowance().Limited():
		return fault.New(fault.Conflict, "order.unlimited")
	}
	return nil
}

// MaySell says why a voucher of the stock cannot be sold over the counter, or nil. Errors:
// Conflict "stock.not_for_sale", "stock.at_outlet", "stock.not_ready" while its router has
// not got it or has not let it in again.
func MaySell(f Facts) error {
	switch {
	case f.State != Stock:
		return fault.Wrap(fault.Conflict, "stock.not_for_sale", errors.New(string(f.State)))
	case f.Outlet:
		return fault.New(fault.Conflict, "stock.at_outlet")
	case f.MadeAt.IsZero(), !f.OffAt.IsZero():
		return fault.New(fault.Conflict, "stock.not_ready")
	}
	return nil
}

// MayPrint reports whether a voucher may leave the shop on paper.
func MayPrint(f Facts) bool { return f.State == Stock && !f.NeverMade() }

// Gives reports whether a voucher that was made as one item gives on its router what
// another was sold as: a batch may have limits of its own, or be older than the plan is.
func Gives(made, sold order.Item) bool {
	return made.UptimeLimit == sold.UptimeLimit && made.DataLimit == sold.DataLimit && made.Profile == sold.Profile && SpeedOf(made) == SpeedOf(sold)
}
