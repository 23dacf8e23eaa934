package report

import (
	"slices"
	"time"

	"gerai/internal/money"
	"gerai/payments"
)

// Kind says what a cell counts.
type Kind string

const (
	// Sold are orders on the day they were paid in full, at their price.
	Sold Kind = "sold"
	// In are confirmed payments on the day they were made: also halves,
	// doubles and money that belongs to no order.
	In Kind = "in"
	// Back are refunds on the day they were given back.
	Back Kind = "back"
	// Handed are vouchers on the day they were handed to a customer, at their
	// price: made for an order, taken from the stock, or sold on paper and seen
	// at their first login. They are no money of their own.
	Handed Kind = "handed"
	// Discount is what promotions took off the prices of orders, on the day they were paid
	// in full; of orders that were free the whole price.
	Discount Kind = "discount"
)

// Paper is the method of a voucher that was sold on paper: how it was paid is unknown.
const Paper payments.Method = "paper"

// Cell is how often one amount occurred: the same day, kind, site, plan and
// method. Keeping the amount apart lets fees be worked out payment by payment
// under any rule, long after the day.
type Cell struct {
	Day    Day
	Kind   Kind
	SiteID string // "" for money without an order
	PlanID string
	Method payments.Method
	Test   bool
	Amount money.Rupiah
	// Validity is how long what was sold is valid, 0 for ever.
	Validity time.Duration
	// Redeem is how far its voucher had come when the cell was added up, Ends the
	// hour since 1970 in which an unused or active one ends, 0 for none.
	Redeem Redeem
	Ends   int64
	// PromotionID is the promotion of a Discount, ByStaff for what staff took off.
	PromotionID string
	N           int64
}

// Total is what the cell is worth.
func (c Cell) Total() money.Rupiah { return c.Amount * money.Rupiah(c.N) }

// Money are the cells that count money, without the vouchers handed out.
func Money(cells []Cell) []Cell {
	out := make([]Cell, 0, len(cells))
	for _, c := range cells {
		if c.Kind != Handed {
			out = append(out, c)
		}
	}
	return out
}

// Discounts are the cells of what promotions took off.
func Discounts(cells []Cell) []Cell {
	return slices.DeleteFunc(slices.Clone(cells), func(c Cell) bool { return c.Kind != Discount })
}

// ByStaff stands for a promotion where staff took something off at the counter. No
// promotion has this id.
const ByStaff = "staff"

// Channel is the road money takes.
type Channel string

const (
	// Online: through the gateway.
	Online Channel = "online"
	// Cash: in the till.
	Cash Channel = "cash"
	// Transfer: to the operator's own account, confirmed by a person.
	Transfer Channel = "transfer"
	// StaticQRIS: by the printed QRIS of the shop, confirmed by a person.
	StaticQRIS Channel = "qris_static"
	// Other: by a method this version does not know.
	Other Channel = "other"
)

// Channels lists every channel.
var Channels = []Channel{Online, Cash, Transfer, StaticQRIS, Other}

// ChannelOf is the channel of a method.
func ChannelOf(m payments.Method) Channel {
	switch {
	case m == payments.QRIS || m.IsVA():
		return Online
	case m == "cash":
		return Cash
	case m == "transfer":
		return Transfer
	case m == payments.StaticQRIS:
		return StaticQRIS
	}
	return Other
}

// Filter narrows a report; zero values mean "any".
type Filter struct {
	From, To Day // both included
	Site     string
	Plan     string
	Channel  Channel
	Method   payments.Method
	Validity *time.Duration // 0 is for ever
	Redeem   Redeem
	Sites    []string // the only sites the reader may see, empty for all
	Test     bool     // count simulated money instead of real money
}

// Serves reports whether the filter lets a site pass. Money without an order
// belongs to no site: only those who see all sites see it.
func (f Filter) Serves(site string) bool {
	return (f.Site == "" || f.Site == site) && (len(f.Sites) == 0 || slices.Contains(f.Sites, site))
}

// Matches reports whether a cell is part of the report.
func (f Filter) Matches(c Cell) bool {
	return c.Day >= f.From && c.Day <= f.To && f.Serves(c.SiteID) && (c.SiteID == "" || c.Method == Paper || c.Test == f.Test) &&
		(f.Validity == nil || *f.Validity == c.Validity) && (f.Redeem == "" || f.Redeem == c.Redeem) && (f.Plan == "" || f.Plan == c.PlanID) && (f.Channel == "" || f.Channel == ChannelOf(c.Method)) && (f.Method == "" || f.Method == c.Method)
}
