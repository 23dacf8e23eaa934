package shop_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

// extend pays for more of an order's voucher.
func extend(t *testing.T, k *shoptest.Harness, o order.Order) order.Order {
	t.Helper()
	more, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
	if err != nil {
		t.Fatal(err)
	}
	k.Pay(more)
	return more
}

func voucherOf(t *testing.T, k *shoptest.Harness, o order.Order) store.Voucher {
	t.Helper()
	v, found, err := k.Store.Voucher(ctx, o.ID)
	if err != nil || !found {
		t.Fatalf("voucher of %s: %v %v", o.Code, found, err)
	}
	return v
}

func limits(t *testing.T, k *shoptest.Harness, router string, v store.Voucher) (uptime time.Duration, bytes int64) {
	t.Helper()
	r, err := k.Store.Router(ctx, router)
	if err != nil {
		t.Fatal(err)
	}
	u, err := k.Hotspot.Usage(ctx, r.Router, v.Username)
	if err != nil {
		t.Fatal(err)
	}
	return u.LimitUptime, u.LimitBytes
}

func TestExtensions(t *testing.T) {
	run(t, []row{
		{"the same account, more of everything", func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			before := voucherOf(t, k, o)
			more := extend(t, k, o)
			k.RunAll()
			k.Want(more, order.Activated)
			after := voucherOf(t, k, o)
			if got := after.ValidUntil.Sub(before.ValidUntil); got != time.Hour {
				t.Errorf("its end moved by %s", got)
			}
			if up, data := limits(t, k, "pojok", after); up != 2*time.Hour || data != 1_000_000_000 {
				t.Errorf("limits %s and %d", up, data)
			}
			if users := k.Users("pojok"); !slices.Equal(users, []string{before.Username}) {
				t.Errorf("users %v", users)
			}
			v, err := k.Shop.Orders.Fresh(ctx, more.Token)
			if err != nil || !v.Extends || v.Order.Username != before.Username || v.Order.Password != k.Order(o).Password || !v.Order.ValidUntil.Equal(after.ValidUntil) {
				t.Errorf("the page of the extension shows %q until %s (%v)", v.Order.Username, v.Order.ValidUntil, err)
			}
			// The old end passes without effect, the new one ends it.
			k.Advance(90 * time.Minute)
			if k.Disabled("pojok", before.Username) {
				t.Error("ended at the old end")
			}
			k.Advance(31 * time.Minute)
			if !k.Disabled("pojok", before.Username) || voucherOf(t, k, o).State != store.VoucherExpired {
				t.Error("not ended at the new end")
			}
		}},
		{"two at once and the router away in between", func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			v := voucherOf(t, k, o)
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 2})
			a, b := extend(t, k, o), extend(t, k, o)
			k.RunAll()
			k.Advance(20 * time.Second)
			k.Want(a, order.Activated)
			k.Want(b, order.Activated)
			if up, data := limits(t, k, "pojok", v); up != 3*time.Hour || data != 1_500_000_000 {
				t.Errorf("limits %s and %d", up, data)
			}
			if got := voucherOf(t, k, o).ValidUntil.Sub(v.ValidUntil); got != 2*time.Hour {
				t.Errorf("its end moved by %s", got)
			}
		}},
		{"before the first login: the days add up when it comes", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Pay(o)
			k.RunAll()
			extend(t, k, o)
			k.RunAll()
			if v := voucherOf(t, k, o); !v.ValidUntil.IsZero() {
				t.Errorf("it ends at %s before it began", v.ValidUntil)
			}
			k.Join("pojok", "AA:BB:CC:00:00:01", "10.5.50.2")
			k.Login("pojok", o)
			if err := k.Shop.Vouchers.ObserveLogins(ctx); err != nil {
				t.Fatal(err)
			}
			if v := voucherOf(t, k, o); v.ValidUntil.Sub(v.FirstLoginAt) != 48*time.Hour {
				t.Errorf("valid for %s", v.ValidUntil.Sub(v.FirstLoginAt))
			}
		}},
		{"paid after the voucher ended: a new one", func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			more, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
			if err != nil || more.Extends != o.ID {
				t.Fatal(more.Extends, err)
			}
			k.Advance(61 * time.Minute)
			k.Pay(more)
			k.RunAll()
			now := k.Want(more, order.Activated, order.FlagLate)
			old := voucherOf(t, k, o)
			if v := voucherOf(t, k, more); v.Username == old.Username || v.Username != now.Username || k.Disabled("pojok", v.Username) || !k.Disabled("pojok", old.Username) {
				t.Errorf("new voucher %q %s, old %q %s", v.Username, v.State, old.Username, old.State)
			}
			// And who asks only now orders a new one from the start.
			again, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
			if err != nil || again.Extends != "" {
				t.Error(again.Extends, err)
			}
		}},
		{"an extension of an extension lengthens the same account", func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			first := extend(t, k, o)
			k.RunAll()
			second := extend(t, k, first)
			k.RunAll()
			if k.Want(second, order.Activated).Extends != o.ID {
				t.Error("it extends something else")
			}
			if up, _ := limits(t, k, "pojok", voucherOf(t, k, o)); up != 3*time.Hour {
				t.Errorf("limit %s", up)
			}
		}},
		{"the user removed by hand comes back with all it was sold", func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			extend(t, k, o)
			k.RunAll()
			v := voucherOf(t, k, o)
			if err := k.RemoveUserAndProfile("pojok", v.Username, "gerai-sejam"); err != nil {
				t.Fatal(err)
			}
			if err := k.Shop.Vouchers.Restore(ctx, "staff:budi", o.ID); err != nil {
				t.Fatal(err)
			}
			if up, _ := limits(t, k, "pojok", v); up != 2*time.Hour {
				t.Errorf("limit %s", up)
			}
		}},
		{"what never ends is not sold longer", func(t *testing.T, k *shoptest.Harness) {
			k.Resell(func(c *catalog.Catalogue) { c.Plans[0].Validity = 0 })
			o := buyOne(k)
			k.Pay(o)
			k.RunAll()
			if _, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"}); fault.CodeOf(err) != "order.unlimited" {
				t.Error(err)
			}
		}},
		{"nothing to extend yet", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			if _, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"}); fault.CodeOf(err) != "order.not_active" {
				t.Error(err)
			}
		}},
	})
}

