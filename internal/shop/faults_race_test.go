package shop_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
)

// race lets something happen at a chosen moment of a use case: just before a
// user is made on a router, or at the first look at the clock after a router
// listed its sessions.
type race struct {
	hotspot.Driver
	clock.Clock
	ensure, sessions, now atomic.Pointer[func()]
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

func (r *race) Sessions(ctx context.Context, x hotspot.Router) ([]hotspot.Session, error) {
	all, err := r.Driver.Sessions(ctx, x)
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
	test func(t *testing.T, k *shoptest.Kit, r *race)
}

func runRaces(t *testing.T, rows []raceRow) {
	for _, x := range rows {
		r := &race{}
		run(t, []row{{x.name, func(t *testing.T, k *shoptest.Kit) { x.test(t, k, r) }}}, shoptest.With(r.on))
	}
}

func TestExtensionRaces(t *testing.T) {
	runRaces(t, []raceRow{
		{"the first login is seen while the voucher is made longer", func(t *testing.T, k *shoptest.Kit, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.Settle()
			k.Login("pojok", k.Order(o))
			end := voucherOf(t, k, o).ValidUntil
			at(&r.sessions, func() {
				extend(t, k, o)
				k.Settle()
			})
			if err := k.Shop.ObserveLogins(ctx); err != nil {
				t.Fatal(err)
			}
			if v := voucherOf(t, k, o); v.FirstLoginAt.IsZero() || v.ValidUntil.Sub(end) != time.Hour || !k.Order(o).ValidUntil.Equal(v.ValidUntil) {
				t.Errorf("first login %s, ends %s later", v.FirstLoginAt, v.ValidUntil.Sub(end))
			}
		}},
		{"two extensions at once, the first one slow: the router allows both", func(t *testing.T, k *shoptest.Kit, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.Settle()
			at(&r.ensure, func() {
				k.Want(extend(t, k, o), order.Pending)
				second := k.NewRunner()
				if err := k.Xendit.Drain(ctx); err != nil {
					t.Error(err)
				}
				if _, err := second.RunDue(ctx); err != nil {
					t.Error(err)
				}
			})
			extend(t, k, o)
			k.Settle()
			v := voucherOf(t, k, o)
			if up, data := limits(t, k, "pojok", v); up != 3*time.Hour || data != 1_500_000_000 {
				t.Errorf("limits %s and %d", up, data)
			}
		}},
		{"the user put back while its voucher is made longer", func(t *testing.T, k *shoptest.Kit, r *race) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.Settle()
			at(&r.ensure, func() {
				extend(t, k, o)
				k.Settle()
			})
			if err := k.Shop.Restore(ctx, "staff:budi", o.ID); err != nil {
				t.Fatal(err)
			}
			if up, _ := limits(t, k, "pojok", voucherOf(t, k, o)); up != 2*time.Hour {
				t.Errorf("limit %s", up)
			}
		}},
	})
}
