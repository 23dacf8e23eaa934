package voucher

import (
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/order"
)

var t0 = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

var day = order.Item{PlanID: "p", Price: 5000, Validity: 24 * time.Hour, ValidFrom: order.FromPurchase, UptimeLimit: 5 * time.Hour, DataLimit: 1000, RateLimit: "2M/4M", SharedUsers: 1, Profile: "gerai-day"}

func sold() Facts {
	return Facts{State: Sold, Username: "abc", Password: "123", Comment: "up-1-gerai.X", Mark: "gerai.X", Item: day, HasOrder: true, SoldAt: t0, ValidUntil: t0.Add(24 * time.Hour)}
}

func of(state State, change ...func(*Facts)) Facts {
	f := sold()
	if f.State = state; state == Stock {
		f.HasOrder, f.SoldAt, f.ValidUntil = false, time.Time{}, time.Time{}
		f.InBatch, f.MadeAt = true, t0
	}
	for _, c := range change {
		c(&f)
	}
	return f
}

func unmade(f *Facts)    { f.InBatch, f.MadeAt = true, time.Time{} }
func making(f *Facts)    { f.Making = true }
func refunded(f *Facts)  { f.Refunded, f.MoneyGone = true, true }
func moneyGone(f *Facts) { f.MoneyGone = true }
func forEver(f *Facts)   { f.ValidUntil = time.Time{} }
func loggedIn(f *Facts)  { f.FirstLoginAt = t0 }
func off(f *Facts)       { f.OffAt = t0 }
func outlet(f *Facts)    { f.Outlet = true }

// Every state, and what changes the answer within it.
func TestWanted(t *testing.T) {
	const soon, after = time.Hour, 25 * time.Hour
	for _, c := range []struct {
		name string
		f    Facts
		now  time.Duration
		want Want
	}{
		{"no state: nothing is known of it", of(""), soon, WantNone},
		{"stock lies ready", of(Stock), soon, WantEnabled},
		{"stock lies ready for years", of(Stock), 1000 * after, WantEnabled},
		{"stock that is being made", of(Stock, unmade, making), soon, WantEnabled},
		{"stock of a paused batch", of(Stock, unmade), soon, WantNone},
		{"sold", of(Sold), soon, WantEnabled},
		{"sold for ever", of(Sold, forEver), 1000 * after, WantEnabled},
		{"sold, its last moment", of(Sold), 24*time.Hour - 1, WantEnabled},
		{"sold and over: the end is not recorded yet", of(Sold), 24 * time.Hour, WantNone},
		{"a refund that ends it is under way", of(Sold, refunded), soon, WantDisabled},
		{"and its time is over", of(Sold, refunded), after, WantDisabled},
		{"money went back outside: staff decide", of(Sold, moneyGone), soon, WantEnabled},
		{"active", of(Active, loggedIn), soon, WantEnabled},
		{"active and over", of(Active, loggedIn), after, WantNone},
		{"active, refunded", of(Active, loggedIn, refunded), soon, WantDisabled},
		{"active, lost by its router, its batch is made again", of(Active, loggedIn, unmade, making), soon, WantEnabled},
		{"active, lost by its router, its batch waits", of(Active, loggedIn, unmade), soon, WantNone},
		{"lives again, its router has not heard", of(Active, loggedIn, off), soon, WantEnabled},
		{"expired", of(Expired), after, WantDisabled},
		{"expired although time is left", of(Expired), soon, WantDisabled},
		{"expired while its router had lost it", of(Expired, unmade, making), after, WantDisabled},
		{"disabled", of(Disabled), soon, WantDisabled},
		{"disabled, for ever", of(Disabled, forEver), soon, WantDisabled},
		{"disabled before it was made", of(Disabled, unmade, making), soon, WantDisabled},
	} {
		if u, want := Wanted(c.f, t0.Add(c.now)); want != c.want || u.Name != "abc" {
			t.Errorf("%s: %s of %q, want %s", c.name, want, u.Name, c.want)
		}
	}
}

