package orders_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// What a hostile customer tries, and the limit that stops it.
func TestHostileCustomers(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "forged hints connect nothing the router does not see", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			mine, other := k.Device(1), k.Device(2)
			for _, h := range []order.Hints{{}, {MAC: "AA:BB:CC:99:99:99", IP: "10.5.50.77"}, {MAC: mine.MAC, IP: other.IP}, {MAC: "x", IP: "10.5.50.101 or 1=1"}} {
				if err := k.Shop.Vouchers.Connect(ctx, o.Token, h); fault.CodeOf(err) != "device.not_seen" {
					t.Errorf("%+v: %v", h, err)
				}
				k.Clock.Add(10 * time.Second)
			}
			if k.OnlineAs("pojok", mine.MAC)+k.OnlineAs("pojok", other.MAC) != "" {
				t.Error("somebody is online")
			}
		}},
		{Name: "somebody else's device stays theirs", Test: func(t *testing.T, k *shoptest.Harness) {
			theirs, mine, victim := k.BuyOne(), k.BuyOne(), k.Device(1)
			for _, o := range []order.Order{theirs, mine} {
				k.Pay(o)
			}
			k.RunAll()
			if err := k.Shop.Vouchers.Connect(ctx, theirs.Token, victim); err != nil {
				t.Fatal(err)
			}
			if err := k.Shop.Vouchers.Connect(ctx, mine.Token, victim); fault.CodeOf(err) != "device.busy" {
				t.Errorf("connect: %v", err)
			}
			// Moving throws out the devices of one's own voucher alone.
			if err := k.Shop.Vouchers.MoveDevice(ctx, mine.Token, victim); fault.CodeOf(err) != "device.busy" {
				t.Errorf("move: %v", err)
			}
			if got := k.OnlineAs("pojok", victim.MAC); got != k.Order(theirs).Username {
				t.Errorf("online as %q", got)
			}
		}},
		{Name: "a made-up token opens nothing", Test: func(t *testing.T, k *shoptest.Harness) {
			k.RunAll()
			h := k.Device(1)
			for _, token := range []order.Token{"", "x", order.Token(strings.Repeat("0", 40)), order.Token(strings.Repeat("g", 40)), "\x00\xff"} {
				_, passErr := k.Shop.Vouchers.GrantPass(ctx, token, h)
				_, extendErr := k.Shop.Orders.Extend(ctx, token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9", Hints: h})
				_, receiptErr := k.Shop.Orders.Receipt(ctx, token)
				for what, err := range map[string]error{"pass": passErr, "extend": extendErr, "receipt": receiptErr, "connect": k.Shop.Vouchers.Connect(ctx, token, h),
					"move": k.Shop.Vouchers.MoveDevice(ctx, token, h), "forget": k.Shop.Orders.Erase(ctx, token)} {
					if fault.CodeOf(err) != "order.not_found" {
						t.Errorf("%s with %q: %v", what, token, err)
					}
				}
			}
		}},
		{Name: "an unpaid order opens no internet but its pass", Test: func(t *testing.T, k *shoptest.Harness) {
			o, h := k.BuyOne(), k.Device(1)
			for what, err := range map[string]error{"connect": k.Shop.Vouchers.Connect(ctx, o.Token, h), "move": k.Shop.Vouchers.MoveDevice(ctx, o.Token, h)} {
				if fault.CodeOf(err) != "order.not_active" {
					t.Errorf("%s: %v", what, err)
				}
			}
			if k.OnlineAs("pojok", h.MAC) != "" {
				t.Error("online for nothing")
			}
		}},
		{Name: "a device that orders without end: ten in ten minutes, then what its network has to spare", Test: func(t *testing.T, k *shoptest.Harness) {
			placed := 0
			for range 20 {
				in := k.Form("sehari", "qris")
				in.Hints, in.Client = order.Hints{MAC: "AA:BB:CC:00:01:01", IP: "10.5.50.101"}, "203.0.113.9"
				switch _, err := k.Shop.Orders.Place(ctx, in); shoptest.CodeOf(err) {
				case "":
					placed++
				case "limit.orders":
				default:
					t.Fatal(err)
				}
			}
			if placed != 14 {
				t.Errorf("%d orders", placed)
			}
			in := k.Form("sehari", "qris")
			in.Hints, in.Client = order.Hints{MAC: "AA:BB:CC:00:01:02", IP: "10.5.50.102"}, "203.0.113.9"
			if _, err := k.Shop.Orders.Place(ctx, in); err != nil {
				t.Error("a neighbour behind the same address:", err)
			}
		}},
		{Name: "a device named from elsewhere is not locked out", Test: func(t *testing.T, k *shoptest.Harness) {
			in := k.Form("sehari", "qris")
			in.Hints = order.Hints{MAC: "AA:BB:CC:00:01:01", IP: "10.5.50.101"}
			for range 20 {
				in.Nonce, in.Client = k.NextNonce(), "203.0.113.66"
				if _, err := k.Shop.Orders.Place(ctx, in); err != nil && shoptest.CodeOf(err) != "limit.orders" {
					t.Fatal(err)
				}
			}
			in.Nonce, in.Client = k.NextNonce(), "203.0.113.7"
			if _, err := k.Shop.Orders.Place(ctx, in); err != nil {
				t.Error(err)
			}
		}},
		{Name: "extending without end meets the same limit", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			h, placed := k.Device(1), 0
			for range 20 {
				switch _, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9", Hints: h}); shoptest.CodeOf(err) {
				case "":
					placed++
				case "limit.orders":
				default:
					t.Fatal(err)
				}
			}
			if placed != 14 {
				t.Errorf("%d orders", placed)
			}
		}},
		{Name: "connecting without end: five in half a minute", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			var last error
			for range 6 {
				last = k.Shop.Vouchers.Connect(ctx, o.Token, order.Hints{MAC: "AA:BB:CC:99:99:99", IP: "10.5.50.77"})
			}
			var f *fault.Error
			if !errors.As(last, &f) || f.Code != "limit.connect" || f.After <= 0 {
				t.Error(last)
			}
		}},
	}, shoptest.With(func(o *shop.Options) { o.Limits.OrdersPerClient = cache.Limit{Count: 16, Per: time.Hour} }))
}

