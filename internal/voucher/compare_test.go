package voucher

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/hotspot"
)

func recorded(f *Facts) { f.Recorded = true }

// held is the row of a voucher that is as the books want it.
func held(f Facts, change ...func(*hotspot.Found)) *hotspot.Found {
	u, want := Wanted(f, t0)
	x := &hotspot.Found{Name: u.Name, Password: u.Password, Comment: u.Comment, Bound: u.Bound, Profile: u.Profile.Name, LimitUptime: u.LimitUptime, LimitBytes: u.LimitBytes, Disabled: want == WantDisabled}
	for _, c := range change {
		c(x)
	}
	return x
}

// forHours changes what online time was sold.
func forHours(f Facts, n time.Duration) Facts {
	f.Item.UptimeLimit = n * time.Hour
	return f
}

func disabled(x *hotspot.Found) { x.Disabled = true }
func enabled(x *hotspot.Found)  { x.Disabled = false }
func usedUp(x *hotspot.Found)   { x.Uptime, x.Bytes = 9*time.Hour, 5000 }

// What Mikhmon's pages do to a user: facts of its own code.
func mikhmonReset(x *hotspot.Found) {
	x.LimitUptime, x.Comment, x.Bound, x.Uptime, x.Bytes = 0, "", hotspot.Bound{}, 0, 0
}
func mikhmonExpired(x *hotspot.Found) {
	x.LimitUptime, x.Comment, x.Bound = time.Second, "nov/24/2026 10:11:12", hotspot.Bound{}
}
func mikhmonSwitch(x *hotspot.Found) { x.Profile = "1hari" }

