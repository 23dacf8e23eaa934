package vouchers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/voucher"
)

// wholeDays sells a day without a limit on online time: from the purchase and from the first
// login, at both sites.
func wholeDays(c *catalog.Catalogue) {
	c.Sites[1].Failover = false
	for site, end := range map[string]string{"kopi": "", "kos": "-kos"} {
		for id, from := range map[string]order.ValidFrom{"beli": order.FromPurchase, "login": order.FromFirstLogin} {
			c.Plans = append(c.Plans, catalog.Plan{ID: id + end, SiteID: site, Name: id, Price: 9000, Validity: 24 * time.Hour, ValidFrom: from, RateLimit: "2M/5M", SharedUsers: 1})
		}
	}
}

// onRouters runs a test for a router of version 6 and one of version 7.
func onRouters(t *testing.T, rows map[string]func(t *testing.T, k *reviewed)) {
	var all []shoptest.Row
	for name, test := range rows {
		for router, end := range map[string]string{"pojok": "", "melati-a": "-kos"} {
			all = append(all, shoptest.Row{Name: name + " on " + router, Test: func(t *testing.T, k *shoptest.Harness) {
				x := &reviewed{Harness: k, router: router, plan: "beli" + end}
				x.order = x.sell()
				k.Review()
				k.WantNoAlerts()
				test(t, x)
			}})
		}
	}
	shoptest.Run(t, all, shoptest.Selling(wholeDays))
}

func (k *reviewed) scheduler() map[string]string {
	for _, row := range k.Routers[k.router].Rows("system/scheduler") {
		if row["name"] == hotspot.EndsScheduler {
			return row
		}
	}
	return nil
}

// alone lets time pass in which the shop does nothing, and returns how long the customer was
// online past an end, zero where it has none.
func (k *reviewed) alone(d time.Duration, end time.Time) (past time.Duration) {
	k.Helper()
	var step time.Duration
	for ; d > 0; d -= step {
		step = 15 * time.Second
		if d > time.Hour && (end.IsZero() || k.Clock.Now().Sub(end).Abs() > 20*time.Minute) {
			step = 10 * time.Minute
		}
		k.Clock.Add(step)
		if online := k.OnlineAs(k.router, customerPhone) != ""; online && !end.IsZero() { // asking lets the router run what is due
			past = max(past, k.Clock.Now().Sub(end))
		}
	}
	return past
}

func (k *reviewed) until() time.Time {
	k.Helper()
	return k.VoucherOf(k.order).ValidUntil
}

