package vouchers_test

import (
	"slices"
	"testing"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/voucher"
)

// to is where the vouchers of these tests move: from version 6 to 7 and from 7 to 6.
var to = map[string]string{"pojok": "melati-b", "melati-a": "pojok"}

func (k *reviewed) moveTo(router string) error {
	return k.Shop.Vouchers.MoveVoucher(ctx, vouchers.MoveIn{ActIn: k.ActForm(k.VoucherOf(k.order)), RouterID: router})
}

// wantHolder fails unless one router alone holds the order's user, enabled.
func (k *reviewed) wantHolder(router string) {
	k.Helper()
	for id := range k.Routers {
		if has := slices.Contains(k.Users(id), k.order.Username); has != (id == router) || has && k.Disabled(id, k.order.Username) {
			k.Fatalf("%s holds the user: %t, disabled %t; it belongs on %s", id, has, k.Disabled(id, k.order.Username), router)
		}
	}
	if v := k.VoucherOf(k.order); v.RouterID != router || k.Order(k.order).RouterID != router {
		k.Fatalf("the books say %s and %s", v.RouterID, k.Order(k.order).RouterID)
	}
}

func (k *reviewed) wantLimits(router string, uptime time.Duration, bytes int64) {
	k.Helper()
	if u, b := k.RouterLimits(router, k.VoucherOf(k.order)); u.Round(time.Minute) != uptime || b != bytes {
		k.Fatalf("%s gives %s and %d bytes, want %s and %d", router, u, b, uptime, bytes)
	}
}

// use has the customer be online for half an hour and move a hundred megabytes.
func (k *reviewed) use(router string) {
	k.Helper()
	k.Login(router, k.order)
	k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
	k.Routers[router].Traffic(customerPhone, 40_000_000, 60_000_000)
	k.Clock.Add(30 * time.Minute)
}

func TestMoving(t *testing.T) {
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"what is left moves along, and the old router lets go": func(t *testing.T, k *reviewed) {
			from, dest := k.router, to[k.router]
			k.use(from)
			k.Must(k.moveTo(dest))
			k.Must(k.moveTo(dest)) // the same form again
			k.RunAll()
			k.wantHolder(dest)
			if k.OnlineAs(from, customerPhone) != "" {
				t.Fatal("still online at the old router")
			}
			k.wantLimits(dest, 90*time.Minute, 400_000_000)
			k.WantVoucher(k.VoucherOf(k.order), voucher.Active, false)
			if k.AuditCount(k.order, "voucher.move") != 1 || k.AuditCount(k.order, "voucher.leave") != 1 {
				t.Fatal(k.Audits("order:" + string(k.order.ID)))
			}
			k.Review()
			k.WantNoAlerts()
			// Used there as well, and back again: nothing is given twice.
			k.use(dest)
			if u := k.Shop.Vouchers.UsageOf(ctx, k.VoucherOf(k.order)); u.Uptime.Round(time.Minute) != time.Hour || u.Bytes != 200_000_000 || u.LimitUptime.Round(time.Minute) != 2*time.Hour || u.LimitBytes != 500_000_000 {
				t.Fatalf("people read %+v", u)
			}
			k.Must(k.moveTo(from))
			k.RunAll()
			k.wantHolder(from)
			k.wantLimits(from, time.Hour, 300_000_000)
			k.Review()
			k.WantNoAlerts()
			// It ends where it is, at its time.
			k.Clock.Add(46 * time.Hour)
			k.Advance(2 * time.Hour)
			k.WantVoucher(k.VoucherOf(k.order), voucher.Expired, false)
			k.wantOff()
		},
		"F78 the old router is away: it lets go when it is back, and what it counted is taken off": func(t *testing.T, k *reviewed) {
			from, dest := k.router, to[k.router]
			k.use(from)
			k.Review() // what was used is known from here
			k.Routers[from].SetFaults(shoptest.RouterDown)
			k.Clock.Add(10 * time.Minute) // and ten minutes are not
			k.Must(k.moveTo(dest))
			k.Advance(5 * time.Second)
			if !slices.Contains(k.Users(dest), k.order.Username) || k.VoucherOf(k.order).RouterID != dest {
				t.Fatal("the new router does not wait for the old one")
			}
			k.wantLimits(dest, 90*time.Minute, 400_000_000)
			if n, err := k.Store.StillHeld(ctx, from); err != nil || n != 1 {
				t.Fatal(n, err)
			}
			k.Routers[from].SetFaults(shoptest.RouterUp)
			k.Advance(20 * time.Second)
			k.wantHolder(dest)
			k.wantLimits(dest, 79*time.Minute, 400_000_000)
			if n, err := k.Store.StillHeld(ctx, from); err != nil || n != 0 {
				t.Fatal(n, err)
			}
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Review()
			k.WantNoAlerts()
		},
		"F78 back before the old router was: it goes on there with its own counters": func(t *testing.T, k *reviewed) {
			from, dest := k.router, to[k.router]
			k.use(from)
			k.Review()
			k.Routers[from].SetFaults(shoptest.RouterDown)
			k.Must(k.moveTo(dest))
			k.Advance(5 * time.Second)
			k.Must(k.moveTo(from))
			k.Advance(5 * time.Second)
			k.Routers[from].SetFaults(shoptest.RouterUp)
			k.Advance(20 * time.Second)
			k.wantHolder(from)
			k.wantLimits(from, 2*time.Hour, 500_000_000)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Review()
			k.WantNoAlerts()
		},
		"F78 the old router comes up from a backup that has the user": func(t *testing.T, k *reviewed) {
			from, dest := k.router, to[k.router]
			k.Must(k.moveTo(dest))
			k.RunAll()
			k.wantHolder(dest)
			k.Must(k.AddAsCrashed(k.order, from))
			k.Review()
			k.RunAll()
			k.wantHolder(dest)
			k.Review()
			k.WantNoAlerts()
		},
		"it ends in the books although the old router is away": func(t *testing.T, k *reviewed) {
			dest := to[k.router]
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Must(k.moveTo(dest))
			k.Clock.Add(47*time.Hour + 50*time.Minute)
			k.Advance(15 * time.Minute)
			k.WantVoucher(k.VoucherOf(k.order), voucher.Expired, false)
			if !k.Disabled(dest, k.order.Username) {
				t.Fatal("online past its end")
			}
			k.Routers[k.router].SetFaults(shoptest.RouterUp)
			k.Advance(20 * time.Second)
			if k.Users(k.router) != nil {
				t.Fatal("the old router holds it")
			}
		},
		"suspended it stays out on the new router": func(t *testing.T, k *reviewed) {
			dest := to[k.router]
			k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(k.VoucherOf(k.order))))
			k.RunAll()
			k.Must(k.moveTo(dest))
			k.RunAll()
			if slices.Contains(k.Users(dest), k.order.Username) && !k.Disabled(dest, k.order.Username) {
				t.Fatal("let in")
			}
			k.Must(k.Shop.Vouchers.UnsuspendVoucher(ctx, k.ActForm(k.VoucherOf(k.order))))
			k.RunAll()
			k.wantHolder(dest)
		},
		"a stranger's user of its name stays where it is": func(t *testing.T, k *reviewed) {
			dest := to[k.router]
			k.Must(k.RemoveUser(k.router, k.order.Username))
			k.stranger(k.order.Username)
			k.Must(k.moveTo(dest))
			k.RunAll()
			if row := k.row(k.order.Username); row == nil || row["disabled"] == "true" {
				t.Fatalf("%v", row)
			}
			k.Review()
			k.WantNoAlerts()
		},
	})
}

