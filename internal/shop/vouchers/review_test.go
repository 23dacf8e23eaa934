package vouchers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/voucher"
)

// reviewed is a shop whose routers run version 6 and 7 and hold one voucher each that has a
// limit of two hours: on "pojok" (6.49) and on "melati-a" (7.16).
type reviewed struct {
	*shoptest.Harness
	router, plan string
	order        order.Order
}

var versions = map[string]string{"pojok": "duajam", "melati-a": "duajam-kos"}

// twoHours sells a plan of two hours at both sites.
func twoHours(c *catalog.Catalogue) {
	c.Sites[1].Failover = false
	for site, id := range map[string]string{"kopi": "duajam", "kos": "duajam-kos"} {
		c.Plans = append(c.Plans, catalog.Plan{ID: id, SiteID: site, Name: "2 Jam", Price: 15000, Validity: 48 * time.Hour, UptimeLimit: 2 * time.Hour, DataLimit: 500_000_000,
			ValidFrom: order.FromPurchase, RateLimit: "2M/5M", SharedUsers: 1})
	}
}

// eachVersion runs a test for a router of each version, long after it started.
func eachVersion(t *testing.T, rows map[string]func(t *testing.T, k *reviewed)) {
	var all []shoptest.Row
	for name, test := range rows {
		for router, plan := range versions {
			all = append(all, shoptest.Row{Name: name + " on " + router, Test: func(t *testing.T, k *shoptest.Harness) {
				k.Clock.Add(time.Hour)
				x := &reviewed{Harness: k, router: router, plan: plan}
				x.order = x.sell()
				k.Review()
				k.WantNoAlerts()
				test(t, x)
			}})
		}
	}
	shoptest.Run(t, all, shoptest.Selling(twoHours))
}

func (k *reviewed) sell() order.Order {
	k.Helper()
	in := k.Form(k.plan, "qris")
	in.SiteSlug = map[string]string{"pojok": "kopi-pojok", "melati-a": "kos-melati"}[k.router]
	o, err := k.Shop.Orders.Place(ctx, in)
	k.Must(err)
	k.Pay(o)
	k.RunAll()
	return k.Want(o, order.Activated)
}

// hand is a person at the router: Winbox, or what Mikhmon sends.
func (k *reviewed) hand(words ...string) {
	k.Helper()
	k.Must(k.Routers[k.router].Command(words...))
}

func (k *reviewed) set(o order.Order, words ...string) {
	k.Helper()
	k.hand(append([]string{"/ip/hotspot/user/set", "=numbers=" + o.Username}, words...)...)
}

// mikhmonReset is what its page "reset" sends (process/resethotspotuser.php).
func (k *reviewed) mikhmonReset(o order.Order) {
	k.Helper()
	k.set(o, "=limit-uptime=0", "=comment=")
	k.hand("/ip/hotspot/user/reset-counters", "=numbers="+o.Username)
}

func (k *reviewed) stranger(name string) {
	k.Helper()
	k.Must(k.AddForeign(k.router, name))
}

func (k *reviewed) row(name string) map[string]string {
	for _, row := range k.Routers[k.router].Rows("ip/hotspot/user") {
		if row["name"] == name {
			return row
		}
	}
	return nil
}

// wantWhole fails unless the router holds the order's user as it was sold.
func (k *reviewed) wantWhole(o order.Order) {
	k.Helper()
	row := k.row(o.Username)
	if row["password"] != o.Password || !strings.Contains(row["comment"], "gerai."+string(o.Code)) || row["profile"] != "gerai-"+k.plan || row["limit-uptime"] != "2h" ||
		row["limit-bytes-total"] != "500000000" || row["disabled"] == "true" {
		k.Fatalf("the router holds %v", row)
	}
}

// wantTold fails unless one alert about the router says so.
func (k *reviewed) wantTold(detail string) {
	k.Helper()
	all, err := k.Store.OpenAlerts(ctx)
	k.Must(err)
	if len(all) != 1 || all[0].Kind != "router_users" || all[0].Subject != k.router || all[0].Detail != detail {
		k.Fatalf("told %+v, want %s", all, detail)
	}
}

// wantLeft fails unless so many differences are left to a person.
func (k *reviewed) wantLeft(n int64) {
	k.Helper()
	if have, err := k.Store.CountUserDifferences(ctx, k.router); err != nil || have != n {
		k.Fatalf("%d are left to a person, want %d %v", have, n, err)
	}
}

