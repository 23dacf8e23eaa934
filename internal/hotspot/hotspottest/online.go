package hotspottest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

func reads(t *testing.T, f Fixture) {
	h, err := f.Driver.Ping(ctx, f.Router)
	must(t, err)
	if h.Version == "" || h.Identity == "" || h.ClockSkew > 5*time.Second || h.ClockSkew < -5*time.Second || h.Latency <= 0 {
		t.Fatalf("%+v", h)
	}
	u := User("abcdefg")
	_, err = f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}, u.Name, u.Password))
	used, err := f.Driver.Usage(ctx, f.Router, u.Name)
	must(t, err)
	hosts, err := f.Driver.Hosts(ctx, f.Router)
	must(t, err)
	if want := (hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}); !slices.Contains(hosts, want) {
		t.Fatalf("%+v has no %+v", hosts, want)
	}
	if len(used.Sessions) != 1 || used.Sessions[0].User != u.Name || used.Sessions[0].MAC != "AA:BB:CC:00:00:01" {
		t.Fatalf("%+v", used.Sessions)
	}
}

// whoIsOnline asks for all users, then for those who are new, then for how long.
func whoIsOnline(t *testing.T, f Fixture) {
	names := []string{"abcdefg", "hijklmn", "opqrstu"}
	for i, name := range names {
		u := User(name)
		u.Profile.SharedUsers = 3
		_, err := f.Driver.EnsureUser(ctx, f.Router, u)
		must(t, err)
		for phone := range i { // the first one has none
			mac, ip := fmt.Sprintf("AA:BB:CC:00:0%d:0%d", i, phone), fmt.Sprintf("10.5.50.%d", 10*i+phone)
			f.Join(mac, ip)
			must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: mac, IP: ip}, u.Name, u.Password))
			f.Wait(time.Minute)
		}
	}
	online := func(known ...string) []string {
		t.Helper()
		out, err := f.Driver.Online(ctx, f.Router, func(user []byte) bool { return !slices.Contains(known, string(user)) })
		must(t, err)
		return out
	}
	if got := online(); !slices.Equal(got, names[1:]) {
		t.Fatal(got)
	}
	if got := online(names[1]); !slices.Equal(got, names[2:]) {
		t.Fatal(got)
	}
	many := slices.Clone(names)
	for i := range 100 {
		many = append(many, fmt.Sprintf("stranger%d", i))
	}
	for _, asked := range [][]string{{names[2]}, names, many} {
		got, err := f.Driver.OnlineFor(ctx, f.Router, asked)
		must(t, err)
		want := map[string]time.Duration{names[2]: 2 * time.Minute}
		if len(asked) > 1 {
			want[names[1]] = 3 * time.Minute
		}
		for name, d := range got {
			got[name] = d.Truncate(time.Minute)
		}
		if !maps.Equal(got, want) {
			t.Fatalf("asked for %d: %v", len(asked), got)
		}
	}
	if got, err := f.Driver.OnlineFor(ctx, f.Router, nil); err != nil || len(got) > 0 {
		t.Fatal(got, err)
	}
	sessions, err := f.Driver.Sessions(ctx, f.Router)
	must(t, err)
	slices.SortFunc(sessions, func(a, b hotspot.Session) int { return cmp.Compare(a.MAC, b.MAC) })
	for i, x := range sessions {
		if x.Server == "" || x.Uptime < time.Minute || x.Bytes < 0 {
			t.Fatalf("%+v", x)
		}
		x.Uptime, x.Server, x.Bytes, x.Left = x.Uptime.Truncate(time.Minute), "", 0, 0
		sessions[i] = x
	}
	whole := []hotspot.Session{{User: names[1], MAC: "AA:BB:CC:00:01:00", IP: "10.5.50.10", Uptime: 3 * time.Minute, Name: DeviceName("AA:BB:CC:00:01:00")},
		{User: names[2], MAC: "AA:BB:CC:00:02:00", IP: "10.5.50.20", Uptime: 2 * time.Minute, Name: DeviceName("AA:BB:CC:00:02:00")},
		{User: names[2], MAC: "AA:BB:CC:00:02:01", IP: "10.5.50.21", Uptime: time.Minute, Name: DeviceName("AA:BB:CC:00:02:01")}}
	if !slices.Equal(sessions, whole) {
		t.Fatalf("%+v", sessions)
	}
	f.Set(Down)
	_, err = f.Driver.Online(ctx, f.Router, func([]byte) bool { return true })
	want(t, err, fault.Unavailable, "router.unreachable")
	_, err = f.Driver.Sessions(ctx, f.Router)
	want(t, err, fault.Unavailable, "router.unreachable")
	_, err = f.Driver.OnlineFor(ctx, f.Router, names)
	want(t, err, fault.Unavailable, "router.unreachable")
}
