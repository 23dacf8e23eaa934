package voucher

import (
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
)

// Guess finds the plan that a router's user was made for, where the books have forgotten
// it: the one with its profile, and with its limits where several have that. false where
// none or several could be it.
func Guess(u hotspot.Found, site catalog.Site, plans []catalog.Plan) (catalog.Plan, bool) {
	var same, exact []catalog.Plan
	for _, p := range plans {
		want, _ := Wanted(Facts{State: Sold, HasOrder: true, Username: u.Name, Item: p.Item(site)}, time.Time{})
		if want.Profile.Name != u.Profile {
			continue
		}
		same = append(same, p)
		if u.LimitUptime == want.LimitUptime.Truncate(time.Second) && u.LimitBytes == want.LimitBytes {
			exact = append(exact, p)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0], true
	case len(exact) == 0 && len(same) == 1: // it was extended
		return same[0], true
	}
	return catalog.Plan{}, false
}