// Every way in which a router can hold a living voucher wrongly is put right by the next
// review and told once, and the alert ends with the review after that.
func TestReviewCorrects(t *testing.T) {
	changes := map[string][][]string{
		"disabled=1": {{"=disabled=yes"}},
		"limits=1":   {{"=limit-uptime=0s"}, {"=limit-uptime=1s"}, {"=limit-uptime=10h"}, {"=limit-bytes-total=0"}, {"=limit-bytes-in=5"}, {"=limit-uptime=1s", "=limit-bytes-total=1", "=limit-bytes-out=1"}},
		"profile=1":  {{"=profile=default"}},
		"password=1": {{"=password=x"}, {"=password="}},
		"disabled=1 limits=1 profile=1 password=1": {{"=disabled=yes", "=limit-uptime=1s", "=profile=default", "=password=x"}},
		"limits=1 comment=1":                       {{"=limit-uptime=0", "=comment="}},
		"comment=1":                                {{"=comment="}, {"=comment=nov/24/2026 10:11:12"}},
		"profile=1 comment=1":                      {{"=comment=2026-11-24 10:11:12", "=profile=default"}},
	}
	rows := map[string]func(t *testing.T, k *reviewed){"a hand at the router": func(t *testing.T, k *reviewed) {
		k.sell() // version 6 leaves out empty passwords and hidden ones: another one shows which it is
		done := 0
		for told, of := range changes {
			for _, words := range of {
				k.Clock.Add(11 * time.Minute) // as often as it is corrected without a person
				k.Review()
				k.set(k.order, words...)
				k.Review()
				k.wantWhole(k.order)
				k.wantTold(told)
				k.wantLeft(0)
				k.Review()
				k.WantNoAlerts()
				if done++; k.AuditCount(k.order, "voucher.correct") != done {
					t.Fatalf("%v: %d corrections in the audit trail, want %d", words, k.AuditCount(k.order, "voucher.correct"), done)
				}
			}
		}
	}}
	// Mikhmon's acts: facts of its own code.
	rows["Mikhmon's reset of a voucher that is in use"] = func(t *testing.T, k *reviewed) {
		k.Login(k.router, k.order)
		k.Clock.Add(10 * time.Minute)
		k.mikhmonReset(k.order)
		k.Review()
		k.wantWhole(k.order)
		k.wantTold("limits=1 comment=1")
	}
	rows["Mikhmon's disable"] = func(t *testing.T, k *reviewed) {
		k.hand("/ip/hotspot/user/set", "=.id="+k.row(k.order.Username)[".id"], "=disabled=yes")
		k.Review()
		k.wantWhole(k.order)
		k.wantTold("disabled=1")
	}
	rows["a switch of profiles on Mikhmon's page, and the login that follows"] = func(t *testing.T, k *reviewed) {
		k.hand("/ip/hotspot/user/profile/add", "=name=1hari")
		k.set(k.order, "=server=all", "=name="+k.order.Username, "=password="+k.order.Password, "=profile=1hari", "=disabled=no", "=limit-uptime=2h", "=limit-bytes-total=500000000",
			"=comment="+k.row(k.order.Username)["comment"])
		k.Review()
		k.wantWhole(k.order)
		k.wantTold("profile=1")
		k.set(k.order, "=profile=1hari", "=comment=nov/24/2026 11:00:00") // its login script
		k.Review()
		k.wantWhole(k.order)
		k.wantTold("profile=1 comment=1")
	}
	rows["the profile is gone"] = func(t *testing.T, k *reviewed) {
		k.hand("/ip/hotspot/user/profile/remove", "=numbers=gerai-"+k.plan)
		k.Review()
		k.wantWhole(k.order)
		k.wantTold("profile=1")
	}
	rows["counters, a device and a note are left as they are"] = func(t *testing.T, k *reviewed) {
		k.Login(k.router, k.order)
		k.set(k.order, "=mac-address=AA:BB:CC:00:00:09", "=email=a@b.c", "=comment=lunas "+k.row(k.order.Username)["comment"])
		k.Review()
		k.WantNoAlerts()
		before := k.row(k.order.Username)
		k.set(k.order, "=disabled=yes")
		k.Review()
		after := k.row(k.order.Username)
		for _, field := range []string{"mac-address", "email", "comment"} {
			if before[field] != after[field] {
				t.Errorf("%s was %q, is %q", field, before[field], after[field])
			}
		}
	}
	eachVersion(t, rows)
}

