package report

import (
	"slices"

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
)

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
	N      int64
}

// Total is what the cell is worth.
func (c Cell) Total() money.Rupiah { return c.Amount * money.Rupiah(c.N) }

// Channel is the road money takes.
type Channel string

const (
	// Online: through the gateway.
	Online Channel = "online"
	// Cash: in the till.
	Cash Channel = "cash"
	// Transfer: to the operator's own account, confirmed by a person.
	Transfer Channel = "transfer"
	// Other: by a method this version does not know.
	Other Channel = "other"
)

// Channels lists every channel.
var Channels = []Channel{Online, Cash, Transfer, Other}

// ChannelOf is the channel of a method.
func ChannelOf(m payments.Method) Channel {
	switch {
	case m == payments.QRIS || m.IsVA():
		return Online
	case m == "cash":
		return Cash
	case m == "transfer":
		return Transfer
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
	Sites    []string // the only sites the reader may see, empty for all
	Test     bool     // count simulated money instead of real money
}

// serves reports whether the filter lets a site pass. Money without an order
// belongs to no site: only those who see all sites see it.
func (f Filter) serves(site string) bool {
	return (f.Site == "" || f.Site == site) && (len(f.Sites) == 0 || slices.Contains(f.Sites, site))
}

// Passes reports whether a cell is part of the report.
func (f Filter) Passes(c Cell) bool {
	return c.Day >= f.From && c.Day <= f.To && f.serves(c.SiteID) && (c.SiteID == "" || c.Test == f.Test) &&
		(f.Plan == "" || f.Plan == c.PlanID) && (f.Channel == "" || f.Channel == ChannelOf(c.Method)) && (f.Method == "" || f.Method == c.Method)
}
