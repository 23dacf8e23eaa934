package catalog

import (
	"testing"
	"time"

	"gerai/internal/order"
)

// What a gateway's record may say of a sale: no more than the site sells for the money.
func TestMayHaveSold(t *testing.T) {
	const day = 24 * time.Hour
	site := Site{ID: "kopi"}
	hour := Plan{ID: "sejam", SiteID: "kopi", Name: "1 Jam", Price: 2000, Validity: time.Hour, ValidFrom: order.FromPurchase, RateLimit: "2M/5M", SharedUsers: 1}
	month := Plan{ID: "bulan", SiteID: "kopi", Name: "1 Bulan", Price: 90_000, Validity: 30 * day, ValidFrom: order.FromFirstLogin, DataLimit: 50_000_000_000, RateLimit: "5M/10M", SharedUsers: 3, Profile: "vip"}
	plans := []Plan{hour, month}
	for _, c := range []struct {
		name   string
		of     Plan
		change func(i *order.Item)
		want   bool
	}{
		{"as it is sold", hour, func(*order.Item) {}, true},
		{"under another name, with the policies of then", hour, func(i *order.Item) { i.Name, i.SitePolicies.ActivationDelay = "Sejam", time.Minute }, true},
		{"the price was raised since the backup", hour, func(i *order.Item) { i.Price = 3000 }, true},
		{"it was lowered since", hour, func(i *order.Item) { i.Price = 1500 }, true},
		{"less of everything", month, func(i *order.Item) {
			i.Validity, i.DataLimit, i.RateLimit, i.SharedUsers, i.ValidFrom = 7*day, 1, "1M/1M", 1, order.FromPurchase
		}, true},
		{"its own profile from before", month, func(i *order.Item) { i.Profile = "gerai-bulan" }, true},
		{"more, for the price of the plan that gives it", hour, func(i *order.Item) { i.Price, i.Validity, i.DataLimit, i.SharedUsers = 90_000, day, 1, 3 }, true},
		{"a price that no plan ever had", hour, func(i *order.Item) { i.Price = 900 }, false},
		{"a month for the price of an hour", hour, func(i *order.Item) { i.Validity, i.DataLimit = 30*day, 1 }, false},
		{"for ever", month, func(i *order.Item) { i.Validity = 0 }, false},
		{"a hundred years", month, func(i *order.Item) { i.Validity = 36_500 * day }, false},
		{"more devices", month, func(i *order.Item) { i.SharedUsers = 100 }, false},
		{"faster", month, func(i *order.Item) { i.RateLimit = "5M/100M" }, false},
		{"without a limit on speed", month, func(i *order.Item) { i.RateLimit = "" }, false},
		{"no limit in one direction", month, func(i *order.Item) { i.RateLimit = "5M/0" }, false},
		{"with bursts", month, func(i *order.Item) { i.RateLimit = "5M/10M 100M/100M" }, false},
		{"without a limit on data", month, func(i *order.Item) { i.DataLimit = 0 }, false},
		{"from the first login", hour, func(i *order.Item) { i.ValidFrom = order.FromFirstLogin }, false},
		{"a profile of the operator's", hour, func(i *order.Item) { i.Profile = "staf" }, false},
		{"a plan of another site", hour, func(i *order.Item) { i.PlanID = "lain" }, false},
		{"a wait of weeks", hour, func(i *order.Item) { i.SitePolicies.ActivationDelay = 14 * day }, false},
		{"delivered in a way that there is not", hour, func(i *order.Item) { i.Delivery = "drone" }, false},
	} {
		i := c.of.Item(site)
		c.change(&i)
		if got := MayHaveSold(site, plans, i); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
