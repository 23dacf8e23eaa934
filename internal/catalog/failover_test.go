package catalog

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/hotspot"
)

func router(id, serves string) Router {
	return Router{Router: hotspot.Router{ID: id}, Hotspot: serves}
}

func ids(all []Router) string {
	var out []string
	for _, r := range all {
		out = append(out, r.ID)
	}
	return strings.Join(out, " ")
}

func TestServing(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	same := []Router{router("a", ""), router("b", ""), router("c", "")}
	mixed := []Router{router("a", "hall"), router("b", "pool"), router("c", "hall")}
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	for _, c := range []struct {
		name    string
		on      bool
		after   time.Duration
		routers []Router
		away    Away
		want    string
	}{
		{"no router", true, 0, nil, nil, ""},
		{"without failover the first alone", false, 0, same, Away{"a": ago(time.Hour)}, "a"},
		{"all answer", true, 15 * time.Second, same, nil, "a"},
		{"all answer, no waiting: the others are next", true, 0, same, nil, "a b c"},
		{"the first is away for less", true, 15 * time.Second, same, Away{"a": ago(14 * time.Second)}, "a"},
		{"the first is away for long enough", true, 15 * time.Second, same, Away{"a": ago(15 * time.Second)}, "b"},
		{"no waiting", true, 0, same, Away{"a": now}, "b c a"},
		{"the second as well, for less", true, 15 * time.Second, same, Away{"a": ago(time.Hour), "b": ago(time.Second)}, "b"},
		{"two are away for long", true, 15 * time.Second, same, Away{"a": ago(time.Hour), "b": ago(time.Hour)}, "c"},
		{"all are away for long: each is tried", true, 15 * time.Second, same, Away{"a": ago(time.Hour), "b": ago(time.Hour), "c": ago(time.Hour)}, "a b c"},
		{"another hotspot is no stand-in", true, 15 * time.Second, mixed, Away{"a": ago(time.Hour)}, "c"},
		{"another hotspot is none although all others are away", true, 15 * time.Second, mixed, Away{"a": ago(time.Hour), "c": ago(time.Hour)}, "a c"},
		{"since when is not known, because a clock went back: not waited for", true, 15 * time.Second, same, Away{"a": now.Add(time.Hour)}, "b"},
		{"clocks of two processes differ a little", true, 15 * time.Second, same, Away{"a": now.Add(time.Second)}, "a"},
	} {
		if got := ids(Site{Failover: c.on, FailoverAfter: c.after}.Serving(c.routers, c.away, now)); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Whatever is away: a router serves where there is one at all, only routers of the first
// one's hotspot do, none twice, and one that was away for long only where all were.
func TestServingAlways(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		site := Site{Failover: rapid.Bool().Draw(t, "on"), FailoverAfter: time.Duration(rapid.IntRange(0, 60).Draw(t, "after")) * time.Second}
		var all []Router
		away := Away{}
		for i := range rapid.IntRange(0, 5).Draw(t, "routers") {
			r := router(string(rune('a'+i)), rapid.SampledFrom([]string{"", "hall"}).Draw(t, "serves"))
			if rapid.Bool().Draw(t, "away") {
				away[r.ID] = now.Add(-time.Duration(rapid.IntRange(0, 120).Draw(t, "since")) * time.Second)
			}
			all = append(all, r)
		}
		got := site.Serving(all, away, now)
		if (len(got) == 0) != (len(all) == 0) {
			t.Fatalf("%s of %s", ids(got), ids(all))
		}
		seen := map[string]bool{}
		for i, r := range got {
			if seen[r.ID] || r.Hotspot != all[0].Hotspot || !site.Failover && r.ID != all[0].ID {
				t.Fatalf("%s of %s", ids(got), ids(all))
			}
			seen[r.ID] = true
			if _, is := away[r.ID]; i == 0 && is && away.Longer(r.ID, now, site.FailoverAfter) {
				for _, x := range site.StandIns(all) {
					if _, also := away[x.ID]; !also {
						t.Fatalf("%s is asked although %s answers", r.ID, x.ID)
					}
				}
			}
		}
	})
}

func TestStandIn(t *testing.T) {
	now := time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
	long := now.Add(-time.Hour)
	all := []Router{router("a", "hall"), router("b", "hall"), router("c", "pool"), router("d", "hall")}
	for i := range all {
		all[i].Priority = i
	}
	for _, c := range []struct {
		name, of string
		on       bool
		away     Away
		want     string
	}{
		{"it answers", "a", true, nil, ""},
		{"it is away for long", "a", true, Away{"a": long}, "b"},
		{"it is away for less", "a", true, Away{"a": now}, ""},
		{"the next one is away too", "a", true, Away{"a": long, "b": long}, "d"},
		{"all are away", "a", true, Away{"a": long, "b": long, "d": long}, ""},
		{"the one that stands in stands in for both", "b", true, Away{"a": long, "b": long}, "d"},
		{"it has no new users in any case", "b", true, Away{"b": long}, ""},
		{"of another hotspot", "c", true, Away{"c": long}, ""},
		{"without failover", "a", false, Away{"a": long}, ""},
	} {
		site := Site{Failover: c.on, FailoverAfter: 15 * time.Second}
		in, _ := site.StandIn(all[slices.IndexFunc(all, func(r Router) bool { return r.ID == c.of })], all, c.away, now)
		if in.ID != c.want {
			t.Errorf("%s: %q, want %q", c.name, in.ID, c.want)
		}
	}
	site := Site{Failover: true, FailoverAfter: 15 * time.Second}
	for _, c := range []struct {
		away Away
		want string
	}{{nil, "a b d"}, {Away{"a": now}, "a b d"}, {Away{"a": long}, "b d"}, {Away{"a": long, "b": long, "d": long}, "a b d"}} {
		if got := ids(site.Stocking(all, c.away, now)); got != c.want {
			t.Errorf("stock of %q may be sold, want %q", got, c.want)
		}
	}
}