// While the shop is down, customers are online past an end for five minutes at most.
func TestValidityHoldsWhileTheShopIsAway(t *testing.T) {
	const most = 5 * time.Minute
	onRouters(t, map[string]func(t *testing.T, k *reviewed){
		"stopped before the end": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			end := k.until()
			k.alone(end.Sub(k.Clock.Now())-time.Minute, end)
			if k.OnlineAs(k.router, customerPhone) == "" {
				t.Fatal("ended early")
			}
			if past := k.alone(30*time.Minute, end); past > most || k.OnlineAs(k.router, customerPhone) != "" || !k.Disabled(k.router, k.order.Username) {
				t.Fatalf("online %s past the end", past)
			}
			k.Advance(20 * time.Second) // the shop is back
			k.Review()
			k.WantVoucher(k.VoucherOf(k.order), voucher.Expired, false)
			k.WantNoAlerts()
		},
		"the shop runs": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			k.Clock.Add(k.until().Sub(k.Clock.Now()) - 10*time.Second)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Must(k.Shop.Vouchers.VerifyClock(ctx))
			k.Advance(70 * time.Second)
			if k.OnlineAs(k.router, customerPhone) != "" {
				t.Fatal("online a minute past the end")
			}
		},
		"the router restarts meanwhile": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			end := k.until()
			k.alone(end.Sub(k.Clock.Now())-time.Hour, end)
			k.Routers[k.router].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.alone(30*time.Minute, end)
			k.Join(k.router, customerPhone, "10.5.50.99")
			if past := k.alone(time.Hour, end); past > most || k.OnlineAs(k.router, customerPhone) != "" || !k.Disabled(k.router, k.order.Username) {
				t.Fatalf("online %s past the end", past)
			}
		},
		"the router is set back to an old backup": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			backup := k.row(k.order.Username)
			end := k.until()
			k.Advance(end.Sub(k.Clock.Now()) + time.Minute)
			k.WantVoucher(k.VoucherOf(k.order), voucher.Expired, false)
			k.set(k.order, "=disabled=no", "=comment="+backup["comment"])
			k.alone(most, end)
			if !k.Disabled(k.router, k.order.Username) {
				t.Fatal("what ended lets somebody in")
			}
		},
		"made longer while the router is away": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			before := k.until()
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			more := k.Extend(k.order)
			k.RunAll()
			k.alone(before.Sub(k.Clock.Now())+10*time.Minute, before)
			if !k.Disabled(k.router, k.order.Username) {
				t.Fatal("the router was not told: it keeps the end that it knows")
			}
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Advance(30 * time.Second)
			k.Review()
			k.Want(more, order.Activated)
		},
		"made longer": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			before := k.until()
			k.Extend(k.order)
			k.RunAll()
			_, b := hotspot.SplitBound(k.row(k.order.Username)["comment"])
			if end := k.until(); end.Sub(before) != 24*time.Hour || b.EndsAt != end.Unix() {
				t.Fatalf("the router keeps %d, the books %s", b.EndsAt, end)
			}
			k.alone(before.Sub(k.Clock.Now())+time.Hour, before)
			if k.OnlineAs(k.router, customerPhone) == "" {
				t.Fatal("ended at the old end")
			}
			if past := k.alone(23*time.Hour+10*time.Minute, k.until()); past > most || k.OnlineAs(k.router, customerPhone) != "" {
				t.Fatalf("online %s past the end", past)
			}
		},
		"first login while the shop is away": func(t *testing.T, k *reviewed) {
			k.plan = "login" + strings.TrimPrefix(k.plan, "beli")
			o := k.sell()
			k.order = o
			k.alone(2*time.Hour, time.Time{})
			k.Login(k.router, o)
			began := k.Clock.Now()
			k.alone(3*time.Hour, time.Time{})
			k.Routers[k.router].Leave(customerPhone)
			k.alone(5*time.Hour, time.Time{})
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Review()
			v := k.WantVoucher(k.VoucherOf(o), voucher.Active, false)
			if late := v.FirstLoginAt.Sub(began); late < -time.Second || late > time.Minute || v.ValidUntil.Sub(v.FirstLoginAt) != 24*time.Hour {
				t.Fatalf("%s late, until %s", late, v.ValidUntil)
			}
			k.Review()
			k.WantNoAlerts()
			k.Login(k.router, o)
			if past := k.alone(30*time.Hour, v.ValidUntil); past > most || k.OnlineAs(k.router, customerPhone) != "" {
				t.Fatalf("online %s past the end", past)
			}
		},
		"first login while the shop is away, on a router that then lists no users": func(t *testing.T, k *reviewed) {
			k.plan = "login" + strings.TrimPrefix(k.plan, "beli")
			o := k.sell()
			k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
			k.Login(k.router, o)
			began := k.Clock.Now()
			k.alone(time.Hour, time.Time{})
			k.Routers[k.router].Leave(customerPhone)
			k.alone(3*time.Hour, time.Time{})
			k.Login(k.router, o)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Routers[k.router].SetFaults(routerossim.Faults{Busy: "failure: busy", Only: "/ip/hotspot/user/print"})
			k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Clock.Add(15 * time.Second)
			k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
			if v := k.WantVoucher(k.VoucherOf(o), voucher.Active, false); v.FirstLoginAt.Sub(began).Abs() > time.Minute {
				t.Fatalf("counts from %s, logged in first at %s", v.FirstLoginAt, began)
			}
		},
		"first login and end while the shop is away": func(t *testing.T, k *reviewed) {
			k.plan = "login" + strings.TrimPrefix(k.plan, "beli")
			o := k.sell()
			k.order = o
			k.alone(2*time.Hour, time.Time{})
			k.Login(k.router, o)
			end := k.Clock.Now().Add(24 * time.Hour)
			if past := k.alone(30*time.Hour, end); past > most || k.OnlineAs(k.router, customerPhone) != "" {
				t.Fatalf("online %s past the end", past)
			}
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Must(k.Shop.Vouchers.VerifyClock(ctx))
			k.Review()
			k.Advance(20 * time.Second)
			k.WantVoucher(k.VoucherOf(o), voucher.Expired, false)
		},
	})
}

