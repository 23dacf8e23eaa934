package order

import (
	"strings"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/payments"
)

// Promotion is what an order keeps of the promotion that made it cheaper. The rule itself
// may change or end: what was sold keeps its price.
type Promotion struct {
	ID   string `json:",omitempty"`
	Name string `json:",omitempty"`
	// Methods are the ways to pay that the price is for, joined by commas, "" for all. A
	// kind of method stands for all of it: "va" for every bank.
	Methods string `json:",omitempty"`
}

// Due is what the item costs: the plan's price less what a promotion and staff took off.
func (i Item) Due() money.Rupiah { return i.Price - i.Discount - i.Allowance }

// Free reports whether the item costs nothing.
func (i Item) Free() bool { return i.Due() == 0 && i.Discount > 0 }

// Covers reports whether the price of the promotion is for a method.
func (p Promotion) Covers(m payments.Method) bool {
	if p.Methods == "" {
		return true
	}
	kind, _, _ := strings.Cut(string(m), ":")
	for one := range strings.SplitSeq(p.Methods, ",") {
		if one == string(m) || one == kind {
			return true
		}
	}
	return false
}

// MayPayWith says why an order cannot be paid by a method, or nil: a discount for one way
// to pay is not given for another, and the price of an order never rises. Errors: Conflict
// "order.method_promotion".
func MayPayWith(o Order, m payments.Method) error {
	if !o.Item.Promotion.Covers(m) {
		return fault.New(fault.Conflict, "order.method_promotion")
	}
	return nil
}

// SoldPromoted reports whether an order was paid under a promotion: it stays so when it is
// refunded, and money for a cancelled order was no sale.
func (o Order) SoldPromoted() bool {
	return o.Item.Promotion.ID != "" && !o.PaidAt.IsZero() && (o.CancelledAt.IsZero() || !o.ForcedAt.IsZero())
}

// HoldsPromotion reports whether an order takes one of the uses of its promotion: while it
// can be paid in time, and for good once it was paid.
func (o Order) HoldsPromotion() bool {
	return o.SoldPromoted() || o.Item.Promotion.ID != "" && o.Payable()
}