func TestCompare(t *testing.T) {
	live, ended := of(Active, loggedIn, recorded), of(Expired, recorded)
	stranger := func(x *hotspot.Found) { x.Comment, x.Password, x.Profile = "vc-123-11.24.26-", "9", "default" }
	for _, c := range []struct {
		name  string
		f     Facts
		found *hotspot.Found
		want  []Difference
	}{
		{"as it should be", live, held(live), nil},
		{"used up stays used up", live, held(live, usedUp), nil},
		{"gone", live, nil, []Difference{DiffMissing}},
		{"gone from the stock", of(Stock, recorded), nil, []Difference{DiffMissing}},
		{"disabled by hand", live, held(live, disabled), []Difference{DiffDisabled}},
		{"disabled by hand and used up", live, held(live, disabled, usedUp), []Difference{DiffDisabled}},
		{"Mikhmon's reset", live, held(live, mikhmonReset), []Difference{DiffLimits, DiffComment}},
		{"Mikhmon's switch of profiles", live, held(live, mikhmonSwitch), []Difference{DiffProfile}},
		{"and its expiry", live, held(live, mikhmonSwitch, mikhmonExpired), []Difference{DiffLimits, DiffProfile, DiffComment}},
		{"everything", live, held(live, mikhmonReset, mikhmonSwitch, disabled), []Difference{DiffDisabled, DiffLimits, DiffProfile, DiffComment}},
		{"another password", live, held(live, func(x *hotspot.Found) { x.Password = "9" }), []Difference{DiffPassword}},
		{"a stranger's row", live, held(live, stranger), []Difference{DiffTaken}},
		{"a stranger's row, disabled", live, held(live, stranger, disabled), []Difference{DiffTaken}},
		{"ended", ended, held(ended), nil},
		{"ended and gone", ended, nil, nil},
		{"ended and enabled", ended, held(ended, enabled), []Difference{DiffEnabled}},
		{"ended and enabled with everything changed", ended, held(ended, enabled, mikhmonReset), []Difference{DiffEnabled}},
		{"ended, disabled, and everything changed", ended, held(ended, mikhmonReset), nil},
		{"ended, and a stranger has the name", ended, held(ended, stranger, enabled), nil},
		{"a refund is under way", of(Active, loggedIn, recorded, refunded), held(live), []Difference{DiffEnabled}},
		{"switched off by staff", of(Disabled, recorded), held(live), []Difference{DiffEnabled}},
		{"over, its end is not recorded", of(Sold, recorded, func(f *Facts) { f.ValidUntil = t0 }), held(live, disabled), nil},
		{"a batch that is not made", of(Stock, unmade), nil, nil},
		{"its end was taken out of the comment", live, held(live, func(x *hotspot.Found) { x.Bound = hotspot.Bound{} }), []Difference{DiffBound}},
		{"its end was put off", live, held(live, func(x *hotspot.Found) { x.Bound.EndsAt++ }), []Difference{DiffBound}},
		{"its end is earlier by what a sale takes", live, held(live, func(x *hotspot.Found) { x.Bound.EndsAt -= 30 }), nil},
		{"its end is earlier", live, held(live, func(x *hotspot.Found) { x.Bound.EndsAt -= 61 }), []Difference{DiffBound}},
		{"the router was not told of the first login", live, held(live, func(x *hotspot.Found) { x.Bound = hotspot.Bound{After: 24 * time.Hour} }), []Difference{DiffBound}},
		{"an end that nobody sold", of(Active, loggedIn, recorded, forEver, func(f *Facts) { f.Item.Validity = 0 }), held(live), []Difference{DiffBound}},
		{"a limit below what is left", forHours(live, 0), held(forHours(live, 0), func(x *hotspot.Found) { x.LimitUptime = 24*time.Hour - 1 }), []Difference{DiffLimits}},
		{"none: validity holds it", forHours(live, 0), held(forHours(live, 0), func(x *hotspot.Found) { x.LimitUptime = 0 }), []Difference{DiffLimits}},
	} {
		u, want := Wanted(c.f, t0)
		if got := Compare(u, want, c.found); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// corrected is the row after a driver wrote the listed differences and nothing else.
func corrected(u hotspot.User, want Want, x *hotspot.Found, diffs []Difference) *hotspot.Found {
	for _, d := range diffs {
		switch d {
		case DiffMissing:
			x = &hotspot.Found{Name: u.Name, Password: u.Password, Comment: u.Comment, Profile: u.Profile.Name, Bound: u.Bound, LimitUptime: u.LimitFor(0), LimitBytes: u.LimitBytes}
		case DiffDisabled:
			x.Disabled = false
		case DiffEnabled:
			x.Disabled = true
		case DiffLimits:
			x.LimitUptime, x.LimitBytes, x.OneWay = u.LimitFor(x.Uptime), u.LimitBytes, false
		case DiffProfile:
			x.Profile = u.Profile.Name
		case DiffPassword:
			x.Password = u.Password
		case DiffComment:
			x.Comment, x.Bound = u.Comment, u.Bound
		case DiffBound:
			x.Bound = u.Bound
		}
	}
	return x
}

func drawFound(t *rapid.T, f Facts) *hotspot.Found {
	if rapid.Bool().Draw(t, "missing") {
		return nil
	}
	some := rapid.Int64Range(0, 3)
	x := &hotspot.Found{Name: f.Username, Disabled: rapid.Bool().Draw(t, "off"), OneWay: rapid.Bool().Draw(t, "one way"), Hidden: rapid.Bool().Draw(t, "hidden"),
		LimitUptime: time.Duration(some.Draw(t, "limit")) * time.Hour, LimitBytes: some.Draw(t, "bytes"), Uptime: time.Duration(some.Draw(t, "used")) * time.Hour,
		Comment:  rapid.SampledFrom([]string{"", f.Comment, "vc-1-" + f.Mark + " x", "nov/24/2026 10:11:12", "2026-11-24 10:11:12", "vc-123-11.24.26-", "note"}).Draw(t, "comment"),
		Profile:  rapid.SampledFrom([]string{"gerai-day", "1hari", "*1F"}).Draw(t, "profile"),
		Password: rapid.SampledFrom([]string{"", f.Password, "9"}).Draw(t, "password")}
	x.Bound = rapid.SampledFrom([]hotspot.Bound{{}, {EndsAt: t0.Add(time.Hour).Unix()}, {After: time.Hour}}).Draw(t, "bound")
	if x.Hidden {
		x.Password = ""
	}
	return x
}

// Whatever a router holds: correcting what is listed leaves nothing to list, touches no
// counter and no stranger, and enables nothing that has ended.
func TestCorrectingOnceIsEnough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := life{Facts: of(Stock, recorded), now: t0}
		l.Item = drawItem(t)
		if rapid.Bool().Draw(t, "foreign profile") {
			l.Item.Profile = "1hari"
		}
		for range rapid.IntRange(0, 8).Draw(t, "steps") {
			l.step(t)
		}
		u, want := Wanted(l.Facts, l.now)
		x := drawFound(t, l.Facts)
		var before hotspot.Found
		if x != nil {
			before = *x
		}
		diffs := Compare(u, want, x)
		x = corrected(u, want, x, diffs)
		if again := Compare(u, want, x); len(again) > 0 && !slices.Equal(again, []Difference{DiffTaken}) {
			t.Fatalf("%v, then %v", diffs, again)
		}
		switch {
		case x == nil:
			return
		case (before.Uptime != x.Uptime || before.Bytes != x.Bytes) && before.Name != "":
			t.Fatal("counters were changed")
		case before.Name != "" && !u.Owns(before) && *x != before:
			t.Fatalf("a stranger's row was changed: %+v", x)
		case l.State.Ended() && !x.Disabled && u.Owns(*x):
			t.Fatalf("a voucher that is %s is enabled", l.State)
		case want == WantEnabled && u.Owns(*x) && (x.Disabled || x.LimitUptime > u.LimitUptime || (x.LimitUptime == 0) != (u.LimitUptime == 0) || !u.Bound.Covers(x.Bound) && !hotspot.Stamped(x.Comment) || x.LimitBytes != u.LimitBytes || x.Profile != u.Profile.Name):
			t.Fatalf("%+v, want %+v", x, u)
		}
	})
}
