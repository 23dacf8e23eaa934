package order

import (
	"strings"
	"testing"
	"time"
)

func TestTermsAreReadBack(t *testing.T) {
	i := Item{Price: 5000, Validity: 24 * time.Hour, ValidFrom: FromFirstLogin, UptimeLimit: 2 * time.Hour, DataLimit: 5e8, RateLimit: "2M/5M 4M/8M 1M/2M 10/10", SharedUsers: 2,
		SitePolicies: Policies{ActivationDelay: 10 * time.Minute, RefundLate: true}}
	back, ok := ParseTerms(i.Terms())
	if !ok || back != i {
		t.Errorf("%q became %+v", i.Terms(), back)
	}
	named := i
	named.PlanID, named.Name, named.Profile, named.Delivery = "p", "Sehari", "gerai-p", OnlyStock
	if named.Terms() != i.Terms() {
		t.Error("a name is no term")
	}
}

func TestEveryTermCounts(t *testing.T) {
	base := Item{Price: 5000, Validity: time.Hour, ValidFrom: FromPurchase, SharedUsers: 1}
	for name, change := range map[string]func(*Item){
		"price": func(i *Item) { i.Price++ }, "validity": func(i *Item) { i.Validity = 0 }, "start": func(i *Item) { i.ValidFrom = FromFirstLogin },
		"uptime": func(i *Item) { i.UptimeLimit = time.Hour }, "data": func(i *Item) { i.DataLimit = 1 }, "speed": func(i *Item) { i.RateLimit = "1M/1M" }, "devices": func(i *Item) { i.SharedUsers++ },
		"delay": func(i *Item) { i.SitePolicies.ActivationDelay = time.Minute }, "late money": func(i *Item) { i.SitePolicies.RefundLate = true },
	} {
		other := base
		if change(&other); other.Terms() == base.Terms() {
			t.Errorf("%s changes and the terms do not", name)
		}
	}
}

func TestMadeUpTermsAreNoTerms(t *testing.T) {
	good := Item{Price: 5000, ValidFrom: FromPurchase, SharedUsers: 1}.Terms()
	for _, s := range []string{"", "x", good + "|", strings.Replace(good, "5000", "05000", 1), strings.Replace(good, "5000", "9e9", 1), strings.Replace(good, "purchase", "<b>", 1),
		strings.Repeat("9", 5000), strings.Replace(good, "5000", "99999999999999999999", 1)} {
		if i, ok := ParseTerms(s); ok {
			t.Errorf("%q is read as %+v", s, i)
		}
	}
}
