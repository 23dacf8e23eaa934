package voucher

import (
	"testing"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/order"
)

func fromLogin(f *Facts) {
	f.Item.ValidFrom, f.ValidUntil = order.FromFirstLogin, time.Time{}
	if !f.FirstLoginAt.IsZero() {
		f.ValidUntil = f.EndsAt()
	}
}

func unlimited(f *Facts) { f.Item.UptimeLimit = 0 }
func forThree(f *Facts)  { f.Item.SharedUsers = 3 }
func foreign(f *Facts)   { f.Item.Profile = "bersama" }

// What the router keeps of a validity: the end, and no more online time than fits.
func TestBound(t *testing.T) {
	const h = time.Hour
	end := func(d time.Duration) hotspot.Bound { return hotspot.Bound{EndsAt: t0.Add(d).Unix()} }
	extended := func(unwritten int, validity ...time.Duration) func(*Facts) {
		return func(f *Facts) {
			for _, v := range validity {
				x := f.Item
				x.Validity = v
				f.Extensions = append(f.Extensions, x)
			}
			f.Unwritten = unwritten
		}
	}
	for _, c := range []struct {
		name       string
		f          Facts
		now        time.Duration
		bound      hotspot.Bound
		most, left time.Duration
	}{
		{"sold, online time below the validity", of(Sold), 0, end(24 * h), 5 * h, 0},
		{"unlimited online time: the validity", of(Sold, unlimited), 0, end(24 * h), 24 * h, 24 * h},
		{"later less is left", of(Sold, unlimited), 20 * h, end(24 * h), 24 * h, 4 * h},
		{"three devices use it up three times as fast", of(Sold, unlimited, forThree), 20 * h, end(24 * h), 72 * h, 12 * h},
		{"a profile of the operator's may let any number in", of(Sold, unlimited, foreign), 20 * h, end(24 * h), 0, 0},
		{"and what was sold is what was sold", of(Sold, foreign), 20 * h, end(24 * h), 5 * h, 0},
		{"its plan is for three devices since", of(Sold, unlimited, func(f *Facts) { f.PlanDevices = 3 }), 20 * h, end(24 * h), 72 * h, 12 * h},
		{"it was for three when it was sold", of(Sold, unlimited, forThree, func(f *Facts) { f.PlanDevices = 1 }), 20 * h, end(24 * h), 72 * h, 12 * h},
		{"an extension for two devices", of(Sold, unlimited, extended(0, 24*h), func(f *Facts) { f.Extensions[0].SharedUsers, f.ValidUntil = 2, f.ValidUntil.Add(24*h) }), 0, end(48 * h), 96 * h, 96 * h},
		{"about to be sold: counts from now", of(Sold, unlimited, func(f *Facts) { f.SoldAt, f.ValidUntil = time.Time{}, time.Time{} }), h, end(25 * h), 24 * h, 0},
		{"from the first login, not begun", of(Sold, unlimited, fromLogin), 100 * h, hotspot.Bound{After: 24 * h}, 24 * h, 0},
		{"and begun", of(Active, unlimited, loggedIn, fromLogin), 2 * h, end(24 * h), 24 * h, 22 * h},
		{"stock", of(Stock), 0, hotspot.Bound{After: 24 * h}, 5 * h, 0},
		{"for ever", of(Sold, unlimited, forEver, func(f *Facts) { f.Item.Validity = 0 }), 0, hotspot.Bound{}, 0, 0},
		{"for ever with online time", of(Sold, forEver, func(f *Facts) { f.Item.Validity = 0 }), 0, hotspot.Bound{}, 5 * h, 0},
		{"extended", of(Sold, unlimited, extended(0, 24*h), func(f *Facts) { f.ValidUntil = f.ValidUntil.Add(24 * h) }), 0, end(48 * h), 48 * h, 48 * h},
		{"an extension that is paid for", of(Sold, unlimited, extended(1, 24*h)), 0, end(48 * h), 48 * h, 48 * h},
		{"one of two is written", of(Sold, unlimited, extended(1, 24*h, 2*h), func(f *Facts) { f.ValidUntil = f.ValidUntil.Add(24 * h) }), 0, end(50 * h), 50 * h, 50 * h},
		{"one for ever is paid for", of(Sold, unlimited, extended(1, 0)), 0, hotspot.Bound{}, 0, 0},
		{"not begun, extended", of(Sold, unlimited, fromLogin, extended(0, 24*h)), 0, hotspot.Bound{After: 48 * h}, 48 * h, 0},
		{"the end was moved in the customer's favour", of(Sold, unlimited, func(f *Facts) { f.ValidUntil = f.ValidUntil.Add(h) }), 0, end(25 * h), 25 * h, 25 * h},
	} {
		u, _ := Wanted(c.f, t0.Add(c.now))
		if u.Bound != c.bound || u.LimitUptime != c.most || u.Left != c.left {
			t.Errorf("%s: %+v, at most %s, %s are left", c.name, u.Bound, u.LimitUptime, u.Left)
		}
	}
}

