package vouchers_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
)

func withPasses(c *catalog.Catalogue) {
	for i := range c.Sites {
		c.Sites[i].Portal.Pass = catalog.DefaultPass
		c.Sites[i].Portal.Pass.On = true
	}
}

// phone lets a device join and returns what its browser would claim.
func phone(k *shoptest.Harness, n int) order.Hints {
	h := order.Hints{MAC: fmt.Sprintf("AA:BB:CC:00:01:%02d", n), IP: fmt.Sprintf("10.5.51.%d", n)}
	k.Join("pojok", h.MAC, h.IP)
	return h
}

func grant(k *shoptest.Harness, o order.Order, h order.Hints) error {
	_, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h)
	return err
}

func wantPass(t *testing.T, k *shoptest.Harness, o order.Order, h order.Hints) {
	t.Helper()
	if err := grant(k, o, h); err != nil {
		t.Fatal(err)
	}
	p, _, err := k.Store.Pass(ctx, o.ID)
	if err != nil || k.OnlineAs("pojok", h.MAC) != p.Username {
		t.Fatalf("online as %q, not as %q: %v", k.OnlineAs("pojok", h.MAC), p.Username, err)
	}
}

// passUsers counts the passes a router holds.
func passUsers(k *shoptest.Harness) (n int) {
	for _, row := range k.Routers["pojok"].Rows("ip/hotspot/user") {
		if row["profile"] == hotspot.PassProfile {
			n++
		}
	}
	return n
}

func TestPasses(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "once per order, and never for a paid or expired one", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), phone(k, 1)
			wantPass(t, k, o, h)
			wantPass(t, k, o, h)
			k.WantCode(grant(k, o, phone(k, 2)), "pass.used")
			k.Pay(o)
			k.RunAll()
			k.WantCode(grant(k, o, h), "pass.not_pending")
			late := k.BuyOne()
			k.Advance(33 * time.Minute)
			k.WantCode(grant(k, late, phone(k, 3)), "pass.not_pending")
		}},
		{Name: "farmed with orders that are never paid: half of the router stays for others", Test: func(t *testing.T, k *shoptest.Harness) {
			h := phone(k, 1)
			wantPass(t, k, k.BuyOne(), h)
			k.Advance(6 * time.Minute)
			for n := range 3 { // five at once, so three are more than half
				wantPass(t, k, k.BuyOne(), phone(k, 2+n))
			}
			k.WantCode(grant(k, k.BuyOne(), h), "pass.device")
			k.Clock.Add(31 * time.Minute)
			if err := k.Shop.Routers.CheckRouters(ctx); err != nil {
				t.Fatal(err)
			}
			wantPass(t, k, k.BuyOne(), h)
		}},
		{Name: "asked for with a neighbour's address: the neighbour's own pass is not touched", Test: func(t *testing.T, k *shoptest.Harness) {
			h := phone(k, 1)
			for range 4 {
				form := k.Form("sehari", "qris")
				form.Hints = h
				o, err := k.Shop.Orders.Place(ctx, form)
				if err != nil {
					t.Fatal(err)
				}
				wantPass(t, k, o, h)
				k.Advance(6 * time.Minute)
				if err := k.Shop.Routers.CheckRouters(ctx); err != nil {
					t.Fatal(err)
				}
			}
			mine := k.BuyOne()
			wantPass(t, k, mine, h)
			// A voucher connected with the neighbour's address ends it before its time.
			foreign := k.Bought()
			if err := k.Shop.Vouchers.Connect(ctx, foreign.Token, h); err != nil {
				t.Fatal(err)
			}
			if err := k.Shop.Vouchers.MoveDevice(ctx, foreign.Token, order.Hints{MAC: phone(k, 2).MAC, IP: phone(k, 2).IP}); err != nil {
				t.Fatal(err)
			}
			wantPass(t, k, mine, h)
		}},
		{Name: "the voucher takes over from the pass", Test: func(t *testing.T, k *shoptest.Harness) {
			form := k.Form("sehari", "qris")
			form.Hints = phone(k, 1)
			o, err := k.Shop.Orders.Place(ctx, form)
			if err != nil {
				t.Fatal(err)
			}
			wantPass(t, k, o, form.Hints)
			k.Pay(o)
			k.RunAll()
			k.Advance(5 * time.Second)
			if name := k.Want(o, order.Activated).Username; k.OnlineAs("pojok", form.Hints.MAC) != name || passUsers(k) != 0 {
				t.Errorf("online as %q, %d passes left", k.OnlineAs("pojok", form.Hints.MAC), passUsers(k))
			}
		}},
		{Name: "another order of the same device is paid: its voucher takes over all the same", Test: func(t *testing.T, k *shoptest.Harness) {
			form := k.Form("sehari", "qris")
			form.Hints = phone(k, 1)
			left, err := k.Shop.Orders.Place(ctx, form)
			if err != nil {
				t.Fatal(err)
			}
			wantPass(t, k, left, form.Hints)
			form.Nonce = k.NextNonce()
			o, err := k.Shop.Orders.Place(ctx, form)
			if err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			k.Advance(5 * time.Second)
			if name := k.Want(o, order.Activated).Username; k.OnlineAs("pojok", form.Hints.MAC) != name || passUsers(k) != 0 {
				t.Errorf("online as %q, %d passes left", k.OnlineAs("pojok", form.Hints.MAC), passUsers(k))
			}
		}},
		{Name: "an answer that got lost counts, and the next tap finds the pass", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), phone(k, 1)
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: add, Count: 1})
			if err := grant(k, o, h); err == nil {
				t.Fatal("the answer was not lost")
			}
			wantPass(t, k, o, h)
			if n := passUsers(k); n != 1 {
				t.Errorf("%d passes on the router", n)
			}
		}},
		{Name: "a router that is away gives none and counts none", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), phone(k, 1)
			k.Routers["pojok"].SetFaults(shoptest.RouterDown)
			if err := grant(k, o, h); !fault.Is(err, fault.Unavailable) {
				t.Fatal(err)
			}
			k.Routers["pojok"].SetFaults(shoptest.RouterUp)
			k.Join("pojok", h.MAC, h.IP)
			wantPass(t, k, o, h)
		}},
		{Name: "a device that the router does not see", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), phone(k, 1)
			h.IP = "10.5.51.99"
			k.WantCode(grant(k, o, h), "device.not_seen")
			if _, found, err := k.Store.Pass(ctx, o.ID); found || err != nil {
				t.Error(found, err)
			}
		}},
		{Name: "tapping without end does not keep the router busy", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			var err error
			for range 10 {
				err = grant(k, o, order.Hints{MAC: "AA:BB:CC:00:01:77", IP: "10.5.51.77"})
			}
			if !fault.Is(err, fault.Limited) {
				t.Error(err)
			}
		}},
		{Name: "what a dead process left is swept, and only then written off", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Resell(func(c *catalog.Catalogue) { withPasses(c); c.Sites[0].Portal.Pass.PerRouter = 20 })
			for n := range 12 {
				wantPass(t, k, k.BuyOne(), phone(k, 10+n))
			}
			k.Clock.Add(6 * time.Minute)
			for range 3 {
				if err := k.Shop.Routers.CheckRouters(ctx); err != nil {
					t.Fatal(err)
				}
				totals, err := k.Store.Numbers(ctx, k.Clock.Now())
				if err != nil || totals.PassesLive == 0 && passUsers(k) > 0 {
					t.Errorf("%d passes live, %d on the router, %v", totals.PassesLive, passUsers(k), err)
				}
				k.Clock.Add(61 * time.Second)
			}
			if totals, err := k.Store.Numbers(ctx, k.Clock.Now()); err != nil || totals.PassesLive != 0 || passUsers(k) != 0 {
				t.Errorf("%d left, %d on the router, %v", totals.PassesLive, passUsers(k), err)
			}
		}},
	}, shoptest.Selling(withPasses))
}

