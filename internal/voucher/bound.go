package voucher

import (
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/order"
)

// bound is the end that the router is to enforce, zero where there is none: for a voucher
// that is valid for ever, and for one whose end the books do not know. One that is about to
// be sold counts from now.
func (f Facts) bound(now time.Time) hotspot.Bound {
	validity := f.Allowance().Validity
	switch until, known := f.until(); {
	case validity == 0:
		return hotspot.Bound{}
	case known:
		if until.IsZero() {
			return hotspot.Bound{}
		}
		return hotspot.Bound{EndsAt: until.Unix()}
	case f.CountsFromLogin() && f.FirstLoginAt.IsZero():
		return hotspot.Bound{After: validity}
	case f.HasOrder && f.Item.ValidFrom == order.FromPurchase && !f.Recorded:
		return hotspot.Bound{EndsAt: now.Add(validity).Unix()}
	}
	return hotspot.Bound{}
}

// until is the end with extensions that are paid for and not written down yet; known is
// false while there is none.
func (f Facts) until() (until time.Time, known bool) {
	if until = f.ValidUntil; until.IsZero() {
		return until, false
	}
	for _, x := range f.Extensions[len(f.Extensions)-min(f.Unwritten, len(f.Extensions)):] {
		if x.Validity == 0 {
			return time.Time{}, true
		}
		until = until.Add(x.Validity)
	}
	return until, true
}

// online is the most online time that the router may count, and how much of it fits in
// before the end, 0 where that is not known and where less online time was sold anyway.
// Validity is wall time: each device uses up its own, so that it bounds nothing where it is
// not known how many may be online at once, and an end that was moved in the customer's
// favour leaves more than was sold.
func (f Facts) online(now time.Time) (most, fits time.Duration) {
	sum := f.Allowance()
	sold := left(sum.UptimeLimit, f.Carried.Uptime, time.Second)
	devices := time.Duration(f.devices())
	if f.bound(now).Zero() || devices == 0 {
		return sold, 0
	}
	span := sum.Validity
	if until, known := f.until(); known {
		begin := f.FirstLoginAt
		if begin.IsZero() || !f.CountsFromLogin() && !f.SoldAt.IsZero() {
			begin = f.SoldAt
		}
		if !begin.IsZero() {
			span = max(span, until.Sub(begin))
		}
		fits = max(until.Sub(now), 0) * devices
	}
	if span *= devices; sold > 0 && sold <= span {
		return sold, 0
	}
	return span, fits
}

// BoundOfOthers reports whether a limit on online time is that of the voucher for another
// number of devices at once: its plan, or an extension of it, has changed how many there are.
func (f Facts) BoundOfOthers(limit time.Duration, now time.Time) bool {
	most, _ := f.online(now)
	devices := time.Duration(f.devices())
	sold := left(f.Allowance().UptimeLimit, f.Carried.Uptime, time.Second)
	if devices == 0 || most == sold {
		return false
	}
	each := most / devices
	return limit != most && limit%each == 0 && limit/each >= 1 && limit/each <= mostDevices
}

// mostDevices bounds how many devices a plan lets in at once.
const mostDevices = 100