// What ended is kept out, whatever a hand, an old backup or a Mikhmon makes of it.
func TestReviewKeepsOut(t *testing.T) {
	online := func(k *reviewed, o order.Order) bool {
		return slices.ContainsFunc(k.Routers[k.router].Rows("ip/hotspot/active"), func(a map[string]string) bool { return a["user"] == o.Username })
	}
	rows := map[string]func(t *testing.T, k *reviewed){}
	for how, end := range map[string]func(k *reviewed){
		"expired": func(k *reviewed) { k.Advance(49 * time.Hour) },
		"disabled": func(k *reviewed) {
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(k.VoucherOf(k.order), vouchers.KeepMoney)))
			k.RunAll()
		},
		"refunded": func(k *reviewed) {
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(k.RequestRefund(k.order, k.OnShift("siti"), k.order.Total), k.Staff("admin"))))
			k.RunAll()
		},
	} {
		for what, change := range map[string]func(k *reviewed){
			"enabled by hand": func(k *reviewed) { k.set(k.order, "=disabled=no") },
			"enabled and reset by Mikhmon": func(k *reviewed) {
				k.mikhmonReset(k.order)
				k.set(k.order, "=disabled=no")
			},
		} {
			rows[how+", then "+what] = func(t *testing.T, k *reviewed) {
				end(k)
				k.Review()
				change(k)
				k.Login(k.router, k.order)
				if !online(k, k.order) {
					t.Fatal("the test's phone is not online")
				}
				k.Review()
				if online(k, k.order) || !k.Disabled(k.router, k.order.Username) {
					t.Fatal("still let in")
				}
				k.Review()
				for _, a := range k.Alerts() {
					if a == "router_users" {
						t.Error("told for ever")
					}
				}
			}
		}
	}
	rows["enabled again and again"] = func(t *testing.T, k *reviewed) {
		k.Advance(49 * time.Hour)
		for range 6 {
			k.set(k.order, "=disabled=no")
			k.Review()
			if !k.Disabled(k.router, k.order.Username) {
				t.Fatal("given up")
			}
			k.wantTold("enabled=1")
		}
	}
	eachVersion(t, rows)
}

