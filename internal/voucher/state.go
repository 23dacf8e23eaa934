package voucher

import "slices"

// State is where a voucher is in its life, as the books keep it.
type State string

const (
	// Stock: of a batch, not sold.
	Stock State = "stock"
	// Sold: belongs to an order; no login seen yet.
	Sold State = "sold"
	// Active: a first login was seen.
	Active State = "active"
	// Expired: its validity is over.
	Expired State = "expired"
	// Disabled: switched off by staff, with its batch, or because its money went back
	// or never came.
	Disabled State = "disabled"
)

// States lists them in the order of a voucher's life.
var States = []State{Stock, Sold, Active, Expired, Disabled}

// leaves says which states may follow which. An expired voucher lives again only when a
// wrong clock ended it.
var leaves = map[State][]State{
	Stock:    {Sold, Active, Disabled},
	Sold:     {Active, Expired, Disabled},
	Active:   {Expired, Disabled},
	Expired:  {Sold, Active},
	Disabled: {Stock, Sold, Active},
}

// CanBecome reports whether a voucher may move from one state to another, or stay.
func (s State) CanBecome(next State) bool { return s == next || slices.Contains(leaves[s], next) }

// Living reports whether a customer has the voucher and nothing has ended it.
func (s State) Living() bool { return s == Sold || s == Active }

// MayLive is Living, and also true of a voucher that may be enabled again.
func (s State) MayLive() bool { return s.Living() || s == Disabled }

// Ended reports whether the books ended it: its time is over, or it was switched off.
func (s State) Ended() bool { return s == Expired || s == Disabled }
