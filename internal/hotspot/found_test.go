package hotspot

import (
	"testing"
	"time"
)

var (
	ours = User{Name: "abc", Password: "123", Comment: "up-327-11.24.26-gerai.X1", OrderMark: "gerai.X1", LimitUptime: 2*time.Hour + time.Millisecond, LimitBytes: 5,
		Profile: Profile{Name: OwnPrefix + "day"}}
	itself = Found{Name: "abc", Password: "123", Comment: ours.Comment, Profile: OwnPrefix + "day", LimitUptime: 2 * time.Hour, LimitBytes: 5}
)

func but(change ...func(*Found)) Found {
	f := itself
	for _, c := range change {
		c(&f)
	}
	return f
}

func noted(text string) func(*Found) { return func(f *Found) { f.Comment = text } }
func under(name string) func(*Found) { return func(f *Found) { f.Profile = name } }
func secret(p string) func(*Found)   { return func(f *Found) { f.Password = p } }
func hidden(f *Found)                { f.Password, f.Hidden = "", true }

// Whose row it is: by the mark, and where Mikhmon took it away by what Mikhmon keeps.
func TestOwns(t *testing.T) {
	const old, iso = "nov/24/2026 10:11:12", "2026-11-24 10:11:12 paid by Budi"
	for _, c := range []struct {
		name                string
		f                   Found
		drawn, rec, claimed bool // a name just drawn, one that the router has, one that a person claimed
	}{
		{"its mark", itself, true, true, true},
		{"its mark, everything else changed", but(noted("vc-gerai.X1 lunas"), under("default"), secret("")), true, true, true},
		{"another name", but(func(f *Found) { f.Name = "abd" }), false, false, false},
		{"another order's mark", but(noted("up-327-11.24.26-gerai.X2")), false, false, true},
		{"a stranger's batch", but(noted("vc-123-11.24.26-"), hidden), false, false, true},
		{"Mikhmon's expiry", but(noted(old)), true, true, true},
		{"in the dates of RouterOS 7.10", but(noted(iso), hidden), true, true, true},
		{"and another profile", but(noted(old), under("1hari")), false, true, true},
		{"and the password is hidden", but(noted(old), under("1hari"), hidden), false, false, true},
		{"Mikhmon's reset", but(noted("")), false, true, true},
		{"and the password is hidden", but(noted(""), hidden), false, true, true},
		{"and another profile", but(noted(""), under("1hari")), false, true, true},
		{"and both", but(noted(""), under("1hari"), hidden), false, false, true},
		{"and another password", but(noted(""), under("1hari"), secret("9")), false, false, true},
		{"a note by hand", but(noted("Pak Budi")), false, false, true},
	} {
		drawn, rec, claimed := ours, ours, ours
		rec.Recorded, claimed.Claimed = true, true
		if drawn.Owns(c.f) != c.drawn || rec.Owns(c.f) != c.rec || claimed.Owns(c.f) != c.claimed {
			t.Errorf("%s: drawn %t, recorded %t, claimed %t", c.name, drawn.Owns(c.f), rec.Owns(c.f), claimed.Owns(c.f))
		}
	}
	nameless := ours
	nameless.Recorded, nameless.Password = true, ""
	if nameless.Owns(but(noted(""), under("1hari"), secret(""))) {
		t.Error("no password is taken for the same password")
	}
}

func TestDiffers(t *testing.T) {
	foreign := ours
	foreign.Profile.Name = "1hari"
	for _, c := range []struct {
		name string
		u    User
		f    Found
		want Parts
	}{
		{"nothing", ours, itself, 0},
		{"more in the comment", ours, but(noted("vc-gerai.X1 lunas")), 0},
		{"a hidden password", ours, but(hidden), 0},
		{"counters", ours, but(func(f *Found) { f.Uptime, f.Bytes = time.Hour, 9 }), 0},
		{"disabled", ours, but(func(f *Found) { f.Disabled = true }), PartDisabled},
		{"online time", ours, but(func(f *Found) { f.LimitUptime = time.Second }), PartLimits},
		{"data", ours, but(func(f *Found) { f.LimitBytes = 0 }), PartLimits},
		{"data of one direction", ours, but(func(f *Found) { f.OneWay = true }), PartLimits},
		{"profile", ours, but(under("*1F")), PartProfile},
		{"password", ours, but(secret("")), PartPassword},
		{"comment", ours, but(noted("")), PartComment},
		{"Mikhmon's expiry under a profile of ours, which has none", ours, but(noted("nov/24/2026 10:11:12")), PartComment},
		{"Mikhmon's expiry under its own profile", foreign, but(under("1hari"), noted("2026-11-24 10:11:12")), 0},
		{"Mikhmon's reset and disable", ours, but(noted(""), func(f *Found) { f.LimitUptime, f.Disabled = 0, true }), PartComment | PartLimits | PartDisabled},
	} {
		if got := c.u.Differs(c.f); got != c.want {
			t.Errorf("%s: %05b, want %05b", c.name, got, c.want)
		}
	}
	if p := PartLimits | PartComment; !p.Has(PartLimits) || p.Has(PartLimits|PartProfile) {
		t.Error("a set does not know its parts")
	}
}