// A user that is gone is put back after a restart, and else waits for a person, who puts
// back one or all.
func TestReviewOfMissing(t *testing.T) {
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"removed by hand: one act for one": func(t *testing.T, k *reviewed) {
			k.hand("/ip/hotspot/user/remove", "=numbers="+k.order.Username)
			k.Review()
			k.wantTold("missing=1")
			k.wantLeft(1)
			if k.row(k.order.Username) != nil {
				t.Fatal("restored without being asked")
			}
			d, found, err := k.Store.UserDifference(ctx, k.VoucherOf(k.order).ID)
			if err != nil || !found || d.Kinds != "missing" || d.Why != "removed" {
				t.Fatalf("%+v %v", d, err)
			}
			k.Review() // told once
			k.wantTold("missing=1")
			k.Must(k.PutBack(k.order))
			k.wantWhole(k.order)
			k.WantNoAlerts()
			k.wantLeft(0)
			k.Review()
			k.WantNoAlerts()
		},
		"the router lost everything: one act for all": func(t *testing.T, k *reviewed) {
			all := []order.Order{k.order}
			for range 4 {
				all = append(all, k.sell())
			}
			b := k.Stocked(k.plan, k.router, 3)
			k.Review()
			k.stranger("tetangga")
			k.hand("/ip/hotspot/user/remove", "=numbers="+all[0].Username+","+all[1].Username+","+all[2].Username+","+all[3].Username+","+all[4].Username+","+
				k.StockVoucher(b, 1).Username+","+k.StockVoucher(b, 2).Username+","+k.StockVoucher(b, 3).Username)
			k.Review()
			k.wantTold("missing=8")
			k.wantLeft(8)
			in := vouchers.RestoreIn{ID: k.router, Typed: k.router, Reason: "router direset", Actor: actor.Named("staff:siti")}
			wrong := in
			wrong.Typed = "lain"
			k.WantCode(k.Shop.Vouchers.RestoreUsers(ctx, wrong), "confirm.typed")
			wrong = in
			wrong.Reason = ""
			k.WantCode(k.Shop.Vouchers.RestoreUsers(ctx, wrong), "confirm.reason")
			wrong = in
			wrong.Sites = []string{"elsewhere"}
			k.WantCode(k.Shop.Vouchers.RestoreUsers(ctx, wrong), "router.not_found")
			k.Must(k.Shop.Vouchers.RestoreUsers(ctx, in))
			k.RunAll()
			for _, o := range all {
				k.wantWhole(o)
			}
			k.CheckBatch(b, voucher.BatchDone)
			k.Review()
			k.WantNoAlerts()
			k.wantLeft(0)
			if k.row("tetangga")["password"] != "x" {
				t.Error("a stranger's user was changed")
			}
			if trail := k.Audits("router:" + k.router); !slices.ContainsFunc(trail, func(s string) bool {
				return strings.Contains(s, "router.users_restore") && strings.Contains(s, "router direset")
			}) {
				t.Errorf("the act is not in the audit trail: %v", trail)
			}
		},
		"the router restarted while the shop was away": func(t *testing.T, k *reviewed) {
			other := k.sell()
			k.Review()
			k.hand("/ip/hotspot/user/remove", "=numbers="+k.order.Username+","+other.Username)
			k.Routers[k.router].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.Clock.Add(40 * time.Minute) // long after what counts as a recent start
			k.CheckRoutersUntilUp()
			k.wantWhole(k.order)
			k.wantWhole(other)
			k.wantTold("missing=2")
			if n := k.AuditCount(k.order, "voucher.restore"); n != 1 {
				t.Errorf("%d restorations in the audit trail", n)
			}
			k.Review()
			k.WantNoAlerts()
		},
		"put back by a hand: the question is closed": func(t *testing.T, k *reviewed) {
			k.hand("/ip/hotspot/user/remove", "=numbers="+k.order.Username)
			k.Review()
			k.wantLeft(1)
			k.hand("/ip/hotspot/user/add", "=name="+k.order.Username, "=password="+k.order.Password, "=profile=gerai-"+k.plan) // no limits, no mark
			k.Review()
			k.wantWhole(k.order)
			k.Review()
			k.WantNoAlerts()
			k.wantLeft(0)
		},
		"the voucher ends while it waits for a person": func(t *testing.T, k *reviewed) {
			k.hand("/ip/hotspot/user/remove", "=numbers="+k.order.Username)
			k.Review()
			k.Advance(49 * time.Hour)
			k.Review()
			k.WantNoAlerts()
			k.wantLeft(0)
			k.WantCode(k.PutBack(k.order), "voucher.ended")
		},
	})
}

// A foreign user is never touched, and a person decides what it is.
func TestReviewOfStrangers(t *testing.T) {
	stranger := func(k *reviewed) map[string]string {
		k.hand("/ip/hotspot/user/set", "=numbers="+k.order.Username, "=password=lain", "=profile=default", "=comment=vc-123-11.24.26-", "=limit-uptime=5h")
		return k.row(k.order.Username)
	}
	same := func(t *testing.T, k *reviewed, before map[string]string) {
		t.Helper()
		for field, v := range before {
			if now := k.row(k.order.Username)[field]; now != v {
				t.Fatalf("%s was %q, is %q", field, v, now)
			}
		}
	}
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"the name of a living voucher": func(t *testing.T, k *reviewed) {
			before := stranger(k)
			k.Review()
			k.wantTold("taken=1")
			k.wantLeft(1)
			k.Must(k.Shop.Vouchers.RestoreUsers(ctx, vouchers.RestoreIn{ID: k.router, Typed: k.router, Reason: "semua", Actor: actor.Named("staff:siti")}))
			k.RunAll()
			same(t, k, before)
			k.Must(k.PutBack(k.order)) // of this one, by name
			k.wantWhole(k.order)
			k.WantNoAlerts()
		},
		"the name of one that ended": func(t *testing.T, k *reviewed) {
			k.Advance(49 * time.Hour)
			before := stranger(k)
			k.set(k.order, "=disabled=no")
			before["disabled"] = "false"
			k.Review()
			k.WantNoAlerts()
			same(t, k, before)
		},
		"a mark of ours on a user in another code page": func(t *testing.T, k *reviewed) {
			k.hand("/ip/hotspot/user/add", "=name=Kam\xE9ra", "=password=lain", "=comment=up-1-11.24.26-gerai.ZZZZZZZZ")
			k.set(k.order, "=disabled=yes")
			k.Review()
			k.wantWhole(k.order) // it stops no correction
			k.WantAlert("orphan_users")
			if k.row("Kam\xE9ra")["disabled"] == "true" {
				t.Error("it was touched")
			}
		},
		"foreign users": func(t *testing.T, k *reviewed) {
			for i := range 3 {
				k.stranger(fmt.Sprintf("tetangga%d", i))
			}
			k.hand("/ip/hotspot/user/set", "=numbers=tetangga1", "=disabled=yes")
			k.Review()
			k.hand("/ip/hotspot/user/set", "=numbers=tetangga1", "=disabled=no", "=limit-uptime=3h")
			k.Review()
			k.WantNoAlerts()
			if k.row("tetangga1")["limit-uptime"] != "3h" || k.row("tetangga1")["disabled"] == "true" {
				t.Error(k.row("tetangga1"))
			}
		},
	})
}

