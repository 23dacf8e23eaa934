package vouchers_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// race lets something happen at a chosen moment of a use case: just before a
// user or a pass is made on a router, users are corrected or removed or a user is switched off, right after a router
// listed its users, or at the first look at the clock after it listed its sessions.
type race struct {
	hotspot.Driver
	clock.Clock
	ensure, correct, remove, list, pass, disable, sessions, now atomic.Pointer[func()]
	passes                                                      atomic.Int64 // how often a router was asked for one
}

func (r *race) on(o *shop.Options) {
	r.Driver, r.Clock = o.Hotspot, o.Clock
	o.Hotspot, o.Clock = r, r
}

func at(p *atomic.Pointer[func()], fn func()) { p.Store(&fn) }

func fire(p *atomic.Pointer[func()]) {
	if fn := p.Swap(nil); fn != nil {
		(*fn)()
	}
}

func (r *race) EnsureUser(ctx context.Context, x hotspot.Router, u hotspot.User) (hotspot.Ensured, error) {
	fire(&r.ensure)
	return r.Driver.EnsureUser(ctx, x, u)
}

func (r *race) CorrectUsers(ctx context.Context, x hotspot.Router, all []hotspot.Correction) []hotspot.Corrected {
	if len(all) > 0 {
		fire(&r.correct)
	}
	return r.Driver.CorrectUsers(ctx, x, all)
}

func (r *race) RemoveUsers(ctx context.Context, x hotspot.Router, all []hotspot.User) []error {
	if len(all) > 0 {
		fire(&r.remove)
	}
	return r.Driver.RemoveUsers(ctx, x, all)
}

func (r *race) ListUsers(ctx context.Context, x hotspot.Router, wanted func(hotspot.Brief) bool) (hotspot.Roll, error) {
	roll, err := r.Driver.ListUsers(ctx, x, wanted)
	if x.ID == "pojok" {
		fire(&r.list)
	}
	return roll, err
}

func (r *race) GrantPass(ctx context.Context, x hotspot.Router, p hotspot.Pass) error {
	r.passes.Add(1)
	fire(&r.pass)
	return r.Driver.GrantPass(ctx, x, p)
}

func (r *race) DisableUser(ctx context.Context, x hotspot.Router, name string) error {
	fire(&r.disable)
	return r.Driver.DisableUser(ctx, x, name)
}

func (r *race) Online(ctx context.Context, x hotspot.Router, wanted func([]byte) bool) ([]string, error) {
	all, err := r.Driver.Online(ctx, x, wanted)
	if len(all) > 0 {
		r.now.Store(r.sessions.Swap(nil))
	}
	return all, err
}

func (r *race) Now() time.Time {
	fire(&r.now)
	return r.Clock.Now()
}

type raceRow struct {
	name string
	test func(t *testing.T, k *shoptest.Harness, r *race)
}

func runRaces(t *testing.T, rows []raceRow) {
	for _, x := range rows {
		r := &race{}
		shoptest.Run(t, []shoptest.Row{{Name: x.name, Test: func(t *testing.T, k *shoptest.Harness) { x.test(t, k, r) }}}, shoptest.With(r.on))
	}
}

func TestEndRaces(t *testing.T) {
	runRaces(t, []raceRow{
		{"a voucher lives again while its router switches it off", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			until := k.Want(o, order.Activated).ValidUntil
			at(&r.disable, func() {
				k.Clock.Set(until.Add(-30 * time.Minute))
				verify(t, k)
				if _, err := k.NewRunner().RunDue(ctx); err != nil {
					t.Error(err)
				}
				wantUser(t, k, o, true)
			})
			k.Clock.Set(until.Add(time.Second)) // the outside goes along
			k.RunAll()
			wantEnd(t, k, o, voucher.Sold, until)
			wantUser(t, k, o, true)
		}},
	})
}

