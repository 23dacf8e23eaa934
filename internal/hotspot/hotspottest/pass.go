package hotspottest

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
)

// Pass is a usual pass for a device.
func Pass(code string, d hotspot.Device, ends time.Time) hotspot.Pass {
	return hotspot.Pass{Name: hotspot.PassPrefix + code, Password: "geheim-7", OrderMark: "gerai." + strings.ToUpper(code), Device: d,
		Duration: 5 * time.Minute, EndsAt: ends, RateLimit: "256k/512k", LimitBytes: 20_000_000, PerRouter: 2}
}

func device(n string) hotspot.Device {
	return hotspot.Device{MAC: "AA:BB:CC:00:00:0" + n, IP: "10.5.50.1" + n}
}

func join(f Fixture, n string) hotspot.Device {
	d := device(n)
	f.Join(d.MAC, d.IP)
	return d
}

func usage(t *testing.T, f Fixture) {
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	d := join(f, "1")
	must(t, f.Driver.Connect(ctx, f.Router, d, u.Name, u.Password))
	got, err := f.Driver.Usage(ctx, f.Router, u.Name)
	must(t, err)
	if got.LimitUptime != u.LimitUptime || got.LimitBytes != u.LimitBytes || len(got.Sessions) != 1 || got.Sessions[0].MAC != d.MAC {
		t.Fatalf("%+v", got)
	}
	for range 2 {
		must(t, f.Driver.Kick(ctx, f.Router, u.Name))
	}
	if f.OnlineAs(d.MAC) != "" || f.Users(u.Name) != 1 {
		t.Error("still online, or gone")
	}
	if _, err := f.Driver.Usage(ctx, f.Router, "nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("usage of nobody: %v", err)
	}
	// Another device may take its place at once.
	must(t, f.Driver.Connect(ctx, f.Router, join(f, "2"), u.Name, u.Password))
}

func pass(t *testing.T, f Fixture) {
	d, ends := join(f, "1"), time.Now().Add(5*time.Minute)
	p := Pass("abcd", d, ends)
	for range 2 {
		must(t, f.Driver.GrantPass(ctx, f.Router, p))
	}
	row := f.Row(p.Name)
	if f.Users(p.Name) != 1 || f.OnlineAs(d.MAC) != p.Name || row["limit-uptime"] != "5m" || row["limit-bytes-total"] != "20000000" || row["mac-address"] != d.MAC ||
		row["profile"] != hotspot.PassProfile || !strings.Contains(row["comment"], p.OrderMark) {
		t.Fatalf("online as %q, user %v", f.OnlineAs(d.MAC), row)
	}
	// The voucher takes over.
	for range 2 {
		must(t, f.Driver.RevokePass(ctx, f.Router, p.Name))
	}
	if f.Users(p.Name) != 0 || f.OnlineAs(d.MAC) != "" {
		t.Fatal("the pass is still there")
	}
	// A try that got no further than the user does not tie the next one down to
	// its device and its end.
	must(t, f.Driver.GrantPass(ctx, f.Router, p))
	must(t, f.Driver.Kick(ctx, f.Router, p.Name))
	moved := Pass("abcd", join(f, "3"), ends.Add(time.Minute))
	must(t, f.Driver.GrantPass(ctx, f.Router, moved))
	if n, err := f.Driver.SweepPasses(ctx, f.Router, ends.Add(time.Second)); err != nil || n != 0 || f.OnlineAs(moved.Device.MAC) != p.Name {
		t.Errorf("%v: swept %d, online as %q", err, n, f.OnlineAs(moved.Device.MAC))
	}
	must(t, f.Driver.RevokePass(ctx, f.Router, p.Name))
	// Passes of earlier runs are found by the sweep; other users are not.
	must(t, f.Driver.GrantPass(ctx, f.Router, p))
	later := Pass("efgh", join(f, "2"), ends.Add(time.Hour))
	must(t, f.Driver.GrantPass(ctx, f.Router, later))
	f.Foreign(hotspot.PassPrefix + "tetangga")
	n, err := f.Driver.SweepPasses(ctx, f.Router, ends.Add(time.Second))
	must(t, err)
	if n != 1 || f.Users(p.Name) != 0 || f.Users(later.Name) != 1 || f.Users(hotspot.PassPrefix+"tetangga") != 1 {
		t.Errorf("swept %d", n)
	}
}

func passRefused(t *testing.T, f Fixture) {
	ends := time.Now().Add(5 * time.Minute)
	if err := f.Driver.GrantPass(ctx, f.Router, Pass("abcd", device("9"), ends)); fault.CodeOf(err) != "device.not_seen" {
		t.Errorf("a device nobody sees: %v", err)
	}
	u := User("abcdefg")
	_, err := f.Driver.EnsureUser(ctx, f.Router, u)
	must(t, err)
	d := join(f, "1")
	must(t, f.Driver.Connect(ctx, f.Router, d, u.Name, u.Password))
	if err := f.Driver.GrantPass(ctx, f.Router, Pass("abcd", d, ends)); fault.CodeOf(err) != "device.busy" {
		t.Errorf("a device that is online: %v", err)
	}
	must(t, f.Driver.GrantPass(ctx, f.Router, Pass("p1", join(f, "2"), ends)))
	must(t, f.Driver.GrantPass(ctx, f.Router, Pass("p2", join(f, "3"), ends)))
	if err := f.Driver.GrantPass(ctx, f.Router, Pass("p3", join(f, "4"), ends)); fault.CodeOf(err) != "pass.full" {
		t.Errorf("one too many: %v", err)
	}
	if f.Users(hotspot.PassPrefix+"abcd")+f.Users(hotspot.PassPrefix+"p3") != 0 {
		t.Error("refused, and made all the same")
	}
	if err := f.Driver.RevokePass(ctx, f.Router, u.Name); err == nil || f.Users(u.Name) != 1 {
		t.Errorf("a voucher taken for a pass: %v", err)
	}
}
