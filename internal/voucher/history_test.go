package voucher

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"gerai/internal/hotspot"
	"gerai/internal/order"
)

// router is what a router holds: users by name, and which of them are disabled.
type router struct {
	users    map[string]hotspot.User
	disabled map[string]bool
}

func (r router) apply(u hotspot.User, want Want) {
	switch want {
	case WantEnabled:
		r.users[u.Name], r.disabled[u.Name] = u, false
	case WantDisabled:
		if _, there := r.users[u.Name]; there {
			r.disabled[u.Name] = true
		}
	}
}

func (r router) lets(name string) (hotspot.User, bool) {
	u, there := r.users[name]
	return u, there && !r.disabled[name]
}

func drawItem(t *rapid.T) order.Item {
	some := rapid.Int64Range(0, 3)
	i := day
	i.ValidFrom = rapid.SampledFrom([]order.ValidFrom{order.FromPurchase, order.FromFirstLogin}).Draw(t, "from")
	i.Validity, i.UptimeLimit, i.DataLimit = time.Duration(some.Draw(t, "hours"))*time.Hour, time.Duration(some.Draw(t, "online"))*time.Hour, some.Draw(t, "data")
	i.RateLimit, i.SharedUsers = rapid.SampledFrom([]string{"1M/1M", "2M/2M"}).Draw(t, "rate"), int(some.Draw(t, "devices"))+1
	return i
}

// life is a history of facts: each step is what a use case does where the rules allow it.
type life struct {
	Facts
	now time.Time
}

func (l *life) end(s State) { l.State = s }

func (l *life) begin() {
	if l.CountsFromLogin() || l.ValidUntil.IsZero() {
		l.ValidUntil = l.EndsAt()
	}
}

// step does one thing that may happen to a voucher, and reports whether its refund came, its
// extension was taken back or another router took it over: the only facts that may take
// something from what its router gives.
func (l *life) step(t *rapid.T) (takes bool) {
	switch rapid.SampledFrom([]string{"wait", "sell", "log in", "make", "lose", "extend", "take back", "expire", "wrong clock", "disable", "enable", "revive", "refund", "money goes", "suspend", "let in again", "grant", "move"}).Draw(t, "step") {
	case "wait":
		l.now = l.now.Add(time.Duration(rapid.IntRange(1, 120).Draw(t, "minutes")) * time.Minute)
	case "sell":
		if MaySell(l.Facts) == nil {
			l.State, l.HasOrder, l.SoldAt = Sold, true, l.now
			l.begin()
		}
	case "log in":
		if l.FirstLoginAt.IsZero() && (l.State == Sold || MayPrint(l.Facts)) {
			l.State, l.FirstLoginAt = Active, l.now
			l.begin()
		}
	case "make":
		l.Making = true
		if _, want := Wanted(l.Facts, l.now); want == WantEnabled && l.InBatch {
			l.MadeAt = l.now
		}
	case "lose":
		if l.InBatch && (l.State == Stock || l.State == Active) {
			l.MadeAt, l.Making = time.Time{}, rapid.Bool().Draw(t, "making")
		}
	case "extend":
		if l.HasOrder && MayExtend(l.Facts, l.now) == nil && !l.Refunded {
			x := drawItem(t)
			until := l.Lengthened(x.Validity)
			if !until.IsZero() && until.Before(l.ValidUntil) {
				t.Fatalf("an extension moved the end from %v to %v", l.ValidUntil, until)
			}
			before := l.Allowance()
			if l.Extensions, l.ValidUntil = append(l.Extensions, x), until; smaller(l.Allowance(), before) {
				t.Fatalf("an extension made %+v of %+v", l.Allowance(), before)
			}
		}
	case "take back":
		if n := len(l.Extensions); n > 0 && l.State.MayLive() {
			before := l.ValidUntil
			l.Extensions = l.Extensions[:n-1]
			l.ValidUntil = l.Shortened(l.now)
			if l.ValidUntil.Before(before) && l.ValidUntil.Before(l.now) {
				t.Fatalf("the end moved to %v, which has passed at %v", l.ValidUntil, l.now)
			}
			return true
		}
	case "expire":
		if l.State.Living() && l.Over(l.now) {
			l.end(Expired)
		}
	case "wrong clock":
		if l.State.Living() && !l.ValidUntil.IsZero() {
			l.end(Expired)
		}
	case "disable":
		if MayDisable(l.Facts) == nil {
			l.end(Disabled)
		}
	case "enable":
		if MayEnable(l.Facts, l.now) == nil {
			l.State = l.LivingState()
		}
	case "revive":
		if MayRevive(l.Facts, l.now) {
			l.State = l.LivingState()
		}
	case "refund":
		if l.HasOrder {
			l.Refunded, l.MoneyGone = true, true
			return true
		}
	case "money goes":
		l.MoneyGone = l.HasOrder
	case "suspend":
		if MaySuspend(l.Facts, l.now) == nil {
			l.SuspendedAt = l.now
		}
	case "let in again":
		if MayUnsuspend(l.Facts, l.now) == nil {
			l.SuspendedAt = time.Time{}
		}
	case "grant":
		some := rapid.Int64Range(0, 3)
		g := Grant{time.Duration(some.Draw(t, "more hours")) * time.Hour, time.Duration(some.Draw(t, "more online")) * time.Hour, some.Draw(t, "more data")}
		if MayGrant(l.Facts, l.now) == nil && g.Check(l.Allowance()) == nil {
			before := l.Allowance()
			if g.Validity > 0 {
				l.ValidUntil = l.Lengthened(g.Validity)
			}
			if l.Given = l.Given.Plus(g); smaller(l.Allowance(), before) {
				t.Fatalf("%+v more made %+v of %+v", g, l.Allowance(), before)
			}
		}
	case "move":
		if MayMove(l.Facts, l.now) == nil {
			l.Carried = l.Carried.Plus(Use{time.Duration(rapid.Int64Range(0, 4).Draw(t, "used")) * time.Hour, rapid.Int64Range(0, 4).Draw(t, "used data")})
			return true
		}
	}
	return false
}