func TestMovingIsRefused(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "where what was used is not known", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			k.Login("pojok", k.Want(o, order.Activated))
			k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
			k.Routers["pojok"].SetFaults(shoptest.RouterDown)
			in := vouchers.MoveIn{ActIn: k.ActForm(k.VoucherOf(o)), RouterID: "melati-b"}
			k.WantCode(k.Shop.Vouchers.MoveVoucher(ctx, in), "voucher.use_unknown")
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Must(k.Shop.Vouchers.MoveVoucher(ctx, in))
			k.RunAll()
		}},
		{Name: "to a router that is off, unknown, or of somebody else", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Resell(func(c *catalog.Catalogue) { c.Routers[2].Disabled = true })
			v := k.VoucherOf(k.Bought())
			for _, id := range []string{"melati-b", "entah", ""} {
				k.WantCode(k.Shop.Vouchers.MoveVoucher(ctx, vouchers.MoveIn{ActIn: k.ActForm(v), RouterID: id}), "voucher.move_router")
			}
			in := vouchers.MoveIn{ActIn: k.ActForm(v), RouterID: "melati-a"}
			in.Sites = []string{"kopi"}
			k.WantCode(k.Shop.Vouchers.MoveVoucher(ctx, in), "voucher.move_router")
			k.WantVoucher(v, voucher.Sold, false)
		}},
	})
}

// A paper voucher that no order stands behind moves as well; its batch does not make it again
// where it was.
func TestMovingAPaperVoucher(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "and the new router loses it", Test: func(t *testing.T, k *shoptest.Harness) {
		b := k.Stocked("sehari", "pojok", 2)
		v := k.StockVoucher(b, 1)
		in := vouchers.MoveIn{ActIn: k.ActForm(v), RouterID: "melati-b"}
		k.WantCode(k.Shop.Vouchers.MoveVoucher(ctx, in), "voucher.not_sold")
		k.LoginVoucher("pojok", 1, v)
		k.Must(k.Shop.Vouchers.MoveVoucher(ctx, in))
		k.RunAll()
		k.WantVoucher(v, voucher.Active, false)
		holds := func(router string) bool {
			return slices.ContainsFunc(k.Routers[router].Rows("ip/hotspot/user"), func(row map[string]string) bool { return row["name"] == v.Username })
		}
		if holds("pojok") || !holds("melati-b") {
			t.Fatal("not where it belongs")
		}
		k.Clock.Add(time.Hour)
		k.Review()
		k.WantNoAlerts()
		k.WipeUsers("melati-b")
		k.Routers["melati-b"].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
		k.Clock.Add(5 * time.Minute)
		k.CheckRoutersUntilUp()
		k.RunAll()
		if holds("pojok") || !holds("melati-b") {
			t.Fatal("not put back where it belongs")
		}
	}}})
}