// A change that comes back again and again is taken for a wish: it is left to a person.
func TestReviewGivesWay(t *testing.T) {
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){"a monitor that marks the user": func(t *testing.T, k *reviewed) {
		mark := func() { k.set(k.order, "=limit-uptime=1s") }
		for range 3 {
			mark()
			k.Review()
			k.wantWhole(k.order)
		}
		mark()
		for range 3 {
			k.Review()
			k.wantTold("limits=1")
			k.wantLeft(1)
			if k.row(k.order.Username)["limit-uptime"] != "1s" {
				t.Fatal("corrected for ever")
			}
		}
		k.Must(k.PutBack(k.order))
		k.wantWhole(k.order)
		k.wantLeft(0)
		mark()
		k.Review()
		k.wantWhole(k.order)
		for range 3 {
			mark()
			k.Review()
		}
		k.wantLeft(1)
		k.Clock.Add(11 * time.Minute) // then it is tried again
		k.Review()
		k.wantWhole(k.order)
		k.Review()
		k.WantNoAlerts()
	}})
}

// What the shop itself is about to change is no difference.
func TestReviewLeavesOurJobsAlone(t *testing.T) {
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"switched off while the router was away": func(t *testing.T, k *reviewed) {
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(k.VoucherOf(k.order), vouchers.KeepMoney)))
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Review()
			k.WantNoAlerts()
			if k.Disabled(k.router, k.order.Username) {
				t.Fatal("the review was faster than the job")
			}
			k.Clock.Add(2 * time.Minute) // no device is online for longer
			k.Review()
			k.WantNoAlerts()
			if !k.Disabled(k.router, k.order.Username) {
				t.Fatal("still let in")
			}
			k.RunAll()
			k.WantVoucher(k.VoucherOf(k.order), voucher.Disabled, false)
		},
		"expired while the router was away": func(t *testing.T, k *reviewed) {
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Advance(49 * time.Hour)
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Review()
			if !k.Disabled(k.router, k.order.Username) {
				t.Fatal("still let in")
			}
			k.RunAll()
			k.CheckRoutersUntilUp()
			k.Review()
			k.WantNoAlerts()
		},
		"enabled again": func(t *testing.T, k *reviewed) {
			in := k.SwitchForm(k.VoucherOf(k.order), vouchers.KeepMoney)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			k.Review()
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.Review()
			k.WantNoAlerts()
			k.RunAll()
			k.Review()
			k.wantWhole(k.order)
			k.WantNoAlerts()
		},
		"extended": func(t *testing.T, k *reviewed) {
			more := k.Extend(k.order)
			if _, err := k.Shop.Orders.Reconcile(ctx, more.ID, k.GatewayID(more)); err != nil {
				t.Fatal(err)
			}
			k.Review()
			k.WantNoAlerts()
			k.RunAll()
			k.Review()
			k.WantNoAlerts()
			if up, _ := k.RouterLimits(k.router, k.VoucherOf(k.order)); up != 4*time.Hour {
				t.Errorf("limit %s", up)
			}
			k.set(k.order, "=limit-uptime=2h", "=limit-bytes-total=500000000") // an old backup
			k.Review()
			k.wantTold("limits=1")
			if up, _ := k.RouterLimits(k.router, k.VoucherOf(k.order)); up != 4*time.Hour {
				t.Errorf("limit %s", up)
			}
		},
		"a refund that ends it is under way": func(t *testing.T, k *reviewed) {
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(k.RequestRefund(k.order, k.OnShift("siti"), k.order.Total), k.Staff("admin"))))
			k.Review()
			if slices.Contains(k.Alerts(), "router_users") {
				t.Error("told")
			}
			k.RunAll()
			k.Review()
			if !k.Disabled(k.router, k.order.Username) || slices.Contains(k.Alerts(), "router_users") {
				t.Error("not ended, or told")
			}
		},
		"a batch that is made, then ended": func(t *testing.T, k *reviewed) {
			b := k.NewBatch(k.plan, k.router, 3)
			k.Review()
			k.WantNoAlerts()
			k.RunAll()
			k.Review()
			k.WantNoAlerts()
			if _, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:siti"), stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "uji"}); err != nil {
				t.Fatal(err)
			}
			k.Review()
			k.WantNoAlerts()
			k.RunAll()
			k.Review()
			k.WantNoAlerts()
		},
	})
}

