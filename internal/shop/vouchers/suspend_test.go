package vouchers_test

import (
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
)

const customerPhone = "AA:BB:CC:00:00:99" // that Harness.Login uses

// online has a customer use the voucher, and the shop see it.
func (k *reviewed) online() {
	k.Helper()
	k.Login(k.router, k.order)
	k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
}

// wantOff fails unless the router keeps the customer out, as our books want it.
func (k *reviewed) wantOff() {
	k.Helper()
	if !k.Disabled(k.router, k.order.Username) || k.OnlineAs(k.router, customerPhone) != "" {
		k.Fatalf("online as %q, the router holds %v", k.OnlineAs(k.router, customerPhone), k.row(k.order.Username))
	}
}

func TestSuspending(t *testing.T) {
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"offline at once, kept out, and let in again with what it had": func(t *testing.T, k *reviewed) {
			k.online()
			v := k.VoucherOf(k.order)
			in := k.ActForm(v)
			for _, bad := range []func(*vouchers.ActIn){func(x *vouchers.ActIn) { x.Typed = "lain" }, func(x *vouchers.ActIn) { x.Reason = " " }, func(x *vouchers.ActIn) { x.Sites = []string{"x"} }} {
				wrong := in
				bad(&wrong)
				if err := k.Shop.Vouchers.SuspendVoucher(ctx, wrong); err == nil {
					t.Fatal("accepted")
				}
			}
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, in))
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, in)) // the same form again
			k.RunAll()
			k.wantOff()
			now := k.WantVoucher(v, voucher.Active, false)
			if !now.ValidUntil.Equal(v.ValidUntil) || k.AuditCount(k.order, "voucher.suspend") != 1 {
				t.Fatalf("%+v", now)
			}
			// A hand at the router does not undo it, and that is told.
			k.Review()
			k.WantNoAlerts()
			k.set(k.order, "=disabled=no")
			k.Review()
			k.wantOff()
			k.wantTold("enabled=1")
			k.Review()
			k.WantNoAlerts()
			k.WantCode(k.Shop.Vouchers.Connect(ctx, k.order.Token, order.Hints{MAC: customerPhone, IP: "10.5.50.99"}), "voucher.suspended")
			k.WantCode(k.Shop.Vouchers.MoveDevice(ctx, k.order.Token, order.Hints{}), "voucher.suspended")
			k.WantCode(k.PutBack(k.order), "voucher.suspended")

			k.Must(k.Shop.Vouchers.UnsuspendVoucher(ctx, in))
			k.Must(k.Shop.Vouchers.UnsuspendVoucher(ctx, in))
			k.RunAll()
			k.WantVoucher(v, voucher.Active, false)
			k.wantWhole(k.order)
			k.Review()
			k.WantNoAlerts()
			if k.AuditCount(k.order, "voucher.unsuspend") != 1 {
				t.Fatal("let in twice")
			}
		},
		"the router is away: it hears when it is back, and only the last word counts": func(t *testing.T, k *reviewed) {
			k.online()
			v := k.VoucherOf(k.order)
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(v)))
			k.Advance(5 * time.Second)
			k.WantVoucher(v, voucher.Active, true)
			k.Routers[k.router].SetFaults(shoptest.RouterUp)
			k.Advance(10 * time.Second)
			k.WantVoucher(v, voucher.Active, false)
			k.wantOff()
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Must(k.Shop.Vouchers.UnsuspendVoucher(ctx, k.ActForm(v)))
			k.Advance(2 * time.Second)
			k.WantVoucher(v, voucher.Active, true)
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(v)))
			k.Routers[k.router].SetFaults(shoptest.RouterUp)
			k.Advance(10 * time.Second)
			k.WantVoucher(v, voucher.Active, false)
			k.wantOff()
		},
		"what was decided before a restore waits for what the books have forgotten": func(t *testing.T, k *reviewed) {
			k.online()
			v := k.VoucherOf(k.order)
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(v)))
			k.Advance(5 * time.Second)
			k.Hold(true)
			k.Routers[k.router].SetFaults(shoptest.RouterUp)
			k.Advance(time.Minute)
			if k.Disabled(k.router, k.order.Username) || k.OnlineAs(k.router, customerPhone) == "" {
				t.Fatal("put offline: the customer may have been let in again since the backup")
			}
			other := k.sell()
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(k.VoucherOf(other))))
			k.RunAll()
			if !k.Disabled(k.router, other.Username) {
				t.Fatal("what staff decide now does not count")
			}
			k.Hold(false)
			k.Advance(time.Minute)
			k.wantOff()
		},
		"its time goes on, and it ends when it would have ended": func(t *testing.T, k *reviewed) {
			v := k.VoucherOf(k.order)
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(v)))
			k.RunAll()
			k.Clock.Add(47*time.Hour + 50*time.Minute)
			k.Advance(15 * time.Minute)
			k.WantVoucher(v, voucher.Expired, false)
			k.WantCode(k.Shop.Vouchers.UnsuspendVoucher(ctx, k.ActForm(v)), "voucher.ended")
			k.Review()
			k.WantNoAlerts()
			k.wantOff()
		},
		"no more of it is sold meanwhile, and what was being paid for lengthens it": func(t *testing.T, k *reviewed) {
			more, err := k.Shop.Orders.Extend(ctx, k.order.Token, again(k))
			k.Must(err)
			v := k.VoucherOf(k.order)
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(v)))
			k.RunAll()
			if _, err := k.Shop.Orders.Extend(ctx, k.order.Token, again(k)); err == nil {
				t.Fatal("sold to who cannot use it")
			} else {
				k.WantCode(err, "voucher.suspended")
			}
			k.Pay(more)
			k.RunAll()
			k.Want(more, order.Activated)
			k.wantOff()
			if now := k.WantVoucher(v, voucher.Sold, false); !now.ValidUntil.Equal(v.ValidUntil.Add(48 * time.Hour)) {
				t.Fatalf("ends %v, was %v", now.ValidUntil, v.ValidUntil)
			}
			k.Must(k.Shop.Vouchers.UnsuspendVoucher(ctx, k.ActForm(v)))
			k.RunAll()
			if uptime, bytes := k.RouterLimits(k.router, v); uptime != 4*time.Hour || bytes != 1_000_000_000 {
				t.Fatal(uptime, bytes)
			}
		},
	})
}
