package vouchers_test

import (
	"testing"
	"time"

	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
)

func again(k *reviewed) orders.AgainIn {
	return orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"}
}

func TestGranting(t *testing.T) {
	more := voucher.Grant{Validity: 3 * time.Hour, Uptime: time.Hour, Data: 250_000_000}
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"its end, its limits, and the page grow, once": func(t *testing.T, k *reviewed) {
			v := k.VoucherOf(k.order)
			in := vouchers.GrantIn{ActIn: k.ActForm(v), More: more}
			k.WantCode(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: in.ActIn}), "voucher.grant_nothing")
			k.WantCode(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: in.ActIn, More: voucher.Grant{Data: voucher.MostGranted.Data + 1}}), "voucher.grant_most")
			k.Must(k.Shop.Vouchers.Grant(ctx, in))
			k.WantCode(k.Shop.Vouchers.Grant(ctx, in), "voucher.changed") // the same form again
			k.RunAll()
			now := k.WantVoucher(v, voucher.Sold, false)
			if until := v.ValidUntil.Add(3 * time.Hour); !now.ValidUntil.Equal(until) || !k.Order(k.order).ValidUntil.Equal(until) || now.Given != more || k.AuditCount(k.order, "voucher.grant") != 1 {
				t.Fatalf("%+v", now)
			}
			if uptime, bytes := k.RouterLimits(k.router, v); uptime != 3*time.Hour || bytes != 750_000_000 {
				t.Fatal(uptime, bytes)
			}
			view, err := k.Shop.Orders.Fresh(ctx, k.order.Token)
			if k.Must(err); view.Allowed.UptimeLimit != 3*time.Hour || view.Allowed.DataLimit != 750_000_000 {
				t.Fatalf("%+v", view.Allowed)
			}
			k.Review()
			k.WantNoAlerts()
			// It ends at its new end and no earlier, and a paid extension adds to it.
			k.Extend(k.order)
			k.RunAll()
			if uptime, _ := k.RouterLimits(k.router, v); uptime != 5*time.Hour {
				t.Fatal(uptime)
			}
			k.Clock.Add(97 * time.Hour)
			k.Advance(time.Hour)
			k.WantVoucher(v, voucher.Sold, false)
			k.Advance(2 * time.Hour)
			k.WantVoucher(v, voucher.Expired, false)
			k.WantCode(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: in.ActIn, More: more, Had: more}), "voucher.ended")
		},
		"one that is used up works again": func(t *testing.T, k *reviewed) {
			k.online()
			k.Clock.Add(2*time.Hour + time.Minute)
			if k.OnlineAs(k.router, customerPhone) != "" {
				t.Fatal("online past its limit")
			}
			v := k.VoucherOf(k.order)
			k.Must(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: k.ActForm(v), More: voucher.Grant{Uptime: time.Hour}}))
			k.RunAll()
			k.Login(k.router, k.order)
			if k.OnlineAs(k.router, customerPhone) == "" {
				t.Fatal("not let in")
			}
			k.Review()
			k.WantNoAlerts()
		},
		"the router is away: it hears when it is back": func(t *testing.T, k *reviewed) {
			v := k.VoucherOf(k.order)
			k.Routers[k.router].SetFaults(shoptest.RouterDown)
			k.Must(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: k.ActForm(v), More: more}))
			k.Advance(5 * time.Second)
			k.Routers[k.router].SetFaults(shoptest.RouterUp)
			k.Advance(10 * time.Second)
			if uptime, _ := k.RouterLimits(k.router, v); uptime != 3*time.Hour {
				t.Fatal(uptime)
			}
		},
	})
}

// What a plan leaves unlimited stays so.
func TestGrantingToWhatIsUnlimited(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "data", Test: func(t *testing.T, k *shoptest.Harness) {
		v := k.VoucherOf(k.Bought())
		k.WantCode(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: k.ActForm(v), More: voucher.Grant{Data: 1}}), "voucher.grant_unlimited")
		// Its validity counts from its first login: what is added counts from there, too.
		k.Must(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: k.ActForm(v), More: voucher.Grant{Validity: time.Hour}}))
		k.RunAll()
		k.Login("pojok", k.Order(k.Orders()[0]))
		k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
		if now := k.WantVoucher(v, voucher.Active, false); !now.ValidUntil.Equal(now.FirstLoginAt.Add(25 * time.Hour)) {
			t.Fatalf("%+v", now)
		}
	}}})
}
