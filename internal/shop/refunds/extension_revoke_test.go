package refunds_test

import (
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// extension is a one-hour voucher with one extension, and the voucher as it was
// before.
func extension(t *testing.T, k *shoptest.Harness) (root, more order.Order, before store.Voucher) {
	t.Helper()
	root = k.Buy("sejam", "qris")
	k.Pay(root)
	k.RunAll()
	before = k.VoucherOf(root)
	more = k.Extend(root)
	k.RunAll()
	k.Want(more, order.Activated)
	return root, more, before
}

func refunded(t *testing.T, k *shoptest.Harness, o order.Order) order.Refund {
	t.Helper()
	f := k.RequestRefund(o, k.Staff("siti"), o.Total)
	k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
	return f
}

func wantLimits(t *testing.T, k *shoptest.Harness, v store.Voucher, hours int) {
	t.Helper()
	if up, data := k.RouterLimits("pojok", v); up != time.Duration(hours)*time.Hour || data != int64(hours)*500_000_000 {
		t.Fatalf("limits %s and %d, want those of %d hours", up, data, hours)
	}
}

func TestRefundsOfExtensions(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "its time and data are taken back before its money goes", Test: func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			wantLimits(t, k, before, 2)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			f := refunded(t, k, more)
			k.Advance(10 * time.Second)
			k.WantRefund(f, order.RefundApproved)
			if n, _ := atGateway(t, k, more); n != 0 {
				t.Fatal("the money went first")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 1}) // done, and asked again
			k.Advance(30 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.Want(more, order.Refunded)
			k.Want(root, order.Activated)
			wantLimits(t, k, before, 1)
			if now := k.VoucherOf(root); now.State != voucher.Sold || !now.ValidUntil.Equal(before.ValidUntil) || !k.Order(root).ValidUntil.Equal(before.ValidUntil) {
				t.Fatalf("%+v", now)
			}
			if k.Disabled("pojok", before.Username) {
				t.Fatal("the voucher ended with its extension")
			}
			// What is put back later is what is left.
			k.Must(k.RemoveUser("pojok", before.Username))
			k.Must(k.PutBack(root))
			wantLimits(t, k, before, 1)
			k.Extend(root)
			k.RunAll()
			wantLimits(t, k, before, 2)
		}},
		{Name: "what was used of it stays used: the voucher ends now", Test: func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			k.Advance(90 * time.Minute)
			f := refunded(t, k, more)
			k.Advance(5 * time.Second)
			k.WantRefund(f, order.RefundDone)
			if now := k.VoucherOf(root); now.State != voucher.Expired || now.ValidUntil.Before(before.ValidUntil) || !k.Disabled("pojok", before.Username) {
				t.Fatalf("%+v", now)
			}
		}},
		{Name: "before the first login only what is left adds up", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			more := k.Extend(o)
			k.RunAll()
			refunded(t, k, more)
			k.RunAll()
			k.Want(more, order.Refunded)
			k.Login("pojok", o)
			k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
			if v := k.VoucherOf(o); v.ValidUntil.Sub(v.FirstLoginAt) != 24*time.Hour {
				t.Fatal(v.ValidUntil.Sub(v.FirstLoginAt))
			}
		}},
		{Name: "one of two extensions: the other one stays", Test: func(t *testing.T, k *shoptest.Harness) {
			root, first, before := extension(t, k)
			k.Extend(root)
			k.RunAll()
			refunded(t, k, first)
			k.RunAll()
			wantLimits(t, k, before, 2)
			if now := k.VoucherOf(root); now.ValidUntil.Sub(before.ValidUntil) != time.Hour {
				t.Fatal(now.ValidUntil.Sub(before.ValidUntil))
			}
		}},
		{Name: "the money let go without waiting: the router hears of it all the same", Test: func(t *testing.T, k *shoptest.Harness) {
			_, more, before := extension(t, k)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			f := refunded(t, k, more)
			k.Advance(3 * time.Second)
			k.Must(k.Shop.Refunds.SkipStop(ctx, shoptest.DecisionForm(f, k.Staff("lain"))))
			k.Advance(5 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			wantLimits(t, k, before, 1)
		}},
		{Name: "paid and not delivered: the voucher is left alone", Test: func(t *testing.T, k *shoptest.Harness) {
			root := k.Buy("sejam", "qris")
			k.Pay(root)
			k.RunAll()
			before := k.VoucherOf(root)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			more := k.Extend(root)
			k.Advance(3 * time.Second)
			k.Want(more, order.Paid)
			f := refunded(t, k, more)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.Want(more, order.Refunded)
			wantLimits(t, k, before, 1)
			if now := k.VoucherOf(root); now != before || k.Disabled("pojok", before.Username) {
				t.Fatalf("%+v, was %+v", now, before)
			}
		}},
		{Name: "given by a router whose answer was lost, then refunded: taken back", Test: func(t *testing.T, k *shoptest.Harness) {
			root := k.Buy("sejam", "qris")
			k.Pay(root)
			k.RunAll()
			before := k.VoucherOf(root)
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "/ip/hotspot/user/set", Count: 1})
			more := k.Extend(root)
			k.RunAll()
			if k.Want(more, order.Paid); k.VoucherOf(root) != before {
				t.Fatal("delivered")
			}
			wantLimits(t, k, before, 2)
			f := refunded(t, k, more)
			k.Advance(20 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.Want(more, order.Refunded)
			wantLimits(t, k, before, 1)
			k.Want(root, order.Activated)
		}},
		{Name: "the root goes back: its extensions are asked for with it", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.Staff("siti"), k.Staff("admin")
			root, more, before := extension(t, k)
			in := k.RefundForm(root, siti, root.Total)
			in.Extensions = true
			for range 2 { // the same form twice
				_, err := k.Shop.Refunds.RequestRefund(ctx, in)
				k.Must(err)
			}
			queue, err := k.Store.RefundQueue(ctx, nil, 10)
			if err != nil || len(queue) != 2 {
				t.Fatal(queue, err)
			}
			for _, f := range queue {
				k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			}
			k.Advance(10 * time.Second)
			k.Want(root, order.Refunded)
			k.Want(more, order.Refunded)
			if !k.Disabled("pojok", before.Username) || k.VoucherOf(root).State != voucher.Disabled {
				t.Fatal("the voucher still works")
			}
			k.WantNoAlerts()
		}},
		{Name: "a part of the root's money leaves extensions alone", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.Staff("siti")
			root, _, _ := extension(t, k)
			in := k.RefundForm(root, siti, 500)
			in.Extensions = true
			_, err := k.Shop.Refunds.RequestRefund(ctx, in)
			k.Must(err)
			if queue, err := k.Store.RefundQueue(ctx, nil, 10); err != nil || len(queue) != 1 {
				t.Fatal(queue, err)
			}
		}},
	})
}