func TestExtensionRaces(t *testing.T) {
	runRaces(t, []raceRow{
		{"the first login is seen while the voucher is made longer", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			k.Login("pojok", k.Order(o))
			end := k.VoucherOf(o).ValidUntil
			at(&r.sessions, func() {
				k.Extend(o)
				k.RunAll()
			})
			if err := k.Shop.Vouchers.ObserveLogins(ctx); err != nil {
				t.Fatal(err)
			}
			if v := k.VoucherOf(o); v.FirstLoginAt.IsZero() || v.ValidUntil.Sub(end) != time.Hour || !k.Order(o).ValidUntil.Equal(v.ValidUntil) {
				t.Errorf("first login %s, ends %s later", v.FirstLoginAt, v.ValidUntil.Sub(end))
			}
		}},
		{"two extensions at once, the first one slow: the router allows both", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			at(&r.ensure, func() {
				k.Want(k.Extend(o), order.Pending)
				second := k.NewRunner()
				if err := k.Xendit.Drain(ctx); err != nil {
					t.Error(err)
				}
				if _, err := second.RunDue(ctx); err != nil {
					t.Error(err)
				}
			})
			k.Extend(o)
			k.RunAll()
			v := k.VoucherOf(o)
			if up, data := k.RouterLimits("pojok", v); up != 3*time.Hour || data != 1_500_000_000 {
				t.Errorf("limits %s and %d", up, data)
			}
		}},
		{"the user put back while its voucher is made longer", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			at(&r.correct, func() {
				k.Extend(o)
				k.RunAll()
			})
			if err := k.PutBack(o); err != nil {
				t.Fatal(err)
			}
			if up, _ := k.RouterLimits("pojok", k.VoucherOf(o)); up != 2*time.Hour {
				t.Errorf("limit %s", up)
			}
		}},
	})
}

// withdraw ends a voucher as staff do: in our books and on its router.
func withdraw(t *testing.T, k *shoptest.Harness, o order.Order) {
	t.Helper()
	v := k.VoucherOf(o)
	from := v.State
	v.State, v.EndedAt = voucher.Disabled, k.Clock.Now()
	err := k.Store.InTx(ctx, actor.Named("staff:siti"), func(tx *store.Tx) error {
		_, err := tx.SaveVoucher(ctx, v, from)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := k.Store.Router(ctx, v.RouterID)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Hotspot.DisableUser(ctx, r.Router, v.Username); err != nil {
		t.Fatal(err)
	}
}

func TestStaffActWhileTheRouterIsAsked(t *testing.T) {
	runRaces(t, []raceRow{
		{"the money goes back: no voucher is left working", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.BuyOne()
			at(&r.ensure, func() { k.GiveBack(o) })
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Refunded)
			if name := k.Order(o).Username; !k.Disabled("pojok", name) {
				t.Errorf("%s works, its money went back", name)
			}
		}},
		{"the money goes back while nobody knows whether the router has the user", func(t *testing.T, k *shoptest.Harness, _ *race) {
			o := k.BuyAndPay(routerossim.Faults{RejectLogin: true})
			k.Want(o, order.Paid, order.FlagAttention)
			k.Routers["pojok"].SetFaults(shoptest.RouterUp)
			if err := k.AddAsCrashed(o, "pojok"); err != nil {
				t.Fatal(err)
			}
			k.Routers["pojok"].SetFaults(shoptest.RouterDown)
			k.GiveBack(o)
			k.Routers["pojok"].SetFaults(shoptest.RouterUp)
			k.Advance(30 * time.Second)
			k.Want(o, order.Refunded)
			if name := k.Order(o).Username; len(k.Users("pojok")) != 1 || !k.Disabled("pojok", name) {
				t.Errorf("%s works, its money went back", name)
			}
		}},
		{"the money of an extension goes back: nothing is longer", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			before := k.VoucherOf(o)
			more, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
			if err != nil {
				t.Fatal(err)
			}
			at(&r.ensure, func() { k.GiveBack(more) })
			k.Pay(more)
			k.RunAll()
			k.Want(more, order.Refunded)
			if up, _ := k.RouterLimits("pojok", before); up != time.Hour || !k.VoucherOf(o).ValidUntil.Equal(before.ValidUntil) {
				t.Errorf("limit %s, ends %s", up, k.VoucherOf(o).ValidUntil)
			}
		}},
		{"the voucher is withdrawn: its extension buys another one", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			at(&r.ensure, func() { withdraw(t, k, o) })
			more := k.Extend(o)
			k.Advance(10 * time.Second)
			k.Want(more, order.Activated)
			if old := k.VoucherOf(o).Username; !k.Disabled("pojok", old) || k.VoucherOf(more).Username == old {
				t.Errorf("%s works again", old)
			}
		}},
	})
}