// What a customer may ask without a limit takes no transaction once it changes nothing:
// there is one writer, and paid orders wait for it.
func TestWhatChangesNothingWaitsForNoWriter(t *testing.T) {
	k := shoptest.New(t, shoptest.OnDatabase(storetest.SQLite(t)))
	o := k.BuyOne()
	claim, err := k.Shop.Orders.ClaimCode(o.Code)
	k.Must(err)
	if _, err := k.Shop.Orders.Claim(ctx, string(o.Code), claim, "203.0.113.9"); err != nil {
		t.Fatal(err)
	}
	k.Must(k.Store.InTx(ctx, actor.Server, func(*store.Tx) error { // the writer is busy
		soon, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := k.Shop.Orders.Erase(soon, o.Token); fault.CodeOf(err) != "order.still_open" {
			t.Error("erase:", err)
		}
		if _, err := k.Shop.Orders.Claim(soon, string(o.Code), claim, "203.0.113.9"); err != nil {
			t.Error("claim:", err)
		}
		return soon.Err()
	}))
}

// The method that is chosen already costs the client nothing, however often, but the order
// has a limit of its own.
func TestChoosingTheSameMethodWithoutEnd(t *testing.T) {
	k := shoptest.New(t)
	o := k.Buy("bulanan", "qris")
	done := 0
	for range 100 {
		switch err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "qris", "203.0.113.9"); shoptest.CodeOf(err) {
		case "":
			done++
		case "limit.method":
		default:
			t.Fatal(err)
		}
	}
	if done != 20 {
		t.Errorf("%d choices", done)
	}
	k.Clock.Add(time.Minute)
	if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BNI", "203.0.113.9"); err != nil {
		t.Error("a minute later:", err)
	}
}