// What cannot be corrected says why, and does not keep the others waiting.
func TestReviewOfTroubledRouters(t *testing.T) {
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"it refuses": func(t *testing.T, k *reviewed) {
			other := k.sell()
			k.Review()
			k.set(k.order, "=disabled=yes")
			k.set(other, "=profile=default")
			k.hand("/ip/hotspot/user/profile/remove", "=numbers=gerai-"+k.plan)
			k.Routers[k.router].SetFaults(routerossim.Faults{Busy: "failure: not allowed", Only: "/ip/hotspot/user/set"})
			k.Review()
			k.wantLeft(2)
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Review()
			k.wantWhole(k.order)
			k.wantWhole(other)
			k.wantLeft(0)
		},
		"an answer is lost": func(t *testing.T, k *reviewed) {
			k.set(k.order, "=disabled=yes")
			k.Routers[k.router].SetFaults(routerossim.Faults{DropAfter: true, Only: "/ip/hotspot/user/set", Count: 1})
			k.Review()
			k.wantTold("disabled=1")
			k.wantLeft(0)
			k.Review()
			k.wantWhole(k.order)
			if sets := k.Routers[k.router].CommandLog().Counters["/ip/hotspot/user/set"]; sets > 1 {
				t.Logf("%d sets", sets)
			}
			k.Review()
			k.WantNoAlerts()
		},
		"it goes away in the middle of a restoration": func(t *testing.T, k *reviewed) {
			k.hand("/ip/hotspot/user/remove", "=numbers="+k.order.Username)
			k.Routers[k.router].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.Clock.Add(20 * time.Minute)
			for range 200 {
				if _, err := k.Hotspot.Ping(ctx, k.Router(k.router)); err == nil {
					break
				}
			}
			k.Routers[k.router].SetFaults(routerossim.Faults{DropBefore: true, Only: "/ip/hotspot/user/add"})
			k.Review()
			k.wantTold("missing=1")
			k.wantLeft(0)
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Clock.Add(20 * time.Minute)
			k.Review() // it is still from the restart
			k.wantWhole(k.order)
		},
		"it is away": func(t *testing.T, k *reviewed) {
			k.set(k.order, "=disabled=yes")
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Clock.Add(time.Minute)
			k.Must(k.Shop.Vouchers.ReviewUsers(ctx)) // the check of routers tells
			k.WantNoAlerts()
			k.Routers[k.router].SetFaults(routerossim.Faults{})
			k.Review()
			k.wantWhole(k.order)
		},
	})
}

// The account of the router kit cannot read passwords: nothing is taken for a difference,
// and what a person has put back has the right password.
func TestReviewWithoutPasswords(t *testing.T) {
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){"the kit's rights": func(t *testing.T, k *reviewed) {
		k.hand("/user/group/add", "=name=kit", "=policy=api,read,write,test")
		k.hand("/user/set", "=numbers=gerai", "=group=kit")
		k.Hotspot.Forget(k.router)
		k.Review()
		k.WantNoAlerts()
		k.set(k.order, "=password=x")
		k.Review()
		k.WantNoAlerts()
		k.Must(k.PutBack(k.order))
		k.wantWhole(k.order)
		k.mikhmonReset(k.order)
		k.Review()
		k.wantWhole(k.order)
		k.wantTold("limits=1 comment=1")
		k.hand("/ip/hotspot/user/profile/add", "=name=1hari")
		k.set(k.order, "=profile=1hari", "=comment=") // nothing is left that says whose it is
		k.Review()
		k.wantTold("taken=1")
		k.Must(k.PutBack(k.order))
		k.wantWhole(k.order)
	}})
}
