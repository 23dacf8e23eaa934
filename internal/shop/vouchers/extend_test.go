package vouchers_test

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
	"gerai/internal/voucher"
)

func TestExtensions(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "the same account, more of everything", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			before := k.VoucherOf(o)
			more := k.Extend(o)
			k.RunAll()
			k.Want(more, order.Activated)
			after := k.VoucherOf(o)
			if got := after.ValidUntil.Sub(before.ValidUntil); got != time.Hour {
				t.Errorf("its end moved by %s", got)
			}
			if up, data := k.RouterLimits("pojok", after); up != 2*time.Hour || data != 1_000_000_000 {
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
			if !k.Disabled("pojok", before.Username) || k.VoucherOf(o).State != voucher.Expired {
				t.Error("not ended at the new end")
			}
		}},
		{Name: "two at once and the router away in between", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			v := k.VoucherOf(o)
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 2})
			a, b := k.Extend(o), k.Extend(o)
			k.RunAll()
			k.Advance(20 * time.Second)
			k.Want(a, order.Activated)
			k.Want(b, order.Activated)
			if up, data := k.RouterLimits("pojok", v); up != 3*time.Hour || data != 1_500_000_000 {
				t.Errorf("limits %s and %d", up, data)
			}
			if got := k.VoucherOf(o).ValidUntil.Sub(v.ValidUntil); got != 2*time.Hour {
				t.Errorf("its end moved by %s", got)
			}
		}},
		{Name: "before the first login: the days add up when it comes", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			k.Extend(o)
			k.RunAll()
			if v := k.VoucherOf(o); !v.ValidUntil.IsZero() {
				t.Errorf("it ends at %s before it began", v.ValidUntil)
			}
			k.Join("pojok", "AA:BB:CC:00:00:01", "10.5.50.2")
			k.Login("pojok", o)
			if err := k.Shop.Vouchers.ObserveLogins(ctx); err != nil {
				t.Fatal(err)
			}
			if v := k.VoucherOf(o); v.ValidUntil.Sub(v.FirstLoginAt) != 48*time.Hour {
				t.Errorf("valid for %s", v.ValidUntil.Sub(v.FirstLoginAt))
			}
		}},
		{Name: "paid after the voucher ended: a new one", Test: func(t *testing.T, k *shoptest.Harness) {
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
			old := k.VoucherOf(o)
			if v := k.VoucherOf(more); v.Username == old.Username || v.Username != now.Username || k.Disabled("pojok", v.Username) || !k.Disabled("pojok", old.Username) {
				t.Errorf("new voucher %q %s, old %q %s", v.Username, v.State, old.Username, old.State)
			}
			// And who asks only now orders a new one from the start.
			again, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
			if err != nil || again.Extends != "" {
				t.Error(again.Extends, err)
			}
		}},
		{Name: "an extension of an extension lengthens the same account", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			first := k.Extend(o)
			k.RunAll()
			second := k.Extend(first)
			k.RunAll()
			if k.Want(second, order.Activated).Extends != o.ID {
				t.Error("it extends something else")
			}
			if up, _ := k.RouterLimits("pojok", k.VoucherOf(o)); up != 3*time.Hour {
				t.Errorf("limit %s", up)
			}
		}},
		{Name: "the user removed by hand comes back with all it was sold", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			k.Extend(o)
			k.RunAll()
			v := k.VoucherOf(o)
			if err := k.RemoveUserAndProfile("pojok", v.Username, "gerai-sejam"); err != nil {
				t.Fatal(err)
			}
			if err := k.PutBack(o); err != nil {
				t.Fatal(err)
			}
			if up, _ := k.RouterLimits("pojok", v); up != 2*time.Hour {
				t.Errorf("limit %s", up)
			}
		}},
		{Name: "what never ends is not sold longer", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Resell(func(c *catalog.Catalogue) { c.Plans[0].Validity = 0 })
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			if _, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"}); fault.CodeOf(err) != "order.unlimited" {
				t.Error(err)
			}
		}},
		{Name: "nothing to extend yet", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
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
		end, uptime, data := k.VoucherOf(o).ValidUntil, time.Hour, int64(500_000_000)
		for range 6 {
			k.Clock.Add(time.Duration(rnd.IntN(15)) * time.Minute)
			if rnd.IntN(3) == 0 {
				k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: rnd.IntN(2) == 0, CutMidSentence: true, Only: "writes", Count: 1})
			}
			k.Extend(o)
			k.RunAll()
			k.Advance(10 * time.Second)
			v := k.VoucherOf(o)
			up, bytes := k.RouterLimits("pojok", v)
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

// An extension of a voucher from stock lengthens the very account.
func TestExtendStock(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "S20 extended", Test: func(t *testing.T, k *shoptest.Harness) {
		siti := k.OnShift("siti")
		b := k.Stocked("sehari", "pojok", 1)
		o, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", ""))
		if err != nil {
			t.Fatal(err)
		}
		k.LoginVoucher("pojok", 1, k.StockVoucher(b, 1))
		in := k.Form("sehari", "qris")
		in.Extends, in.RouterID = o.ID, "pojok"
		x, err := k.Shop.Orders.Place(ctx, in)
		if err != nil {
			t.Fatal(err)
		}
		k.Pay(x)
		k.RunAll()
		k.Want(x, order.Activated)
		if v := k.StockVoucher(b, 1); !v.ValidUntil.Equal(v.FirstLoginAt.Add(48 * time.Hour)) {
			t.Fatalf("%+v", v)
		}
		k.WipeUsers("pojok")
		if err := k.PutBack(o); err != nil {
			t.Fatal(err)
		}
		there, err := k.Hotspot.FindUser(ctx, k.Router("pojok"), o.Username, "gb."+b.Code)
		if err != nil || !there {
			t.Fatal("not under its batch's comment", err)
		}
	}}})
}
