package voucher

import (
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/order"
)

// Facts is what the books say of a voucher. What its router counts, online time and data,
// is no part of it: the router holds the limits itself, and a voucher that is used up stays
// enabled so that an extension makes it work again.
type Facts struct {
	State    State
	Username string
	Password string
	Comment  string // what the router keeps with its user
	Mark     string // the part of Comment that no other order or batch has
	Server   string // hotspot server of its batch, "" for the router's own

	Item       order.Item   // as it was sold, or as its batch was made
	Extensions []order.Item // those that count, oldest first
	Unwritten  int          // how many of them, the last, ValidUntil does not count yet
	Speed      Speed        // zero for the item's own
	// PlanDevices is for how many devices at once its plan is sold now, 0 where that is not
	// known: vouchers of a plan share its profile.
	PlanDevices int

	HasOrder     bool // it was sold to an order, or an order is about to get it
	Recorded     bool // it has a row of its own: its router has been given the user
	SoldAt       time.Time
	FirstLoginAt time.Time
	ValidUntil   time.Time // zero while unknown or for ever
	EndedAt      time.Time

	InBatch bool      // made ahead of its sale
	MadeAt  time.Time // zero until its router has it; of a voucher in a batch
	Making  bool      // its batch is being put onto the router
	Outlet  bool      // an outlet sells it on paper
	// OffAt is when its router was told that it is disabled; a voucher that lives again
	// keeps it until the router lets it in.
	OffAt time.Time

	// SuspendedAt is since when staff keep it out for a while, zero while they do not. Its
	// validity goes on during it.
	SuspendedAt time.Time
	Given       Grant // what staff added, beside its extensions
	Carried     Use   // what other routers counted that had it before

	// Refunded: a refund that ends the voucher is under way or done. Its end is wanted on
	// the router before the books record it and the money moves.
	Refunded bool
	// MoneyGone: all its money went back or is going back, whatever ends with it. Nothing
	// lets the voucher live again; one that still lives is left to staff.
	MoneyGone bool
}

// Speed is how fast a voucher is and for how many devices at once.
type Speed struct {
	RateLimit string // RouterOS notation upload/download
	Devices   int
}

// SpeedOf is the speed that an item was sold with.
func SpeedOf(i order.Item) Speed { return Speed{i.RateLimit, i.SharedUsers} }

// Allowance is what the voucher may do altogether: its own item and every extension that
// counts. Limits on the router are set to these sums, so that setting them twice changes
// nothing and two extensions at once lose nothing. What one of them leaves unlimited stays
// unlimited.
func (f Facts) Allowance() order.Item {
	sum := f.Item
	for _, x := range f.Extensions {
		sum = sum.Plus(x)
	}
	sum = f.Given.On(sum)
	if f.Speed != (Speed{}) {
		sum.RateLimit, sum.SharedUsers = f.Speed.RateLimit, f.Speed.Devices
	}
	return sum
}

// devices is the most devices that the router may let in at once, 0 where that is not known:
// only profiles of the shop's own say what the plan says, and an extension may have changed
// its profile for every voucher of the plan.
func (f Facts) devices() int {
	if !(hotspot.Profile{Name: f.Item.Profile}).Own() {
		return 0
	}
	most := max(f.Item.SharedUsers, f.PlanDevices, f.Speed.Devices, 1)
	for _, x := range f.Extensions {
		most = max(most, x.SharedUsers)
	}
	return most
}

// LivingState is the state of a voucher that nothing has ended.
func (f Facts) LivingState() State {
	switch {
	case !f.FirstLoginAt.IsZero():
		return Active
	case f.HasOrder:
		return Sold
	}
	return Stock
}

// NeverMade reports whether its router was never given it.
func (f Facts) NeverMade() bool { return f.InBatch && f.MadeAt.IsZero() }

// Suspended reports whether staff keep a voucher out for a while that has not ended.
func (f Facts) Suspended() bool { return !f.SuspendedAt.IsZero() && !f.State.Ended() }

// Away reports whether its router has yet to hear of the last switch.
func (f Facts) Away() bool {
	if f.State == Disabled || f.Suspended() {
		return f.OffAt.IsZero() && !f.NeverMade()
	}
	return f.State != Expired && !f.OffAt.IsZero()
}

// LetsIn reports whether its router may let a device in: one that was switched off works
// until the router has heard of it.
func (f Facts) LetsIn() bool { return f.State.Living() || f.Away() }

// Counted reports whether its router may have counted online time or data.
func (f Facts) Counted() bool {
	return f.State.Living() || f.State == Disabled && !f.FirstLoginAt.IsZero()
}
