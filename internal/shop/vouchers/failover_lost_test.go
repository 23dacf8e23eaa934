package vouchers_test

import (
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
)

// off has the catalogue say that a router is not used.
func off(router string) func(c *catalog.Catalogue) {
	return func(c *catalog.Catalogue) {
		for i := range c.Routers {
			c.Routers[i].Disabled = c.Routers[i].Disabled || c.Routers[i].ID == router
		}
	}
}

// A router whose answer was lost may have got the user: in the end one router has it.
func TestFailoverAfterALostAnswer(t *testing.T) {
	eachPair(t, map[string]func(t *testing.T, k *pair){
		"F79 away for long: the stand-in serves, the router lets go when it is back": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Advance(40 * time.Second)
			k.Want(o, order.Paid)
			k.Advance(50 * time.Second)
			k.Want(o, order.Activated)
			if !k.holds(o, k.a) || !k.holds(o, k.b) {
				t.Fatal("the fault was not that both have it")
			}
			k.settled(o, k.b)
		},
		"F79 back in time, it serves": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Advance(40 * time.Second)
			k.up(k.a)
			k.Advance(15 * time.Second)
			k.settled(o, k.a)
		},
		"F79 the stand-in is away as well, and the router is back first": func(t *testing.T, k *pair) {
			o := k.lost()
			k.down(k.b)
			k.Advance(3 * time.Minute)
			k.Want(o, order.Paid)
			k.up(k.a)
			k.Advance(30 * time.Second)
			k.settled(o, k.a)
		},
		"F79 the stand-in is away as well, and is back first": func(t *testing.T, k *pair) {
			o := k.lost()
			k.down(k.b)
			k.Advance(3 * time.Minute)
			k.Want(o, order.Paid)
			k.up(k.b)
			k.Advance(30 * time.Second)
			k.Want(o, order.Activated)
			k.settled(o, k.b)
		},
		"F79 the answer of the stand-in is lost too": func(t *testing.T, k *pair) {
			o := k.lost()
			at(&k.race.next, func() { k.down(k.b) })
			k.Advance(4 * time.Minute)
			k.Want(o, order.Paid)
			if !k.holds(o, k.b) {
				t.Fatal("the fault was not that both have it")
			}
			k.up(k.a)
			k.Advance(30 * time.Second)
			k.Want(o, order.Activated)
			k.settled(o, k.a)
		},
		"it is switched off: the other one serves, and it lets go once it is on again": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Resell(func(c *catalog.Catalogue) { serving(k.a, k.b, 20*time.Second)(c); off(k.a)(c) })
			k.Advance(30 * time.Second)
			k.Want(o, order.Activated)
			k.up(k.a)
			k.Advance(time.Minute)
			k.Review()
			if !k.holds(o, k.a) || !k.holds(o, k.b) {
				t.Fatal("a router that is off was asked")
			}
			k.Resell(serving(k.a, k.b, 20*time.Second))
			k.settled(o, k.b)
		},
		"stand-in is switched on while it is away": func(t *testing.T, k *pair) {
			alone := func(c *catalog.Catalogue) { serving(k.a, k.b, 20*time.Second)(c); c.Sites[1].Failover = false }
			k.Resell(alone)
			o := k.lost()
			k.Advance(2 * time.Minute)
			k.Want(o, order.Paid)
			k.Resell(serving(k.a, k.b, 20*time.Second))
			k.Advance(30 * time.Second)
			k.Want(o, order.Activated)
			k.settled(o, k.b)
		},
		"of an order that extends what is over by then": func(t *testing.T, k *pair) {
			o := k.buy()
			more := k.Extend(o)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(k.VoucherOf(o), vouchers.KeepMoney)))
			at(&k.race.next, func() { k.down(k.a) })
			k.RunAll()
			k.Want(more, order.Paid)
			if !k.holds(more, k.a) {
				t.Fatal("the fault was not that it has the user")
			}
			k.Advance(2 * time.Minute)
			k.Want(more, order.Activated)
			if !k.holds(more, k.b) {
				t.Fatal("not with the stand-in")
			}
			k.settled(more, k.b)
		},
		"it lets the user go just when the order comes back to it": func(t *testing.T, k *pair) {
			k.comesBack(&k.race.correct)
		},
		"it has let the user in again when it is about to let it go": func(t *testing.T, k *pair) {
			k.comesBack(&k.race.remove)
		},
	})
}

