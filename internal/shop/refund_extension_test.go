package shop_test

import (
	"testing"
	"time"

	"gerai/internal/order"

	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
)

// extension is a one-hour voucher with one extension, and the voucher as it was
// before.
func extension(t *testing.T, k *shoptest.Harness) (root, more order.Order, before store.Voucher) {
	t.Helper()
	root = k.Buy("sejam", "qris")
	k.Pay(root)
	k.RunAll()
	before = voucherOf(t, k, root)
	more = extend(t, k, root)
	k.RunAll()
	k.Want(more, order.Activated)
	return root, more, before
}

func refunded(t *testing.T, k *shoptest.Harness, o order.Order) order.Refund {
	t.Helper()
	f := request(t, k, o, person(t, k, "siti"), int(o.Total))
	must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
	return f
}

func wantLimits(t *testing.T, k *shoptest.Harness, v store.Voucher, hours int) {
	t.Helper()
	if up, data := limits(t, k, "pojok", v); up != time.Duration(hours)*time.Hour || data != int64(hours)*500_000_000 {
		t.Fatalf("limits %s and %d, want those of %d hours", up, data, hours)
	}
}

func TestRefundsOfExtensions(t *testing.T) {
	run(t, []row{
		{"its time and data are taken back before its money goes", func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			wantLimits(t, k, before, 2)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			f := refunded(t, k, more)
			k.Advance(10 * time.Second)
			wantState(t, k, f, order.RefundApproved)
			if n, _ := atGateway(t, k, more); n != 0 {
				t.Fatal("the money went first")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 1}) // done, and asked again
			k.Advance(30 * time.Second)
			wantState(t, k, f, order.RefundDone)
			k.Want(more, order.Refunded)
			k.Want(root, order.Activated)
			wantLimits(t, k, before, 1)
			if now := voucherOf(t, k, root); now.State != store.VoucherSold || !now.ValidUntil.Equal(before.ValidUntil) || !k.Order(root).ValidUntil.Equal(before.ValidUntil) {
				t.Fatalf("%+v", now)
			}
			if k.Disabled("pojok", before.Username) {
				t.Fatal("the voucher ended with its extension")
			}
			// What is put back later is what is left.
			must(t, k.RemoveUser("pojok", before.Username))
			must(t, k.Shop.Vouchers.Restore(ctx, "staff:siti", root.ID))
			wantLimits(t, k, before, 1)
			extend(t, k, root)
			k.RunAll()
			wantLimits(t, k, before, 2)
		}},
		{"what was used of it stays used: the voucher ends now", func(t *testing.T, k *shoptest.Harness) {
			root, more, before := extension(t, k)
			k.Advance(90 * time.Minute)
			f := refunded(t, k, more)
			k.Advance(5 * time.Second)
			wantState(t, k, f, order.RefundDone)
			if now := voucherOf(t, k, root); now.State != store.VoucherExpired || now.ValidUntil.Before(before.ValidUntil) || !k.Disabled("pojok", before.Username) {
				t.Fatalf("%+v", now)
			}
		}},
		{"before the first login only what is left adds up", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			more := extend(t, k, o)
			k.RunAll()
			refunded(t, k, more)
			k.RunAll()
			k.Want(more, order.Refunded)
			k.Login("pojok", o)
			must(t, k.Shop.Vouchers.ObserveLogins(ctx))
			if v := voucherOf(t, k, o); v.ValidUntil.Sub(v.FirstLoginAt) != 24*time.Hour {
				t.Fatal(v.ValidUntil.Sub(v.FirstLoginAt))
			}
		}},
		{"one of two extensions: the other one stays", func(t *testing.T, k *shoptest.Harness) {
			root, first, before := extension(t, k)
			extend(t, k, root)
			k.RunAll()
			refunded(t, k, first)
			k.RunAll()
			wantLimits(t, k, before, 2)
			if now := voucherOf(t, k, root); now.ValidUntil.Sub(before.ValidUntil) != time.Hour {
				t.Fatal(now.ValidUntil.Sub(before.ValidUntil))
			}
		}},
		{"the money let go without waiting: the router hears of it all the same", func(t *testing.T, k *shoptest.Harness) {
			_, more, before := extension(t, k)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			f := refunded(t, k, more)
			k.Advance(3 * time.Second)
			must(t, k.Shop.Refunds.SkipStop(ctx, yes(f, person(t, k, "lain"))))
			k.Advance(5 * time.Second)
			wantState(t, k, f, order.RefundDone)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			wantLimits(t, k, before, 1)
		}},
		{"paid and not delivered: the voucher is left alone", func(t *testing.T, k *shoptest.Harness) {
			root := k.Buy("sejam", "qris")
			k.Pay(root)
			k.RunAll()
			before := voucherOf(t, k, root)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			more := extend(t, k, root)
			k.Advance(3 * time.Second)
			k.Want(more, order.Paid)
			f := refunded(t, k, more)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			wantState(t, k, f, order.RefundDone)
			k.Want(more, order.Refunded)
			wantLimits(t, k, before, 1)
			if now := voucherOf(t, k, root); now != before || k.Disabled("pojok", before.Username) {
				t.Fatalf("%+v, was %+v", now, before)
			}
		}},
		{"given by a router whose answer was lost, then refunded: taken back", func(t *testing.T, k *shoptest.Harness) {
			root := k.Buy("sejam", "qris")
			k.Pay(root)
			k.RunAll()
			before := voucherOf(t, k, root)
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropAfter: true, Only: "/ip/hotspot/user/set", Count: 1})
			more := extend(t, k, root)
			k.RunAll()
			if k.Want(more, order.Paid); voucherOf(t, k, root) != before {
				t.Fatal("delivered")
			}
			wantLimits(t, k, before, 2)
			f := refunded(t, k, more)
			k.Advance(20 * time.Second)
			wantState(t, k, f, order.RefundDone)
			k.Want(more, order.Refunded)
			wantLimits(t, k, before, 1)
			k.Want(root, order.Activated)
		}},
		{"the root goes back: its extensions are asked for with it", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := person(t, k, "siti"), person(t, k, "admin")
			root, more, before := extension(t, k)
			in := back(t, k, root, siti, int(root.Total))
			in.Extensions = true
			for range 2 { // the same form twice
				_, err := k.Shop.Refunds.RequestRefund(ctx, in)
				must(t, err)
			}
			queue, err := k.Store.RefundQueue(ctx, nil, 10)
			if err != nil || len(queue) != 2 {
				t.Fatal(queue, err)
			}
			for _, f := range queue {
				must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)))
			}
			k.Advance(10 * time.Second)
			k.Want(root, order.Refunded)
			k.Want(more, order.Refunded)
			if !k.Disabled("pojok", before.Username) || voucherOf(t, k, root).State != store.VoucherDisabled {
				t.Fatal("the voucher still works")
			}
			wantNoAlerts(t, k)
		}},
		{"a part of the root's money leaves extensions alone", func(t *testing.T, k *shoptest.Harness) {
			siti := person(t, k, "siti")
			root, _, _ := extension(t, k)
			in := back(t, k, root, siti, 500)
			in.Extensions = true
			_, err := k.Shop.Refunds.RequestRefund(ctx, in)
			must(t, err)
			if queue, err := k.Store.RefundQueue(ctx, nil, 10); err != nil || len(queue) != 1 {
				t.Fatal(queue, err)
			}
		}},
	})
}