// A first login that the shop did not see.
func TestFirstLoginOf(t *testing.T) {
	const h = time.Hour
	now := t0.Add(10 * h)
	f := of(Sold, fromLogin)
	noted := func(d time.Duration) hotspot.Bound { return hotspot.Bound{EndsAt: t0.Add(d + 24*h).Unix()} }
	for _, c := range []struct {
		name  string
		f     Facts
		found hotspot.Found
		since time.Duration
		right bool
		want  time.Duration // after t0
	}{
		{"the router's note", f, hotspot.Found{Uptime: h, Bound: noted(3 * h)}, h, true, 3 * h},
		{"its clock is wrong: the latest login that fits", f, hotspot.Found{Uptime: h, Bound: noted(3 * h)}, h, false, 9 * h},
		{"no note", f, hotspot.Found{Uptime: 4 * h, Bound: hotspot.Bound{After: 24 * h}}, h, true, 6 * h},
		{"no note, three devices", of(Sold, fromLogin, forThree), hotspot.Found{Uptime: 3 * h}, h, true, 9 * h},
		{"no note, any number of devices", of(Sold, fromLogin, foreign), hotspot.Found{Uptime: 9 * h}, h, true, 10 * h},
		{"a note from before it was last seen unused", f, hotspot.Found{Uptime: h, Bound: noted(3 * h)}, 4 * h, true, 9 * h},
		{"a note from before the sale", f, hotspot.Found{Uptime: h, Bound: noted(-h)}, -5 * h, true, 9 * h},
		{"a note later than the counters allow", f, hotspot.Found{Uptime: 4 * h, Bound: noted(8 * h)}, h, true, 6 * h},
		{"a note a moment ahead of now", f, hotspot.Found{Uptime: time.Second, Bound: noted(10*h + time.Minute)}, h, true, 10 * h},
		{"validity that counts from the sale", of(Sold), hotspot.Found{Uptime: h, Bound: noted(3 * h)}, h, true, 9 * h},
		{"no validity", of(Sold, fromLogin, func(f *Facts) { f.Item.Validity = 0 }), hotspot.Found{Uptime: h, Bound: noted(3 * h)}, h, true, 9 * h},
	} {
		if at := FirstLoginOf(c.f, c.found, now, t0.Add(c.since), c.right); !at.Equal(t0.Add(c.want)) {
			t.Errorf("%s: %s after, want %s", c.name, at.Sub(t0), c.want)
		}
	}
}

// A limit that the voucher would have for another number of devices.
func TestBoundOfOthers(t *testing.T) {
	const h = time.Hour
	for _, c := range []struct {
		name  string
		f     Facts
		limit time.Duration
		want  bool
	}{
		{"one instead of three", of(Sold, unlimited, forThree), 24 * h, true},
		{"two instead of one", of(Sold, unlimited), 48 * h, true},
		{"as it is", of(Sold, unlimited), 24 * h, false},
		{"a hand's", of(Sold, unlimited), 30 * h, false},
		{"none", of(Sold, unlimited), 0, false},
		{"what was sold bounds it", of(Sold), 24 * h, false},
		{"nothing is known of devices", of(Sold, unlimited, foreign), 24 * h, false},
	} {
		if got := c.f.BoundOfOthers(c.limit, t0); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