func TestPassRaces(t *testing.T) {
	runRaces(t, []raceRow{
		{"many devices at the same moment: the router is asked for no more than it may hold", func(t *testing.T, k *shoptest.Harness, r *race) {
			k.Resell(func(c *catalog.Catalogue) { withPasses(c); c.Sites[0].Portal.Pass.PerRouter = 1 })
			before := r.passes.Load()
			start := make(chan struct{})
			var all sync.WaitGroup
			for n := range 8 {
				o, h := k.BuyOne(), phone(k, 10+n)
				all.Add(1)
				go func() {
					defer all.Done()
					<-start
					if err := grant(k, o, h); err != nil && fault.CodeOf(err) != "pass.full" {
						t.Error(err)
					}
				}()
			}
			close(start)
			all.Wait()
			if n := r.passes.Load() - before; n != 1 || passUsers(k) != 1 {
				t.Errorf("asked for %d, %d on the router", n, passUsers(k))
			}
		}},
		{"paid for while the router is asked: no pass is left behind", func(t *testing.T, k *shoptest.Harness, r *race) {
			k.Resell(withPasses)
			o, h := k.BuyOne(), phone(k, 1)
			at(&r.pass, func() {
				k.Pay(o)
				k.RunAll()
			})
			k.WantCode(grant(k, o, h), "pass.not_pending")
			if n := passUsers(k); n != 0 || k.OnlineAs("pojok", h.MAC) != "" {
				t.Errorf("%d passes, online as %q", n, k.OnlineAs("pojok", h.MAC))
			}
		}},
	})
}
