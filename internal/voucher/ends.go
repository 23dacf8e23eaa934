package voucher

import (
	"time"

	"gerai/internal/order"
)

// CountsFromLogin reports whether validity counts from the first login: as the plan says,
// and always for a voucher without an order, because the time of its sale on paper is
// unknown.
func (f Facts) CountsFromLogin() bool { return !f.HasOrder || f.Item.ValidFrom == order.FromFirstLogin }

// EndsAt is the end that sale or first login and the allowance give, zero for a voucher that
// has not begun or never ends. ValidUntil may be another instant: an end that was moved
// back never lies in the past.
func (f Facts) EndsAt() time.Time {
	var from time.Time
	switch {
	case f.CountsFromLogin():
		from = f.FirstLoginAt
	case f.Item.ValidFrom == order.FromPurchase:
		from = f.SoldAt
	}
	validity := f.Allowance().Validity
	if from.IsZero() || validity == 0 {
		return time.Time{}
	}
	return from.Add(validity)
}

// Over reports whether the validity is over, though its end may not be recorded yet.
func (f Facts) Over(now time.Time) bool { return !f.ValidUntil.IsZero() && !f.ValidUntil.After(now) }

// Alive reports whether a customer has the voucher, nothing has ended it and time is left.
func (f Facts) Alive(now time.Time) bool { return f.State.Living() && !f.Over(now) }

// Ended says how the voucher ended, Expired or Disabled, "" while it works. One whose time
// is over has ended before its state says so.
func (f Facts) Ended(now time.Time) State {
	switch {
	case f.State.Ended():
		return f.State
	case f.Over(now):
		return Expired
	}
	return ""
}

// Lengthened is the end after an extension by more. A voucher that has not begun or never
// ends has no end to move; an extension that never ends takes it away.
func (f Facts) Lengthened(more time.Duration) time.Time {
	if f.ValidUntil.IsZero() || more == 0 {
		return time.Time{}
	}
	return f.ValidUntil.Add(more)
}

// Shortened is the end of a voucher whose extension was taken back, f.Extensions being
// those that still count: what they give, but no instant that has passed and none later
// than the end was.
func (f Facts) Shortened(now time.Time) time.Time {
	until := f.EndsAt()
	if until.IsZero() {
		return f.ValidUntil
	}
	if until.Before(now) {
		until = now
	}
	if !f.ValidUntil.IsZero() && !until.Before(f.ValidUntil) {
		return f.ValidUntil
	}
	return until
}