// smaller reports whether something that was limited or not is less than before.
func smaller(now, before order.Item) bool {
	less := func(a, b int64) bool { return a != 0 && (b == 0 || a < b) }
	return less(int64(now.Validity), int64(before.Validity)) || less(int64(now.UptimeLimit), int64(before.UptimeLimit)) || less(now.DataLimit, before.DataLimit)
}

// moreThanSold reports whether a router would give more than the allowance leaves after what
// others gave. The least that a limit can be is a second, and a byte.
func moreThanSold(f Facts, u hotspot.User) bool {
	sum := f.Allowance()
	return sum.UptimeLimit > 0 && (u.LimitUptime == 0 || u.LimitUptime > max(sum.UptimeLimit-f.Carried.Uptime, time.Second)) ||
		sum.DataLimit > 0 && (u.LimitBytes == 0 || u.LimitBytes > max(sum.DataLimit-f.Carried.Bytes, 1))
}

func drawLife(t *rapid.T) *life {
	l := &life{Facts{Username: "abc", Item: drawItem(t)}, t0}
	if l.InBatch = rapid.Bool().Draw(t, "batch"); l.InBatch {
		l.State, l.Making = Stock, rapid.Bool().Draw(t, "making")
	} else {
		l.State, l.HasOrder, l.SoldAt = Sold, true, t0
		l.begin()
	}
	return l
}

// Whatever happened to a voucher: one that ended or was refunded is never wanted enabled,
// states follow each other as the table says, and what a router lets in never shrinks but
// by an extension that was taken back.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			before := *l
			was, wanted := Wanted(before.Facts, before.now)
			takes := l.step(t)
			u, want := Wanted(l.Facts, l.now)
			switch {
			case !before.State.CanBecome(l.State):
				t.Fatalf("%s became %s", before.State, l.State)
			case l.Suspended() && want != WantDisabled, l.Suspended() && MayConnect(l.Facts) == nil:
				t.Fatalf("%+v is suspended and let in", l.Facts)
			case moreThanSold(l.Facts, u):
				t.Fatalf("%+v gives more than was sold: %+v", l.Facts, u)
			case want == WantEnabled && (l.State.Ended() || l.Refunded || l.Over(l.now) || l.NeverMade() && !l.Making):
				t.Fatalf("%+v is wanted enabled", l.Facts)
			case want == WantNone && l.State.Ended():
				t.Fatalf("%+v ended and may stay enabled", l.Facts)
			case l.Ended(l.now) != "" && (want == WantEnabled || l.Alive(l.now)):
				t.Fatalf("%+v is over and alive", l.Facts)
			case before.MoneyGone && before.State.Ended() && !l.State.Ended():
				t.Fatalf("%+v lives again without its money", l.Facts)
			case before.Refunded && want == WantEnabled:
				t.Fatalf("a refund was forgotten: %+v", l.Facts)
			case wanted == WantEnabled && want == WantEnabled && !takes && smaller(order.Item{UptimeLimit: u.LimitUptime, DataLimit: u.LimitBytes}, order.Item{UptimeLimit: was.LimitUptime, DataLimit: was.LimitBytes}):
				t.Fatalf("%+v was wanted, now %+v", was, u)
			}
		}
	})
}

// A router that is told what is wanted after every step, once or several times, admits no
// voucher that ended; told again it changes nothing.
func TestApplyingTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		once, often := router{map[string]hotspot.User{}, map[string]bool{}}, router{map[string]hotspot.User{}, map[string]bool{}}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			l.step(t)
			u, want := Wanted(l.Facts, l.now)
			once.apply(u, want)
			for range rapid.IntRange(1, 3).Draw(t, "times") {
				again, wanted := Wanted(l.Facts, l.now)
				if again != u || wanted != want {
					t.Fatalf("asked twice: %s of %+v, then %s of %+v", want, u, wanted, again)
				}
				often.apply(again, wanted)
			}
			a, in := once.lets(u.Name)
			b, too := often.lets(u.Name)
			if a != b || in != too || in && (l.State.Ended() || l.Refunded || l.Suspended()) {
				t.Fatalf("let in once %t %+v, often %t %+v, of %+v", in, a, too, b, l.Facts)
			}
		}
	})
}

// Extensions add up in whatever order they were paid for.
func TestOrderOfExtensionsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := of(Active)
		for range rapid.IntRange(0, 5).Draw(t, "extensions") {
			f.Extensions = append(f.Extensions, drawItem(t))
		}
		want := f.Allowance()
		f.Extensions = rapid.Permutation(f.Extensions).Draw(t, "order")
		if got := f.Allowance(); got != want {
			t.Fatalf("%+v, in another order %+v", want, got)
		}
	})
}
