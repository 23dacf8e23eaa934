package vouchers_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/voucher"
)

var ctx = context.Background()

func TestVoucherLife(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "validity from purchase ends on the router", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			k.Advance(61 * time.Minute)
			v, _, err := k.Store.Voucher(ctx, o.ID)
			if err != nil || v.State != voucher.Expired || !k.Disabled("pojok", v.Username) {
				t.Fatalf("%+v %v", v, err)
			}
		}},
		{Name: "validity from first login starts when the device is seen", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			now := k.Want(o, order.Activated)
			k.Advance(2 * time.Hour)
			if v, _, _ := k.Store.Voucher(ctx, o.ID); v.State != voucher.Sold || !v.ValidUntil.IsZero() {
				t.Fatalf("%+v", v)
			}
			// Beside it a user is online whose name is in another code page.
			k.ForeignUser("pojok", "Kam\xE9ra")
			k.Must(k.Hotspot.Connect(ctx, k.Router("pojok"), k.Phone("pojok", 8), "Kam\xE9ra", "lain"))
			k.Login("pojok", now)
			k.Clock.Add(10 * time.Second)
			if err := k.Shop.Vouchers.ObserveLogins(ctx); err != nil {
				t.Fatal(err)
			}
			v, _, err := k.Store.Voucher(ctx, o.ID)
			if err != nil || v.State != voucher.Active || v.ValidUntil.Sub(k.Clock.Now()).Round(time.Minute) != 24*time.Hour {
				t.Fatalf("%+v %v", v, err)
			}
			k.Advance(24 * time.Hour)
			if v, _, _ = k.Store.Voucher(ctx, o.ID); v.State != voucher.Expired || !k.Disabled("pojok", now.Username) {
				t.Fatalf("%+v", v)
			}
		}},
		{Name: "the buyer's device is logged in when the router knows it", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Join("pojok", "AA:BB:CC:00:00:07", "10.5.50.7")
			form := k.Form("sehari", "qris")
			form.Hints = order.Hints{MAC: "aa:bb:cc:00:00:07", IP: "10.5.50.7"}
			o, err := k.Shop.Orders.Place(ctx, form)
			if err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			now := k.Want(o, order.Activated)
			if who := k.OnlineAs("pojok", "AA:BB:CC:00:00:07"); who != now.Username {
				t.Fatalf("online as %q", who)
			}
			if err := k.Shop.Vouchers.Connect(ctx, o.Token, order.Hints{}); err != nil {
				t.Fatal("again:", err)
			}
		}},
		{Name: "a device the router does not list is not logged in", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Join("pojok", "AA:BB:CC:00:00:07", "10.5.50.7")
			form := k.Form("sehari", "qris")
			form.Hints = order.Hints{MAC: "AA:BB:CC:00:00:07", IP: "10.5.50.99"}
			o, err := k.Shop.Orders.Place(ctx, form)
			if err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			if who := k.OnlineAs("pojok", "AA:BB:CC:00:00:07"); who != "" {
				t.Fatalf("online as %q", who)
			}
		}},
	})
}
