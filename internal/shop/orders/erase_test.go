package orders_test

import (
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// known places an order whose customer left a number and a device.
func known(t *testing.T, k *shoptest.Harness, plan, method string) order.Order {
	t.Helper()
	in := k.Form(plan, method)
	in.Phone, in.Hints = "0812-3456-7890", order.Hints{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2", LoginURL: "http://wifi.kopi.example/login", OrigURL: "http://news.example/", ServerName: "hs1"}
	o, err := k.Shop.Orders.Place(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func anonymous(t *testing.T, k *shoptest.Harness, o order.Order) bool {
	t.Helper()
	now := k.Order(o)
	return now.Phone == "" && now.Hints == (order.Hints{})
}

func TestForget(t *testing.T) {
	refused := func(t *testing.T, k *shoptest.Harness, o order.Order) {
		t.Helper()
		if err := k.Shop.Orders.Erase(ctx, o.Token); fault.CodeOf(err) != "order.still_open" || anonymous(t, k, o) {
			t.Errorf("%s: %v", k.Order(o).Status, err)
		}
		if v, err := k.Shop.Orders.Fresh(ctx, o.Token); err != nil || v.Erasable {
			t.Errorf("the page offers it: %v", err)
		}
	}
	shoptest.Run(t, []shoptest.Row{
		{Name: "refused while the order is open, done once it is over", Test: func(t *testing.T, k *shoptest.Harness) {
			o := known(t, k, "sehari", "qris")
			refused(t, k, o)
			k.Pay(o)
			k.RunAll()
			if v, err := k.Shop.Orders.Fresh(ctx, o.Token); err != nil || !v.Erasable {
				t.Errorf("not offered: %v", err)
			}
			for range 2 {
				if err := k.Shop.Orders.Erase(ctx, o.Token); err != nil {
					t.Fatal(err)
				}
			}
			if !anonymous(t, k, o) || k.AuditCount(o, "order.forget") != 1 {
				t.Errorf("%+v, %d rows", k.Order(o).Hints, k.AuditCount(o, "order.forget"))
			}
			if v, err := k.Shop.Orders.View(ctx, o.Token); err != nil || v.Erasable || v.Order.Phone != "" || v.LoginURL != "" {
				t.Errorf("the page still knows: %v", err)
			}
			k.Want(o, order.Activated) // the voucher stays what it is
		}},
		{Name: "nobody paid", Test: func(t *testing.T, k *shoptest.Harness) {
			o := known(t, k, "sehari", "qris")
			k.Advance(40 * time.Minute)
			if err := k.Shop.Orders.Erase(ctx, o.Token); err != nil || !anonymous(t, k, o) {
				t.Error(err)
			}
			// Late money still arrives at the right order.
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{Name: "money is owed: we may have to call", Test: func(t *testing.T, k *shoptest.Harness) {
			short := known(t, k, "bulanan", "va:BCA")
			k.PayAmount(short, 60000)
			k.Advance(40 * time.Minute)
			refused(t, k, short)
			twice := known(t, k, "bulanan", "va:BCA")
			old := k.Reference(twice)
			if err := k.Shop.Orders.SwitchMethod(ctx, twice.Token, "qris", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			k.Pay(twice)
			k.PayReference(old, 0)
			k.RunAll()
			refused(t, k, twice)
			owed, err := k.Store.Refunds(ctx, twice.ID)
			if err != nil || len(owed) != 1 {
				t.Fatal(owed, err)
			}
			if err := k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
				_, err := tx.FinishRefund(ctx, owed[0].ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := k.Shop.Orders.Erase(ctx, twice.Token); err != nil || !anonymous(t, k, twice) {
				t.Error(err)
			}
		}},
	})
}
