package catalog

import (
	"strconv"
	"strings"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/order"
)

const (
	// mostDelay bounds the wait between payment and activation.
	mostDelay = 24 * time.Hour
	// halfPrice is the part of a plan's price below which nothing is taken for it: prices
	// change, and what cost less was not that plan.
	halfPrice = 2
)

// MayHaveSold reports whether a site may have sold an item of one of its plans: as the plan is
// now, or, since plans change, no more than one of the site's plans gives, for half its price
// at least. What others say of a sale, a gateway's record for one, is believed only so far.
func MayHaveSold(site Site, plans []Plan, i order.Item) bool {
	if i.SitePolicies.ActivationDelay > mostDelay || i.Delivery != order.Fresh && !i.Delivery.Stocked() {
		return false
	}
	known, profile := false, i.Profile == hotspot.OwnPrefix+i.PlanID
	for _, p := range plans {
		known = known || p.ID == i.PlanID && p.SiteID == site.ID
		profile = profile || p.ProfileName() == i.Profile
	}
	if !known || !profile {
		return false
	}
	for _, p := range plans {
		if p.gives(i) && i.Due() >= p.Price/halfPrice {
			return true
		}
	}
	return false
}

// gives reports whether the plan gives at least what an item does.
func (p Plan) gives(i order.Item) bool {
	return atMost(i.Validity, p.Validity) && atMost(i.UptimeLimit, p.UptimeLimit) && atMost(i.DataLimit, p.DataLimit) && i.SharedUsers <= p.SharedUsers &&
		noFaster(i.RateLimit, p.RateLimit) && (i.ValidFrom == p.ValidFrom || i.ValidFrom == order.FromPurchase)
}

// atMost compares limits, of which 0 is none.
func atMost[T time.Duration | int64](a, b T) bool { return b == 0 || a > 0 && a <= b }

// noFaster compares speeds in RouterOS notation, of which "" is no limit. One with bursts is
// no faster only than itself.
func noFaster(a, b string) bool {
	if a == b || b == "" {
		return true
	}
	up, down, readable := rates(a)
	mostUp, mostDown, known := rates(b)
	return readable && known && atMost(up, mostUp) && atMost(down, mostDown)
}

// rates reads bits per second in both directions, 0 for no limit.
func rates(text string) (up, down int64, ok bool) {
	first, second, both := strings.Cut(text, "/")
	if !both {
		second = first
	}
	up, ok = rate(first)
	if ok {
		down, ok = rate(second)
	}
	return up, down, ok
}

func rate(text string) (int64, bool) {
	unit := int64(1)
	for suffix, n := range map[string]int64{"k": 1_000, "M": 1_000_000, "G": 1_000_000_000} {
		if number, found := strings.CutSuffix(text, suffix); found {
			text, unit = number, n
		}
	}
	n, err := strconv.ParseInt(text, 10, 32)
	return n * unit, err == nil && n >= 0
}
