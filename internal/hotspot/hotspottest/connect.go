package hotspottest

import (
	"testing"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

func disable(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	must(t, f.Driver.Connect(ctx, f.Router, hotspot.Device{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}, u.Name, u.Password))
	for range 2 {
		must(t, f.Driver.DisableUser(ctx, f.Router, u.Name))
	}
	if who := f.OnlineAs("AA:BB:CC:00:00:01"); who != "" || f.Row(u.Name)["disabled"] != "true" {
		t.Fatal("still online as", who)
	}
	must(t, f.Driver.DisableUser(ctx, f.Router, "nobody"))
}

func connect(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	f.Join("AA:BB:CC:00:00:01", "10.5.50.2")
	for _, dev := range []hotspot.Device{{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.3"}, {MAC: "AA:BB:CC:00:00:02", IP: "10.5.50.2"}} {
		want(t, f.Driver.Connect(ctx, f.Router, dev, u.Name, u.Password), fault.NotFound, "device.not_seen")
	}
	dev := hotspot.Device{MAC: "aa-bb-cc-00-00-01", IP: "10.5.50.2"}
	for range 2 {
		must(t, f.Driver.Connect(ctx, f.Router, dev, u.Name, u.Password))
	}
	if who := f.OnlineAs("AA:BB:CC:00:00:01"); who != u.Name {
		t.Fatal(who)
	}
	other := User("hijklmn")
	_, err = f.Driver.EnsureUser(ctx, f.Router, other)
	must(t, err)
	want(t, f.Driver.Connect(ctx, f.Router, dev, other.Name, other.Password), fault.Conflict, "device.busy")
}

func hostile(t *testing.T, f Fixture) {
	for _, dev := range []hotspot.Device{{}, {MAC: "x", IP: "10.0.0.1"}, {MAC: "AA:BB:CC:00:00:01", IP: "::1"}, {MAC: "AA:BB:CC:00:00:01", IP: "10.0.0.1\n=disabled=yes"}, {MAC: "AA:BB:CC:00:00:01:02:03", IP: "10.0.0.1"}} {
		want(t, f.Driver.Connect(ctx, f.Router, dev, "a", "b"), fault.NotFound, "device.not_seen")
	}
}