// The user has the limits of everything that was paid for, at the speed of one item.
func TestWantedUser(t *testing.T) {
	f := of(Active)
	week := day
	week.Price, week.Validity, week.UptimeLimit, week.DataLimit, week.RateLimit, week.SharedUsers, week.Profile = 9000, 168*time.Hour, time.Hour, 0, "8M/8M", 3, "gerai-week"
	f.Extensions = []order.Item{week}
	want := hotspot.User{Name: "abc", Password: "123", Comment: "up-1-gerai.X", OrderMark: "gerai.X", LimitUptime: 6 * time.Hour, Bound: hotspot.Bound{EndsAt: t0.Add(24 * time.Hour).Unix()},
		Profile: hotspot.Profile{Name: "gerai-day", RateLimit: "2M/4M", SharedUsers: 1, Price: 5000, Validity: 192 * time.Hour}}
	if u, _ := Wanted(f, t0); u != want {
		t.Errorf("extended: %+v", u)
	}
	f.Speed, want.Profile.RateLimit, want.Profile.SharedUsers = SpeedOf(week), "8M/8M", 3
	if u, _ := Wanted(f, t0); u != want {
		t.Errorf("at another speed: %+v", u)
	}
}

// What may be done in each state. "" is nil.
func TestRules(t *testing.T) {
	const ended, changed = "voucher.ended", "voucher.changed"
	after := t0.Add(25 * time.Hour)
	for _, c := range []struct {
		name                                     string
		f                                        Facts
		now                                      time.Time
		disable, enable, restore, extend, sell   string
		revive, prints, away, letsIn, alive, cnt bool
	}{
		{name: "stock", f: of(Stock), now: t0, enable: changed, extend: ended, prints: true},
		{name: "stock, unmade", f: of(Stock, unmade), now: t0, enable: changed, restore: "voucher.never_made", extend: ended, sell: "stock.not_ready"},
		{name: "stock with an outlet", f: of(Stock, outlet), now: t0, enable: changed, extend: ended, sell: "stock.at_outlet", prints: true},
		{name: "stock, lives again", f: of(Stock, off), now: t0, enable: changed, extend: ended, sell: "stock.not_ready", prints: true, away: true, letsIn: true},
		{name: "sold", f: of(Sold), now: t0, enable: changed, sell: "stock.not_for_sale", letsIn: true, alive: true, cnt: true},
		{name: "sold and over", f: of(Sold), now: after, enable: changed, restore: ended, extend: ended, sell: "stock.not_for_sale", letsIn: true, cnt: true},
		{name: "active", f: of(Active, loggedIn), now: t0, enable: changed, sell: "stock.not_for_sale", letsIn: true, alive: true, cnt: true},
		{name: "unlimited", f: of(Active, forEver, func(f *Facts) { f.Item.UptimeLimit, f.Item.DataLimit, f.Item.Validity = 0, 0, 0 }), now: t0, enable: changed, extend: "order.unlimited",
			sell: "stock.not_for_sale", letsIn: true, alive: true, cnt: true},
		{name: "expired", f: of(Expired), now: after, disable: ended, enable: ended, restore: ended, extend: ended, sell: "stock.not_for_sale"},
		{name: "ended by a wrong clock", f: of(Expired), now: t0, disable: ended, enable: ended, restore: ended, extend: ended, sell: "stock.not_for_sale", revive: true},
		{name: "and refunded", f: of(Expired, refunded), now: t0, disable: ended, enable: ended, restore: ended, extend: ended, sell: "stock.not_for_sale"},
		{name: "disabled", f: of(Disabled, off), now: t0, disable: ended, restore: ended, extend: ended, sell: "stock.not_for_sale"},
		{name: "disabled, its router has not heard", f: of(Disabled), now: t0, disable: ended, restore: ended, extend: ended, sell: "stock.not_for_sale", away: true, letsIn: true},
		{name: "disabled after a login", f: of(Disabled, off, loggedIn), now: t0, disable: ended, restore: ended, extend: ended, sell: "stock.not_for_sale", cnt: true},
		{name: "disabled and over", f: of(Disabled, off), now: after, disable: ended, enable: ended, restore: ended, extend: ended, sell: "stock.not_for_sale"},
		{name: "active, a refund ends it", f: of(Active, loggedIn, refunded), now: t0, enable: changed, restore: ended, sell: "stock.not_for_sale", letsIn: true, alive: true, cnt: true},
		{name: "disabled, unmade", f: of(Disabled, unmade), now: t0, disable: ended, enable: "voucher.never_made", restore: ended, extend: ended, sell: "stock.not_for_sale"},
		{name: "disabled, its money gone", f: of(Disabled, off, moneyGone), now: t0, disable: ended, enable: "voucher.refunded", restore: ended, extend: ended, sell: "stock.not_for_sale"},
	} {
		for _, rule := range []struct {
			name string
			err  error
			want string
		}{{"disable", MayDisable(c.f), c.disable}, {"enable", MayEnable(c.f, c.now), c.enable}, {"restore", MayRestore(c.f, c.now), c.restore},
			{"extend", MayExtend(c.f, c.now), c.extend}, {"sell", MaySell(c.f), c.sell}} {
			if code := codeOf(rule.err); code != rule.want || rule.err != nil && !fault.Is(rule.err, fault.Conflict) {
				t.Errorf("%s: %s says %v, want %q", c.name, rule.name, rule.err, rule.want)
			}
		}
		got := []bool{MayRevive(c.f, c.now), MayPrint(c.f), c.f.Away(), c.f.LetsIn(), c.f.Alive(c.now), c.f.Counted()}
		for i, want := range []bool{c.revive, c.prints, c.away, c.letsIn, c.alive, c.cnt} {
			if got[i] != want {
				t.Errorf("%s: %s is %t", c.name, []string{"revive", "print", "away", "lets in", "alive", "counted"}[i], got[i])
			}
		}
	}
}

