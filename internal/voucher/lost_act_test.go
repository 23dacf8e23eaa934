package voucher

import (
	"testing"
	"time"

	"gerai/internal/hotspot"
)

// What a router's user tells of acts that the books have forgotten.
func TestLostActOf(t *testing.T) {
	const h = time.Hour
	now := t0.Add(h)
	until := func(d time.Duration) hotspot.Bound { return hotspot.Bound{EndsAt: t0.Add(d).Unix()} }
	heard := func(f *Facts) { f.OffAt = t0 }
	for _, c := range []struct {
		name   string
		f      Facts
		change func(u *hotspot.Found)
		act    LostAct
		more   Grant
	}{
		{"as the books say", of(Sold), func(*hotspot.Found) {}, NoAct, Grant{}},
		{"kept out", of(Sold), func(u *hotspot.Found) { u.Disabled = true }, ActOff, Grant{}},
		{"kept out, with more time", of(Sold), func(u *hotspot.Found) { u.Disabled, u.Bound = true, until(27*h) }, ActOff, Grant{Validity: 3 * h}},
		{"ended by the router, which took its bound away", of(Sold), func(u *hotspot.Found) { u.Disabled, u.Bound = true, hotspot.Bound{} }, NoAct, Grant{}},
		{"stock that was disabled", of(Stock), func(u *hotspot.Found) { u.Disabled, u.Bound = true, hotspot.Bound{After: 24 * h} }, ActOff, Grant{}},
		{"kept out, and a refund ends it", of(Sold, refunded), func(u *hotspot.Found) { u.Disabled = true }, NoAct, Grant{}},
		{"lives again, its router had not heard", of(Sold, off), func(u *hotspot.Found) { u.Disabled = true }, NoAct, Grant{}},
		{"over, and kept out", of(Sold, func(f *Facts) { f.ValidUntil = t0 }), func(u *hotspot.Found) { u.Disabled = true }, NoAct, Grant{}},
		{"let in though suspended", of(Sold, suspended, heard), func(*hotspot.Found) {}, ActOn, Grant{}},
		{"let in though suspended, with more time", of(Sold, suspended, heard), func(u *hotspot.Found) { u.Bound = until(25 * h) }, ActOn, Grant{Validity: h}},
		{"its router had not heard of the suspension", of(Sold, suspended), func(*hotspot.Found) {}, NoAct, Grant{}},
		{"suspended", of(Sold, suspended, heard), func(u *hotspot.Found) { u.Disabled = true }, NoAct, Grant{}},
		{"let in though disabled", of(Disabled, heard), func(*hotspot.Found) {}, ActOn, Grant{}},
		{"its router had not heard that it was disabled", of(Disabled), func(*hotspot.Found) {}, NoAct, Grant{}},
		{"expired: its end is a fact", of(Expired, heard), func(u *hotspot.Found) { u.Bound = until(48 * h) }, NoAct, Grant{}},
		{"a later end", of(Sold), func(u *hotspot.Found) { u.Bound = until(48 * h) }, ActMore, Grant{Validity: 24 * h}},
		{"a later end, the one of the books has passed", of(Sold, func(f *Facts) { f.ValidUntil = t0 }), func(u *hotspot.Found) { u.Bound = until(24 * h) }, ActMore, Grant{Validity: 24 * h}},
		{"an end two minutes later", of(Sold), func(u *hotspot.Found) { u.Bound = until(24*h + 2*time.Minute) }, NoAct, Grant{}},
		{"an earlier end", of(Sold), func(u *hotspot.Found) { u.Bound = until(20 * h) }, NoAct, Grant{}},
		{"no end", of(Sold), func(u *hotspot.Found) { u.Bound = hotspot.Bound{} }, NoAct, Grant{}},
		{"more before the first login", of(Sold, fromLogin), func(u *hotspot.Found) { u.Bound = hotspot.Bound{After: 27 * h} }, ActMore, Grant{Validity: 3 * h}},
		{"more online time", of(Sold), func(u *hotspot.Found) { u.LimitUptime = 7 * h }, ActMore, Grant{Uptime: 2 * h}},
		{"more online time than the validity bounds", of(Sold, unlimited), func(u *hotspot.Found) { u.LimitUptime = 48 * h }, NoAct, Grant{}},
		{"more data", of(Sold), func(u *hotspot.Found) { u.LimitBytes = 1500 }, ActMore, Grant{Data: 500}},
		{"less of everything", of(Sold), func(u *hotspot.Found) { u.LimitUptime, u.LimitBytes = h, 1 }, NoAct, Grant{}},
		{"foreign", of(Sold), func(u *hotspot.Found) { u.Comment, u.Disabled = "up-9-gerai.Y", true }, NoAct, Grant{}},
	} {
		u, _ := Wanted(c.f, now)
		found := hotspot.Found{Name: u.Name, Comment: u.Comment, Profile: u.Profile.Name, Bound: u.Bound, LimitUptime: u.LimitUptime, LimitBytes: u.LimitBytes}
		c.change(&found)
		if act, more := LostActOf(c.f, found, now); act != c.act || more != c.more {
			t.Errorf("%s: %q %+v, want %q %+v", c.name, act, more, c.act, c.more)
		}
	}
}
