package voucher

import (
	"time"

	"gerai/internal/hotspot"
)

// Want is what a router should hold for a voucher.
type Want string

const (
	// WantNone: the books ask nothing of the router. It was never given the user, or the
	// voucher's time is over and its end is not recorded yet: no clock ends anything
	// alone, so the router is left as it is until the end is a fact.
	WantNone Want = "none"
	// WantEnabled: a user that lets the customer in, with the limits of the allowance.
	WantEnabled Want = "enabled"
	// WantDisabled: the user cannot log in. A router without it does as well.
	WantDisabled Want = "disabled"
)

// left is what a router may still give of a limit, of which others gave some before: 0 is no
// limit, so that what is used up keeps the least there is.
func left[T time.Duration | int64](limit, used, least T) T {
	if limit == 0 {
		return 0
	}
	return max(limit-used, least)
}

// Wanted is the user that the router should hold, and how. It is a pure function: asking
// twice gives the same answer, and a router that was made to hold it needs no change.
func Wanted(f Facts, now time.Time) (hotspot.User, Want) { return f.user(now), f.want(now) }

func (f Facts) want(now time.Time) Want {
	switch {
	case f.State.Ended(), f.Refunded, f.Suspended():
		return WantDisabled
	case f.Over(now), f.NeverMade() && !f.Making:
		return WantNone
	case f.State == Stock, f.State.Living():
		return WantEnabled
	}
	return WantNone
}

func (f Facts) user(now time.Time) hotspot.User {
	sum := f.Allowance()
	most, fits := f.online(now)
	return hotspot.User{Name: f.Username, Password: f.Password, Comment: f.Comment, OrderMark: f.Mark, Recorded: f.Recorded && !f.NeverMade(),
		LimitUptime: most, LimitBytes: left(sum.DataLimit, f.Carried.Bytes, 1), Bound: f.bound(now), Left: fits,
		Profile: hotspot.Profile{Name: sum.Profile, RateLimit: sum.RateLimit, SharedUsers: sum.SharedUsers, Price: int64(sum.Price), Validity: sum.Validity}}
}
