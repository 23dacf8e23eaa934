package hotspottest

import (
	"strings"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// bans holds devices out, whatever was done to the rows in between, and leaves foreign rows
// as they are.
func bans(t *testing.T, f Fixture) {
	m := f.Driver.(hotspot.Manager)
	spec, _ := hotspot.SpecOf(hotspot.MenuBindings)
	rows := func() (ours, others []hotspot.Item) {
		t.Helper()
		all, err := m.List(ctx, f.Router, hotspot.MenuBindings)
		must(t, err)
		for _, x := range all {
			if strings.HasPrefix(spec.Of(x, "comment"), hotspot.BanMark) {
				ours = append(ours, x)
			} else {
				others = append(others, x)
			}
		}
		return ours, others
	}
	hold := func(want hotspot.BansHeld, bans ...hotspot.Ban) {
		t.Helper()
		got, err := f.Driver.SyncBans(ctx, f.Router, bans)
		must(t, err)
		if got != want {
			t.Fatalf("changed %+v, want %+v", got, want)
		}
		ours, _ := rows()
		if len(ours) != len(bans) {
			t.Fatalf("%d rows for %d bans", len(ours), len(bans))
		}
		for _, x := range ours {
			if spec.Of(x, "type") != "blocked" || spec.Of(x, "disabled") == "true" {
				t.Fatalf("%v", x.Values)
			}
		}
	}
	u := User("abcdefg")
	u.Profile.SharedUsers = 2
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	a, b := hotspot.Ban{ID: "01A", MAC: "AA:BB:CC:00:00:0A"}, hotspot.Ban{ID: "01B", MAC: "AA:BB:CC:00:00:0B"}
	for i, x := range []hotspot.Ban{a, b} {
		ip := []string{"10.5.50.10", "10.5.50.11"}[i]
		f.Join(x.MAC, ip)
		must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: x.MAC, IP: ip}, u.Name, u.Password))
	}
	// A row that lets the device in stands first: ours goes before it.
	_, err = m.Add(ctx, f.Router, hotspot.MenuBindings, map[string]string{"mac-address": a.MAC, "type": "bypassed", "comment": "printer"})
	must(t, err)
	hold(hotspot.BansHeld{Added: 1, Ended: 1}, hotspot.Ban{ID: a.ID, MAC: strings.ToLower(a.MAC)})
	if f.OnlineAs(a.MAC) != "" || f.OnlineAs(b.MAC) == "" {
		t.Fatal("the banned device alone has to go")
	}
	hold(hotspot.BansHeld{}, a)
	f.Join(a.MAC, "10.5.50.10")
	if f.OnlineAs(a.MAC) != "" {
		t.Fatal("it came back")
	}
	all, err := m.List(ctx, f.Router, hotspot.MenuBindings)
	must(t, err)
	if spec.Of(all[0], "comment") != hotspot.BanMark+a.ID {
		t.Fatalf("behind the row that lets it in: %v", all[0].Values)
	}
	// Altered, removed and switched off by hand.
	ours, _ := rows()
	must(t, m.Set(ctx, f.Router, hotspot.MenuBindings, ours[0].ID, map[string]string{"type": "regular"}))
	hold(hotspot.BansHeld{Removed: 1, Added: 2, Ended: 1}, a, b)
	ours, _ = rows()
	must(t, m.Remove(ctx, f.Router, hotspot.MenuBindings, ours[0].ID))
	must(t, m.Set(ctx, f.Router, hotspot.MenuBindings, ours[1].ID, map[string]string{"disabled": "yes"}))
	hold(hotspot.BansHeld{Removed: 1, Added: 2}, a, b)
	hold(hotspot.BansHeld{Removed: 1}, b)
	hold(hotspot.BansHeld{Removed: 1})
	if _, others := rows(); len(others) != 1 || spec.Of(others[0], "comment") != "printer" {
		t.Fatal("a foreign row was touched")
	}
	f.Set(Down)
	_, err = f.Driver.SyncBans(ctx, f.Router, []hotspot.Ban{a})
	want(t, err, fault.Unavailable, "router.unreachable")
	f.Set(None)
	f.Set(LostBinding)
	if _, err = f.Driver.SyncBans(ctx, f.Router, []hotspot.Ban{a}); err != nil {
		want(t, err, fault.Unknown, "")
	}
	f.Set(None)
	got, err := f.Driver.SyncBans(ctx, f.Router, []hotspot.Ban{a})
	must(t, err)
	if ours, _ := rows(); len(ours) != 1 || got.Added > 1 {
		t.Fatal("a lost answer made it twice")
	}
}