func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func TestGives(t *testing.T) {
	for _, change := range []func(*order.Item){func(i *order.Item) { i.UptimeLimit++ }, func(i *order.Item) { i.DataLimit++ }, func(i *order.Item) { i.RateLimit = "" },
		func(i *order.Item) { i.SharedUsers++ }, func(i *order.Item) { i.Profile = "x" }} {
		other := day
		if change(&other); Gives(day, other) {
			t.Errorf("%+v is taken for %+v", other, day)
		}
	}
	cheaper := day
	if cheaper.Price, cheaper.Validity = 1, time.Hour; !Gives(day, cheaper) {
		t.Error("price and validity are no matter of the router")
	}
}

// Who may leave a router for good: what has ended so long ago and lives no more.
func TestMayRemove(t *testing.T) {
	const week = 7 * 24 * time.Hour
	endedAt := func(at time.Time) func(*Facts) { return func(f *Facts) { f.EndedAt = at } }
	later := func(f *Facts) { f.ValidUntil = t0.Add(100 * week) }
	dayAfter := endedAt(t0.Add(24 * time.Hour))
	for _, c := range []struct {
		name string
		f    Facts
		now  time.Duration // after it ended
		want bool
	}{
		{"expired", of(Expired, dayAfter), week, true},
		{"expired a moment less ago", of(Expired, dayAfter), week - 1, false},
		{"expired, nobody knows when", of(Expired), 100 * week, false},
		{"ended by a wrong clock", of(Expired, dayAfter, later), week, false},
		{"by a clock that went back", of(Expired, dayAfter), -week, false},
		{"active", of(Active, loggedIn, endedAt(t0)), week, false},
		{"a refund is under way", of(Active, loggedIn, refunded, endedAt(t0)), week, false},
		{"disabled and over", of(Disabled, loggedIn, dayAfter), week, true},
		{"disabled with time left, and used", of(Disabled, loggedIn, endedAt(t0), later), week, false},
		{"disabled with time left, and refunded", of(Disabled, loggedIn, refunded, endedAt(t0), later), week, true},
		{"disabled with time left, and never used", of(Disabled, endedAt(t0), later), week, true},
		{"disabled, for ever, and used", of(Disabled, loggedIn, forEver, endedAt(t0)), 100 * week, false},
	} {
		if got := MayRemove(c.f, c.f.EndedAt.Add(c.now), week); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}
