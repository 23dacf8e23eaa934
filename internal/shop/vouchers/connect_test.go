package vouchers_test

import (
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/testenv"
)

func TestMoveDevice(t *testing.T) {
	k := shoptest.New(t)
	o := k.BuyOne()
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
			return err == nil, shoptest.CodeOf(err)
		})
		if name := k.Order(o).Username; k.OnlineAs("pojok", old.MAC) != "" || k.OnlineAs("pojok", fresh.MAC) != name {
			t.Fatalf("online: %q and %q", k.OnlineAs("pojok", old.MAC), k.OnlineAs("pojok", fresh.MAC))
		}
	}
	if err := k.Shop.Vouchers.MoveDevice(ctx, o.Token, old); fault.CodeOf(err) != "limit.move" {
		t.Errorf("a fourth time: %v", err)
	}
	if err := k.Shop.Vouchers.MoveDevice(ctx, k.BuyOne().Token, old); fault.CodeOf(err) != "order.not_active" {
		t.Errorf("an unpaid order: %v", err)
	}
}

// The page of an ended voucher offers no device to connect, and neither does a page that was
// open when it ended: its router is not asked.
func TestAnEndedVoucherConnectsNoDevice(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "switched off", Test: func(t *testing.T, k *shoptest.Harness) {
		o := k.Bought()
		k.Join("pojok", "AA:BB:CC:00:00:01", "10.5.50.2")
		h := order.Hints{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}
		k.Must(k.Shop.Vouchers.Connect(ctx, o.Token, h))
		k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(k.VoucherOf(o), vouchers.KeepMoney)))
		k.WantCode(k.Shop.Vouchers.Connect(ctx, o.Token, h), "voucher.ended")
		k.WantCode(k.Shop.Vouchers.MoveDevice(ctx, o.Token, h), "voucher.ended")
	}}})
}
