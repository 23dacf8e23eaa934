package vouchers_test

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/testenv"
)

// passing switches passes on, two at a time.
var passing = shoptest.Selling(func(c *catalog.Catalogue) {
	rules := catalog.DefaultPass
	rules.On, rules.PerRouter = true, 2
	c.Sites[0].Portal.Pass = rules
})

// passesOnline counts devices online with a pass.
func passesOnline(k *shoptest.Harness) (n int) {
	for _, row := range k.Routers["pojok"].Rows("ip/hotspot/active") {
		if strings.HasPrefix(row["user"], "gp-") {
			n++
		}
	}
	return n
}

// passesKnown counts the passes a router knows.
func passesKnown(k *shoptest.Harness) (n int) {
	for _, row := range k.Routers["pojok"].Rows("ip/hotspot/user") {
		if strings.HasPrefix(row["name"], "gp-") {
			n++
		}
	}
	return n
}

// passNoted reports whether our books have a pass of the order.
func passNoted(t *testing.T, k *shoptest.Harness, o order.Order) bool {
	t.Helper()
	_, found, err := k.Store.Pass(ctx, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func answers(t *testing.T, k *shoptest.Harness, o order.Order, h order.Hints, code string) {
	t.Helper()
	if _, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h); shoptest.CodeOf(err) != code {
		t.Errorf("answered %v, want %q", err, code)
	}
}

func TestPassesOfCustomers(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a double tap of which one fails: what the router gave is known, and ends", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), k.Device(1)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Hang: true, Only: "reads", Count: 1})
			first := make(chan error, 1)
			go func() { _, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h); first <- err }()
			testenv.Eventually(t, 5*time.Second, func() (bool, string) {
				return passNoted(t, k, o) && !k.Routers["pojok"].Faults().Hang, "the first tap does not hang"
			})
			if _, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h); err != nil {
				t.Fatal("the second tap", err)
			}
			if err := <-first; err == nil {
				t.Fatal("the first tap did not fail")
			}
			if !passNoted(t, k, o) || passesKnown(k) != 1 {
				t.Fatalf("noted %v, %d on the router", passNoted(t, k, o), passesKnown(k))
			}
			k.Pay(o)
			k.RunAll()
			if k.Want(o, order.Activated); passesKnown(k) != 0 {
				t.Fatal("the voucher did not take over")
			}
		}},
		{Name: "a pass that no router gave does not count", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), k.Device(1)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			if _, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h); err == nil || passNoted(t, k, o) {
				t.Fatal(err)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			if _, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h); err != nil {
				t.Fatal(err)
			}
		}},
		{Name: "a few minutes, then gone; the voucher takes over", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), k.Device(1)
			p, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h)
			if err != nil || p.EndsAt.Sub(k.Clock.Now()) != 5*time.Minute || k.OnlineAs("pojok", h.MAC) != p.Username {
				t.Fatalf("%+v %v, online as %q", p, err, k.OnlineAs("pojok", h.MAC))
			}
			if again, err := k.Shop.Vouchers.GrantPass(ctx, o.Token, h); err != nil || !again.EndsAt.Equal(p.EndsAt) || passesKnown(k) != 1 {
				t.Errorf("a second tap: %+v %v", again, err)
			}
			k.Pay(o)
			k.RunAll()
			if err := k.Shop.Vouchers.Connect(ctx, o.Token, h); err != nil {
				t.Fatal(err)
			}
			if got := k.OnlineAs("pojok", h.MAC); got != k.Order(o).Username || passesKnown(k) != 0 {
				t.Errorf("online as %q with %d passes left", got, passesKnown(k))
			}
		}},
		{Name: "another order's voucher takes over too", Test: func(t *testing.T, k *shoptest.Harness) {
			first, h := k.BuyOne(), k.Device(1)
			answers(t, k, first, h, "")
			second := k.Buy("sejam", "qris")
			k.Pay(second)
			k.RunAll()
			if err := k.Shop.Vouchers.Connect(ctx, second.Token, h); err != nil {
				t.Fatal(err)
			}
			if got := k.OnlineAs("pojok", h.MAC); got != k.Order(second).Username || passesKnown(k) != 0 {
				t.Errorf("online as %q with %d passes left", got, passesKnown(k))
			}
		}},
		{Name: "forged hints: only a device that the router sees, at its own address", Test: func(t *testing.T, k *shoptest.Harness) {
			o, mine, other := k.BuyOne(), k.Device(1), k.Device(2)
			for _, h := range []order.Hints{{}, {MAC: mine.MAC}, {MAC: "AA:BB:CC:99:99:99", IP: "10.5.50.77"}, {MAC: mine.MAC, IP: other.IP}, {MAC: "<script>", IP: "10.5.50.101"}} {
				answers(t, k, o, h, "device.not_seen")
			}
			if passesKnown(k) != 0 {
				t.Error("something was given")
			}
			answers(t, k, o, mine, "") // and a failure costs the honest nothing
		}},
		{Name: "one per order", Test: func(t *testing.T, k *shoptest.Harness) {
			o, a, b := k.BuyOne(), k.Device(1), k.Device(2)
			answers(t, k, o, a, "")
			answers(t, k, o, b, "pass.used")
			k.Clock.Add(6 * time.Minute)
			answers(t, k, o, a, "pass.used")
		}},
		{Name: "two a day per device, with a pause between, then what is to spare", Test: func(t *testing.T, k *shoptest.Harness) {
			h := k.Device(1)
			answers(t, k, k.BuyOne(), h, "")
			k.Clock.Add(6 * time.Minute)
			answers(t, k, k.BuyOne(), k.Device(2), "") // one of two at once: half of the router
			answers(t, k, k.BuyOne(), h, "pass.device")
			k.Clock.Add(30 * time.Minute)
			answers(t, k, k.BuyOne(), k.Device(3), "")
			answers(t, k, k.BuyOne(), h, "")
			k.Clock.Add(2 * time.Hour)
			answers(t, k, k.BuyOne(), k.Device(2), "")
			answers(t, k, k.BuyOne(), h, "pass.device")
			k.Clock.Add(22 * time.Hour)
			answers(t, k, k.BuyOne(), k.Device(3), "")
			answers(t, k, k.BuyOne(), h, "")
		}},
		{Name: "two a day per phone number", Test: func(t *testing.T, k *shoptest.Harness) {
			for i, want := range []string{"", "", "pass.device"} {
				if want != "" {
					answers(t, k, k.BuyOne(), k.Device(9), "") // half of the router
				}
				in := k.Form("sehari", "qris")
				in.Phone = "0812-3456-7890"
				o, err := k.Shop.Orders.Place(ctx, in)
				if err != nil {
					t.Fatal(err)
				}
				answers(t, k, o, k.Device(i), want)
				k.Clock.Add(6 * time.Minute)
			}
		}},
		{Name: "farmed with random devices: the router's own caps hold", Test: func(t *testing.T, k *shoptest.Harness) {
			given, most := 0, 0
			for i := range 30 {
				if _, err := k.Shop.Vouchers.GrantPass(ctx, k.BuyOne().Token, k.Device(i)); err == nil {
					given++
				} else if fault.CodeOf(err) != "pass.full" {
					t.Fatal(err)
				}
				most = max(most, passesOnline(k))
				k.Clock.Add(100 * time.Second) // 50 minutes in all
			}
			if most != 2 || given != 12 {
				t.Errorf("%d at once, %d within the hour", most, given)
			}
		}},
		{Name: "off, paid, over", Test: func(t *testing.T, k *shoptest.Harness) {
			off := k.Buy("bulanan", "qris")
			answers(t, k, off, k.Device(1), "pass.off")
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			answers(t, k, o, k.Device(1), "pass.not_pending")
			answers(t, k, order.Order{Token: order.Token(strings.Repeat("0", 40))}, k.Device(1), "order.not_found")
		}},
		{Name: "a lost answer counts and is found again", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), k.Device(1)
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 1})
			_, _ = k.Shop.Vouchers.GrantPass(ctx, o.Token, h) // whatever it says, asking again is safe
			answers(t, k, o, h, "")
			if passesKnown(k) != 1 || k.OnlineAs("pojok", h.MAC) == "" {
				t.Errorf("%d passes, online as %q", passesKnown(k), k.OnlineAs("pojok", h.MAC))
			}
		}},
		{Name: "nobody remembers the device after a day", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), k.Device(1)
			answers(t, k, o, h, "")
			k.Clock.Add(23 * time.Hour)
			k.CheckRoutersUntilUp()
			if p, _, err := k.Store.Pass(ctx, o.ID); err != nil || p.MAC != h.MAC {
				t.Errorf("forgotten too early: %+v %v", p, err)
			}
			k.Clock.Add(time.Hour + time.Minute)
			k.CheckRoutersUntilUp()
			if p, _, err := k.Store.Pass(ctx, o.ID); err != nil || p.MAC == h.MAC || p.RemovedAt.IsZero() {
				t.Errorf("%+v %v", p, err)
			}
		}},
	}, passing)
}
