package vouchers_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/voucher"
)

// pair is a shop with a site whose two routers, of version 6 and 7, serve one hotspot: a is
// preferred, b stands in after twenty seconds.
type pair struct {
	*shoptest.Harness
	a, b string
	race *lostAnswer
}

// lostAnswer has one router do what it is asked, once, and go away before it answers.
type lostAnswer struct {
	race
	next atomic.Pointer[func()]
}

func (l *lostAnswer) on(o *shop.Options) {
	l.race.on(o)
	o.Hotspot = l
}

func (l *lostAnswer) EnsureUser(ctx context.Context, r hotspot.Router, u hotspot.User) (hotspot.Ensured, error) {
	done, err := l.race.EnsureUser(ctx, r, u)
	if err == nil && l.next.Load() != nil {
		fire(&l.next)
		return hotspot.Ensured{}, fault.Wrap(fault.Unknown, "router.unreachable", errors.New("the answer is lost"))
	}
	return done, err
}

// serving has the site "kos" served by two routers.
func serving(a, b string, after time.Duration) func(c *catalog.Catalogue) {
	return func(c *catalog.Catalogue) {
		c.Sites[1].FailoverAfter = after
		for i := range c.Routers {
			r := &c.Routers[i]
			r.SiteID = "kopi"
			if at := slices.Index([]string{a, b}, r.ID); at >= 0 {
				r.SiteID, r.Priority = "kos", at
			}
		}
	}
}

// eachPair runs tests where version 6 stands in for 7, and 7 for 6.
func eachPair(t *testing.T, rows map[string]func(t *testing.T, k *pair)) {
	for _, of := range [][2]string{{"pojok", "melati-b"}, {"melati-a", "pojok"}} {
		for name, test := range rows {
			l := &lostAnswer{}
			shoptest.Run(t, []shoptest.Row{{Name: name + ", " + of[0] + " first", Test: func(t *testing.T, k *shoptest.Harness) {
				test(t, &pair{Harness: k, a: of[0], b: of[1], race: l})
			}}}, shoptest.Selling(serving(of[0], of[1], 20*time.Second)), shoptest.With(l.on))
		}
	}
}

func (k *pair) down(router string) { k.Routers[router].SetFaults(shoptest.RouterDown) }
func (k *pair) up(router string)   { k.Routers[router].SetFaults(shoptest.RouterUp) }

func (k *pair) buy() order.Order {
	k.Helper()
	o := k.Buy("bulanan", "qris")
	k.Pay(o)
	k.RunAll()
	return o
}

// lost sells a voucher whose router makes the user and is gone before it says so.
func (k *pair) lost() order.Order {
	k.Helper()
	at(&k.race.next, func() { k.down(k.a) })
	o := k.buy()
	k.Want(o, order.Paid)
	if !k.holds(o, k.a) {
		k.Fatal("the fault was not that it has the user")
	}
	return o
}

func (k *pair) holds(o order.Order, router string) bool {
	return slices.Contains(k.Users(router), k.Order(o).Username)
}

// checked lets time pass while routers are looked after.
func (k *pair) checked(d time.Duration) {
	k.Helper()
	for ; d > 0; d -= 15 * time.Second {
		k.Advance(15 * time.Second)
		k.Must(k.Shop.Routers.CheckRouters(ctx))
		k.RunAll()
	}
}

// settled has all routers answer and be reviewed, and fails unless one alone has the user, let
// in, and nothing is left to be told.
func (k *pair) settled(o order.Order, router string) {
	k.Helper()
	for id := range k.Routers {
		k.up(id)
	}
	k.Advance(20 * time.Second)
	for range 2 {
		k.Must(k.Shop.Routers.CheckRouters(ctx))
		k.Review()
		k.RunAll()
	}
	k.Want(o, order.Activated)
	for id := range k.Routers {
		if has := k.holds(o, id); has != (id == router) || has && k.Disabled(id, k.Order(o).Username) {
			k.Fatalf("%s has the user: %t, disabled: %t; it belongs on %s", id, has, k.Disabled(id, k.Order(o).Username), router)
		}
		if n, err := k.Store.StillHeld(ctx, id); err != nil || n != 0 {
			k.Fatalf("%s is said to hold %d (%v)", id, n, err)
		}
	}
	if v := k.VoucherOf(o); v.RouterID != router || k.Order(o).RouterID != router {
		k.Fatalf("the books say %s and %s, want %s", v.RouterID, k.Order(o).RouterID, router)
	}
	k.WantNoAlerts()
}

