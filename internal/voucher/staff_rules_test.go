package voucher

import (
	"testing"
	"time"

	"gerai/internal/fault"
)

func suspended(f *Facts) { f.SuspendedAt = t0 }
func noLimits(f *Facts)  { f.Item.UptimeLimit, f.Item.DataLimit, f.Item.Validity = 0, 0, 0 }

// What staff may do with one voucher in each state. "" is nil.
func TestStaffRules(t *testing.T) {
	const ended, unsold, not, is = "voucher.ended", "voucher.not_sold", "voucher.not_suspended", "voucher.suspended"
	const unknown, unlimited = "voucher.use_unknown", "order.unlimited"
	after := t0.Add(25 * time.Hour)
	for _, c := range []struct {
		name                                          string
		f                                             Facts
		now                                           time.Time
		suspend, unsuspend, move, carry, grant, extra string // extra: extending by a paid order
	}{
		{name: "stock", f: of(Stock), now: t0, suspend: unsold, unsuspend: unsold, move: unsold, grant: unsold, extra: ended},
		{name: "sold", f: of(Sold), now: t0, unsuspend: not},
		{name: "sold, its batch has yet to make it", f: of(Sold, unmade), now: t0, unsuspend: not, move: "voucher.never_made"},
		{name: "active", f: of(Active, loggedIn), now: t0, unsuspend: not, carry: unknown},
		{name: "active without limits but its time", f: of(Active, loggedIn, func(f *Facts) { f.Item.UptimeLimit, f.Item.DataLimit = 0, 0 }), now: t0, unsuspend: not},
		{name: "active without any limit", f: of(Active, loggedIn, forEver, noLimits), now: t0, unsuspend: not, grant: unlimited, extra: unlimited},
		{name: "suspended", f: of(Active, loggedIn, suspended), now: t0, suspend: is, carry: unknown, extra: is},
		{name: "suspended and over", f: of(Active, loggedIn, suspended), now: after, suspend: ended, unsuspend: ended, move: ended, carry: unknown, grant: ended, extra: ended},
		{name: "suspended and switched off", f: of(Disabled, loggedIn, suspended), now: t0, suspend: ended, unsuspend: ended, move: ended, carry: unknown, grant: ended, extra: ended},
		{name: "a refund is under way", f: of(Active, loggedIn, refunded), now: t0, unsuspend: not, move: "voucher.refunded", carry: unknown},
		{name: "expired", f: of(Expired), now: after, suspend: ended, unsuspend: ended, move: ended, grant: ended, extra: ended},
	} {
		for _, rule := range []struct {
			name string
			err  error
			want string
		}{{"suspend", MaySuspend(c.f, c.now), c.suspend}, {"unsuspend", MayUnsuspend(c.f, c.now), c.unsuspend}, {"move", MayMove(c.f, c.now), c.move}, {"carry", MayCarry(c.f), c.carry},
			{"grant", MayGrant(c.f, c.now), c.grant}, {"extend", MayExtend(c.f, c.now), c.extra}} {
			if code := codeOf(rule.err); code != rule.want || rule.err != nil && !fault.Is(rule.err, fault.Conflict) {
				t.Errorf("%s: %s says %v, want %q", c.name, rule.name, rule.err, rule.want)
			}
		}
	}
}

func TestSuspended(t *testing.T) {
	for _, c := range []struct {
		name    string
		f       Facts
		now     time.Duration
		want    Want
		away    bool
		restore string
	}{
		{"its router has not heard", of(Sold, suspended), time.Hour, WantDisabled, true, "voucher.suspended"},
		{"its router has heard", of(Active, loggedIn, suspended, off), time.Hour, WantDisabled, false, "voucher.suspended"},
		{"over: it stays out", of(Active, loggedIn, suspended, off), 25 * time.Hour, WantDisabled, false, "voucher.ended"},
		{"let in again, its router has not heard", of(Active, loggedIn, off), time.Hour, WantEnabled, true, ""},
		{"expired meanwhile", of(Expired, loggedIn, suspended, off), 25 * time.Hour, WantDisabled, false, "voucher.ended"},
	} {
		now := t0.Add(c.now)
		if _, want := Wanted(c.f, now); want != c.want || c.f.Away() != c.away || codeOf(MayRestore(c.f, now)) != c.restore {
			t.Errorf("%s: %s, away %t, restore %v", c.name, want, c.f.Away(), MayRestore(c.f, now))
		}
	}
	if f := of(Active, loggedIn, suspended); !f.Alive(t0) || !f.LetsIn() || !f.ValidUntil.Equal(sold().ValidUntil) {
		t.Error("a suspension ends nothing and stops no time")
	}
}

// What another router counted is not given again, and no limit becomes none.
func TestCarried(t *testing.T) {
	for _, c := range []struct {
		used   Use
		uptime time.Duration
		bytes  int64
	}{
		{Use{}, 5 * time.Hour, 1000},
		{Use{2 * time.Hour, 300}, 3 * time.Hour, 700},
		{Use{5 * time.Hour, 1000}, time.Second, 1},
		{Use{9 * time.Hour, 5000}, time.Second, 1},
	} {
		u, _ := Wanted(of(Active, loggedIn, func(f *Facts) { f.Carried = c.used }), t0)
		if u.LimitUptime != c.uptime || u.LimitBytes != c.bytes {
			t.Errorf("%+v used: %s, %d bytes", c.used, u.LimitUptime, u.LimitBytes)
		}
	}
	if u, _ := Wanted(of(Active, noLimits, func(f *Facts) { f.Carried = Use{time.Hour, 1} }), t0); u.LimitUptime != 0 || u.LimitBytes != 0 {
		t.Errorf("what is unlimited got a limit: %+v", u)
	}
}

func TestGrant(t *testing.T) {
	full := of(Active).Allowance()
	for _, c := range []struct {
		name        string
		more        Grant
		f           Facts
		field, code string
	}{
		{name: "all parts", more: Grant{time.Hour, time.Hour, 1}, f: of(Active)},
		{name: "the most", more: MostGranted, f: of(Active)},
		{name: "nothing", f: of(Active), field: "validity", code: "voucher.grant_nothing"},
		{name: "too long", more: Grant{Validity: MostGranted.Validity + 1}, f: of(Active), field: "validity", code: "voucher.grant_most"},
		{name: "less", more: Grant{Uptime: -1}, f: of(Active), field: "uptime", code: "voucher.grant_most"},
		{name: "to what is unlimited", more: Grant{Data: 1}, f: of(Active, noLimits), field: "data", code: "voucher.grant_unlimited"},
	} {
		err := c.more.Check(c.f.Allowance())
		if codeOf(err) != c.code {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	f := of(Active, func(f *Facts) { f.Given = Grant{time.Hour, 2 * time.Hour, 3} })
	if sum := f.Allowance(); sum.Validity != full.Validity+time.Hour || sum.UptimeLimit != full.UptimeLimit+2*time.Hour || sum.DataLimit != full.DataLimit+3 || !f.EndsAt().Equal(t0.Add(25*time.Hour)) {
		t.Errorf("%+v, ends %v", sum, f.EndsAt())
	}
	if sum := of(Active, noLimits, func(f *Facts) { f.Given = Grant{time.Hour, time.Hour, 3} }).Allowance(); sum.Limited() {
		t.Errorf("what is unlimited got a limit: %+v", sum)
	}
}