// The router's own clock may be wrong: while the shop runs it cuts no customer off, and those
// whom it did are let in again.
func TestARoutersClockEndsNobody(t *testing.T) {
	onRouters(t, map[string]func(t *testing.T, k *reviewed){
		"ahead": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			k.Routers[k.router].SetFaults(routerossim.Faults{WrongClockSeconds: 25 * 3600})
			k.alone(2*time.Minute, time.Time{})
			if k.OnlineAs(k.router, customerPhone) != "" {
				t.Fatal("the router has no other clock")
			}
			for range 4 {
				k.Review()
			}
			if k.Disabled(k.router, k.order.Username) || k.scheduler()["disabled"] != "true" {
				t.Fatalf("cut off by a wrong clock: %v", k.scheduler())
			}
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Review()
			k.Review()
			if k.Disabled(k.router, k.order.Username) || k.scheduler()["disabled"] == "true" {
				t.Fatal("not held again")
			}
		},
		"never set": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			k.Routers[k.router].SetFaults(routerossim.Faults{WrongClockSeconds: -50 * 365 * 24 * 3600})
			k.alone(2*time.Minute, time.Time{})
			k.Review()
			if k.OnlineAs(k.router, customerPhone) == "" {
				t.Fatal("cut off")
			}
		},
	})
}

// What the router keeps is compared and put right like everything else on it.
func TestReviewHoldsEnds(t *testing.T) {
	onRouters(t, map[string]func(t *testing.T, k *reviewed){
		"a scheduler that was removed": func(t *testing.T, k *reviewed) {
			k.Review()
			k.hand("/system/scheduler/remove", "=numbers="+hotspot.EndsScheduler)
			k.Review()
			k.wantTold("scheduler=1")
			if k.scheduler() == nil {
				t.Fatal("still gone")
			}
			k.Review()
			k.WantNoAlerts()
		},
		"a scheduler that was altered": func(t *testing.T, k *reviewed) {
			for _, x := range []string{"=on-event=:log info x", "=interval=1d", "=disabled=yes", "=start-time=startup"} {
				k.Review()
				k.hand("/system/scheduler/set", "=numbers="+hotspot.EndsScheduler, x)
				k.Review()
				k.wantTold("scheduler=1")
				k.Review()
				k.WantNoAlerts()
			}
		},
		"an end that was taken away, or put off": func(t *testing.T, k *reviewed) {
			whole := k.row(k.order.Username)["comment"]
			base, b := hotspot.SplitBound(whole)
			for _, x := range []string{base, hotspot.Bound{EndsAt: b.EndsAt + 3600}.Comment(base, "gerai."+string(k.order.Code))} {
				k.Review()
				k.set(k.order, "=comment="+x)
				k.Review()
				k.wantTold("bound=1")
				if have := k.row(k.order.Username); have["comment"] != whole || have["limit-uptime"] != "1d" {
					t.Fatalf("%v", have)
				}
				k.Review()
				k.WantNoAlerts()
			}
		},
		"an account without the right": func(t *testing.T, k *reviewed) {
			k.hand("/system/scheduler/remove", "=numbers="+hotspot.EndsScheduler)
			k.Routers[k.router].SetFaults(routerossim.Faults{Busy: "not enough permissions (9)", Only: "/system/scheduler/add"})
			k.Review()
			k.wantTold("scheduler=1")
			k.Review()
			k.wantTold("scheduler=1")
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Review()
			k.Review()
			k.WantNoAlerts()
		},
		"schedulers of Mikhmon's": func(t *testing.T, k *reviewed) {
			k.hand("/system/scheduler/add", "=name=1hari", "=comment=Monitor Profile 1hari", "=interval=2m13s", "=start-time=01:10:00", "=on-event=:local dateint do={:return 1}")
			find := func() map[string]string {
				rows := k.Routers[k.router].Rows("system/scheduler")
				return rows[slices.IndexFunc(rows, func(row map[string]string) bool { return row["name"] == "1hari" })]
			}
			before := find()
			k.hand("/system/scheduler/remove", "=numbers="+hotspot.EndsScheduler)
			k.Review()
			for _, field := range []string{"comment", "interval", "start-time", "start-date", "on-event", "disabled"} {
				if find()[field] != before[field] {
					t.Errorf("%s: %q, was %q", field, find()[field], before[field])
				}
			}
		},
	})
}

// Users of an older version get their ends, and the router its scheduler, without a word.
func TestRoutersOfAnOlderVersion(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "told nothing of ends", Test: func(t *testing.T, h *shoptest.Harness) {
		k := &reviewed{Harness: h, router: "pojok", plan: "beli"}
		k.order = k.sell()
		base, _ := hotspot.SplitBound(k.row(k.order.Username)["comment"])
		k.set(k.order, "=comment="+base, "=limit-uptime=0")
		k.Review()
		k.WantNoAlerts()
		if _, b := hotspot.SplitBound(k.row(k.order.Username)["comment"]); b.EndsAt != k.until().Unix() || k.scheduler()["disabled"] == "true" || k.row(k.order.Username)["limit-uptime"] == "0s" {
			t.Fatalf("%v %v", b, k.scheduler())
		}
	}}}, shoptest.Selling(wholeDays))
}