func TestFailover(t *testing.T) {
	eachPair(t, map[string]func(t *testing.T, k *pair){
		"F77 an outage in the middle of a sale: waited for, then the stand-in serves, and users stay there": func(t *testing.T, k *pair) {
			k.down(k.a)
			o := k.buy()
			k.Advance(10 * time.Second)
			k.Want(o, order.Paid)
			if len(k.Users(k.b)) != 0 {
				t.Fatal("the stand-in serves too soon")
			}
			k.Advance(50 * time.Second)
			k.Want(o, order.Activated)
			if !k.holds(o, k.b) || k.AuditCount(o, "order.failover") != 1 {
				t.Fatal("not served, or not told")
			}
			k.WantAlert("router_failover")
			// The next customer does not wait for the one that is away.
			next := k.buy()
			k.Advance(10 * time.Second)
			k.Want(next, order.Activated)
			if !k.holds(next, k.b) {
				t.Fatal("not with the stand-in")
			}
			k.settled(o, k.b)
			k.settled(next, k.b)
			if after := k.buy(); !k.holds(after, k.a) {
				t.Fatal("the preferred router is back and not used")
			}
		},
		"back in time: the preferred router serves": func(t *testing.T, k *pair) {
			k.down(k.a)
			o := k.buy()
			k.Advance(10 * time.Second)
			k.up(k.a)
			k.Advance(15 * time.Second)
			k.settled(o, k.a)
			if k.AuditCount(o, "order.failover") != 0 {
				t.Fatal("told of what did not happen")
			}
		},
		"the router does not let us in: a person is asked, then the stand-in serves": func(t *testing.T, k *pair) {
			k.Routers[k.a].SetFaults(routerossim.Faults{RejectLogin: true})
			o := k.buy()
			if now := k.Want(o, order.Paid, order.FlagAttention); now.Attention != order.ReasonRouterConfig {
				t.Fatal(now.Attention)
			}
			k.checked(90 * time.Second)
			k.Want(o, order.Activated)
			if !k.holds(o, k.b) {
				t.Fatal("not with the stand-in")
			}
			next := k.buy()
			k.Want(next, order.Activated)
			k.settled(o, k.b)
			k.settled(next, k.b)
		},
		"neither lets us in: the first that does serves": func(t *testing.T, k *pair) {
			for _, id := range []string{k.a, k.b} {
				k.Routers[id].SetFaults(routerossim.Faults{RejectLogin: true})
			}
			o := k.buy()
			k.checked(3 * time.Minute)
			if now := k.Want(o, order.Paid, order.FlagAttention); now.Attention != order.ReasonRouterConfig {
				t.Fatal(now.Attention)
			}
			k.up(k.b)
			k.checked(2 * time.Minute)
			k.Want(o, order.Activated)
			k.settled(o, k.b)
		},
		"a router of another hotspot is no stand-in": func(t *testing.T, k *pair) {
			k.Resell(func(c *catalog.Catalogue) {
				serving(k.a, k.b, 20*time.Second)(c)
				for i := range c.Routers {
					if c.Routers[i].ID == k.b {
						c.Routers[i].Hotspot = "gedung utama"
					}
				}
			})
			k.down(k.a)
			o := k.buy()
			k.Advance(2 * time.Minute)
			k.Want(o, order.Paid)
			site, err := k.Store.Site(ctx, "kos")
			k.Must(err)
			if away, _, err := k.Shop.Orders.RouterAway(ctx, site); err != nil || !away {
				t.Fatal("the page does not say so", err)
			}
			k.settled(o, k.a)
		},
		"what lies ready on a router that is away is not sold": func(t *testing.T, k *pair) {
			k.Resell(func(c *catalog.Catalogue) {
				serving(k.a, k.b, 20*time.Second)(c)
				for i := range c.Plans {
					c.Plans[i].Delivery = order.FromStock
				}
			})
			k.Stocked("bulanan", k.a, 1)
			k.down(k.a)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Advance(time.Minute)
			o := k.buy()
			k.Advance(10 * time.Second)
			k.Want(o, order.Activated)
			if v := k.VoucherOf(o); v.RouterID != k.b || v.BatchID != "" {
				t.Fatalf("%+v", v)
			}
		},
		"the money goes back while the stand-in serves": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Advance(90 * time.Second)
			k.Want(o, order.Activated)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(k.RequestRefund(o, k.OnShift("siti"), o.Total), k.Staff("admin"))))
			k.up(k.a)
			k.Advance(30 * time.Second)
			k.Review()
			k.RunAll()
			if k.holds(o, k.a) || k.holds(o, k.b) && !k.Disabled(k.b, k.Order(o).Username) || k.VoucherOf(o).State != voucher.Disabled {
				t.Fatal("a router lets the customer in")
			}
		},
	})
}
