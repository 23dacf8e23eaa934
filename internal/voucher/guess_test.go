package voucher

import (
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
)

func TestGuess(t *testing.T) {
	day := catalog.Plan{ID: "sehari", Price: 5000, Validity: 24 * time.Hour, SharedUsers: 1}
	hour := catalog.Plan{ID: "sejam", Price: 2000, Validity: time.Hour, UptimeLimit: time.Hour, DataLimit: 500_000_000, SharedUsers: 1}
	shared := catalog.Plan{ID: "a", Profile: "umum", UptimeLimit: time.Hour, SharedUsers: 1}
	longer, twin := shared, shared
	longer.ID, longer.UptimeLimit, twin.ID = "b", 2*time.Hour, "c"
	bought := catalog.Plan{ID: "d", Profile: "umum", Validity: 24 * time.Hour, ValidFrom: order.FromPurchase, SharedUsers: 2}
	counted := bought
	counted.ID, counted.Validity, counted.UptimeLimit = "e", 168*time.Hour, 48*time.Hour
	week := bought
	week.ID, week.Validity = "f", 168*time.Hour
	for name, c := range map[string]struct {
		user  hotspot.Found
		plans []catalog.Plan
		want  string
	}{
		"its own profile":           {hotspot.Found{Profile: day.ProfileName()}, []catalog.Plan{day, hour}, "sehari"},
		"with limits":               {hotspot.Found{Profile: hour.ProfileName(), LimitUptime: time.Hour, LimitBytes: 500_000_000}, []catalog.Plan{day, hour}, "sejam"},
		"extended":                  {hotspot.Found{Profile: hour.ProfileName(), LimitUptime: 2 * time.Hour, LimitBytes: 1_000_000_000}, []catalog.Plan{day, hour}, "sejam"},
		"two plans of one profile":  {hotspot.Found{Profile: "umum", LimitUptime: 2 * time.Hour}, []catalog.Plan{shared, longer}, "b"},
		"twins":                     {hotspot.Found{Profile: "umum", LimitUptime: time.Hour}, []catalog.Plan{shared, twin}, ""},
		"extended, several profile": {hotspot.Found{Profile: "umum", LimitUptime: 5 * time.Hour}, []catalog.Plan{shared, longer}, ""},
		"ends alone tell nothing":   {hotspot.Found{Profile: "umum"}, []catalog.Plan{bought, week}, ""},
		"one of two has the limit":  {hotspot.Found{Profile: "umum", LimitUptime: 48 * time.Hour}, []catalog.Plan{bought, counted}, "e"},
		"a profile of nobody":       {hotspot.Found{Profile: "default"}, []catalog.Plan{day, hour}, ""},
	} {
		p, ok := Guess(c.user, catalog.Site{}, c.plans)
		if p.ID != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q %v, want %q", name, p.ID, ok, c.want)
		}
	}
}