// Whatever is bought and whenever it is paid, what is left never shrinks.
func TestTimeNeverShrinks(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		k := shoptest.New(t)
		o := k.Buy("sejam", "qris")
		k.Pay(o)
		k.RunAll()
		end, uptime, data := voucherOf(t, k, o).ValidUntil, time.Hour, int64(500_000_000)
		for range 6 {
			k.Clock.Add(time.Duration(rnd.IntN(15)) * time.Minute)
			if rnd.IntN(3) == 0 {
				k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: rnd.IntN(2) == 0, CutMidSentence: true, Only: "writes", Count: 1})
			}
			extend(t, k, o)
			k.RunAll()
			k.Advance(10 * time.Second)
			v := voucherOf(t, k, o)
			up, bytes := limits(t, k, "pojok", v)
			if v.ValidUntil.Before(end) || up < uptime || bytes < data {
				t.Fatalf("seed %d: end %s after %s, %s after %s, %d after %d bytes", seed, v.ValidUntil, end, up, uptime, bytes, data)
			}
			end, uptime, data = v.ValidUntil, up, bytes
		}
		if uptime != 7*time.Hour || data != 3_500_000_000 {
			t.Errorf("seed %d: %s and %d bytes after seven purchases", seed, uptime, data)
		}
		k.Invariants()
	}
}

func TestMoveDevice(t *testing.T) {
	k := shoptest.New(t)
	o := buyOne(k)
	k.Pay(o)
	k.RunAll()
	k.Join("pojok", "AA:BB:CC:00:00:01", "10.5.50.2")
	k.Join("pojok", "AA:BB:CC:00:00:02", "10.5.50.3")
	old, fresh := order.Hints{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}, order.Hints{MAC: "AA:BB:CC:00:00:02", IP: "10.5.50.3"}
	if err := k.Shop.Vouchers.Connect(ctx, o.Token, old); err != nil {
		t.Fatal(err)
	}
	v, err := k.Shop.Orders.Fresh(ctx, o.Token)
	if err != nil || len(v.Used.Sessions) != 1 || v.Used.Sessions[0].MAC != old.MAC {
		t.Errorf("the page knows of %+v (%v)", v.Used.Sessions, err)
	}
	// A router that does not answer costs the customer no try.
	k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
	for range 5 {
		if err := k.Shop.Vouchers.MoveDevice(ctx, o.Token, fresh); !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	}
	k.Routers["pojok"].SetFaults(routerossim.Faults{})
	for range 3 {
		testenv.Eventually(t, 5*time.Second, func() (bool, string) { // the driver takes breath before it tries again
			err := k.Shop.Vouchers.MoveDevice(ctx, o.Token, fresh)
			return err == nil, codeOf(err)
		})
		if name := k.Order(o).Username; k.OnlineAs("pojok", old.MAC) != "" || k.OnlineAs("pojok", fresh.MAC) != name {
			t.Fatalf("online: %q and %q", k.OnlineAs("pojok", old.MAC), k.OnlineAs("pojok", fresh.MAC))
		}
	}
	if err := k.Shop.Vouchers.MoveDevice(ctx, o.Token, old); fault.CodeOf(err) != "limit.move" {
		t.Errorf("a fourth time: %v", err)
	}
	if err := k.Shop.Vouchers.MoveDevice(ctx, buyOne(k).Token, old); fault.CodeOf(err) != "order.not_active" {
		t.Errorf("an unpaid order: %v", err)
	}
}