// The act "move to another router" and failover agree on who has the user.
func TestFailoverAndMoving(t *testing.T) {
	eachPair(t, map[string]func(t *testing.T, k *pair){
		"a voucher whose router is away is moved: it is not alive there when that one is back": func(t *testing.T, k *pair) {
			o := k.buy()
			k.down(k.a)
			k.Must(k.moveTo(o, k.b))
			k.Advance(30 * time.Second)
			if !k.holds(o, k.b) || !k.holds(o, k.a) {
				t.Fatal("the new router does not wait for the old one")
			}
			k.settled(o, k.b)
		},
		"the stand-in serves, and staff move the voucher to the preferred one that may have it": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Advance(90 * time.Second)
			k.Want(o, order.Activated)
			k.Must(k.moveTo(o, k.a))
			k.Advance(30 * time.Second)
			k.settled(o, k.a)
		},
		"the stand-in serves, and staff move the voucher to a third": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Advance(90 * time.Second)
			k.Want(o, order.Activated)
			third := k.third()
			k.Must(k.moveTo(o, third))
			k.Advance(30 * time.Second)
			k.settled(o, third)
		},
		"moved away from the stand-in while that one is away, and back again": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Advance(90 * time.Second)
			k.Want(o, order.Activated)
			k.down(k.b)
			k.Must(k.moveTo(o, k.third()))
			k.Advance(10 * time.Second)
			k.Must(k.moveTo(o, k.b))
			k.Advance(10 * time.Second)
			k.settled(o, k.b)
		},
		"the router that had it comes up from a backup": func(t *testing.T, k *pair) {
			o := k.lost()
			k.Advance(90 * time.Second)
			k.settled(o, k.b)
			k.Must(k.AddAsCrashed(k.Order(o), k.a))
			k.settled(o, k.b)
		},
		"an extension goes to the router that has it": func(t *testing.T, k *pair) {
			k.down(k.a)
			o := k.buy()
			k.Advance(time.Minute)
			k.Want(o, order.Activated)
			more := k.Extend(o)
			k.Advance(5 * time.Second)
			if now := k.Want(more, order.Activated); now.RouterID != k.b {
				t.Fatal(now.RouterID)
			}
			k.settled(o, k.b)
		},
	})
}

func (k *pair) moveTo(o order.Order, router string) error {
	return k.Shop.Vouchers.MoveVoucher(ctx, vouchers.MoveIn{ActIn: k.ActForm(k.VoucherOf(o)), RouterID: router})
}

// third is the router of the other site.
func (k *pair) third() string {
	for id := range k.Routers {
		if id != k.a && id != k.b {
			return id
		}
	}
	k.Fatal("there is none")
	return ""
}

// comesBack has an order whose user may be on the preferred router be served by it at a moment
// when that router lets the user go.
func (k *pair) comesBack(moment *atomic.Pointer[func()]) {
	k.Helper()
	o := k.lost()
	k.down(k.b)
	k.Advance(3 * time.Minute)
	k.Want(o, order.Paid)
	held, err := k.Store.FormerOfOrder(ctx, o.ID)
	k.Must(err)
	if len(held) != 1 || held[0].RouterID != k.a || k.Order(o).RouterID != k.b {
		k.Fatalf("%+v, pinned to %s", held, k.Order(o).RouterID)
	}
	at(moment, func() {
		k.Must(k.Shop.Vouchers.Activate(ctx, jobs.Job{Kind: jobs.OrderActivate, Subject: string(o.ID)}))
	})
	k.up(k.a)
	if err := k.Shop.Vouchers.LeaveRouter(ctx, jobs.Job{Kind: jobs.VoucherLeave, Subject: held[0].ID}); err != nil && !fault.Is(err, fault.Conflict) {
		k.Fatal(err)
	}
	k.Want(o, order.Activated)
	k.RunAll()
	k.settled(o, k.a)
}
