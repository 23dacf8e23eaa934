package vouchers_test

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
)

// keeps is the end that the router keeps for the customer.
func (k *reviewed) keeps() hotspot.Bound {
	_, b := hotspot.SplitBound(k.row(k.order.Username)["comment"])
	return b
}

// wantKept fails unless the router keeps the end that the books say, and no online time below
// what is left.
func (k *reviewed) wantKept() {
	k.Helper()
	if b, until := k.keeps(), k.until(); b != (hotspot.Bound{EndsAt: until.Unix()}) {
		k.Fatalf("the router keeps %+v, the books %s", b, until)
	}
	v := k.VoucherOf(k.order)
	if most, _ := k.RouterLimits(k.router, v); most < k.until().Sub(k.Clock.Now()) || most > k.until().Sub(v.SoldAt)+time.Second {
		k.Fatalf("the router gives %s of online time, sold at %s, until %s", most, v.SoldAt, k.until())
	}
}

// wantEnd fails unless a customer who is online, with the shop away, is let be until the end
// and not more than five minutes after it.
func (k *reviewed) wantEnd() {
	k.Helper()
	end := k.until()
	k.alone(end.Sub(k.Clock.Now())-time.Minute, end)
	if k.OnlineAs(k.router, customerPhone) == "" {
		k.Fatal("ended early")
	}
	if past := k.alone(30*time.Minute, end); past > 5*time.Minute || k.OnlineAs(k.router, customerPhone) != "" || !k.Disabled(k.router, k.order.Username) {
		k.Fatalf("online %s past the end", past)
	}
}

// What the router keeps follows each act of staff.
func TestEndsFollowActs(t *testing.T) {
	grant := func(k *reviewed, more time.Duration) {
		k.Helper()
		v := k.VoucherOf(k.order)
		k.Must(k.Shop.Vouchers.Grant(ctx, vouchers.GrantIn{ActIn: k.ActForm(v), More: voucher.Grant{Validity: more}, Had: v.Given}))
		k.RunAll()
	}
	suspend := func(k *reviewed) {
		k.Helper()
		k.Must(k.Shop.Vouchers.SuspendVoucher(ctx, k.ActForm(k.VoucherOf(k.order))))
		k.RunAll()
		k.wantOff()
	}
	letIn := func(k *reviewed) {
		k.Helper()
		k.Must(k.Shop.Vouchers.UnsuspendVoucher(ctx, k.ActForm(k.VoucherOf(k.order))))
		k.RunAll()
	}
	quiet := func(k *reviewed) {
		k.Helper()
		k.Review()
		k.WantNoAlerts()
	}
	onRouters(t, map[string]func(t *testing.T, k *reviewed){
		"suspended, and let in again": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			suspend(k)
			k.Clock.Add(2 * time.Hour)
			quiet(k)
			letIn(k)
			k.wantKept()
			quiet(k)
			k.Login(k.router, k.order)
			k.wantEnd()
		},
		"suspended, and let in by a hand while the shop is away": func(t *testing.T, k *reviewed) {
			suspend(k)
			k.set(k.order, "=disabled=no")
			k.Login(k.router, k.order)
			k.wantEnd()
		},
		"time added": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			before := k.until()
			grant(k, 3*time.Hour)
			if k.until().Sub(before) != 3*time.Hour {
				t.Fatal(k.until())
			}
			k.wantKept()
			quiet(k)
			k.wantEnd()
		},
		"time added and bought while it is suspended": func(t *testing.T, k *reviewed) {
			before := k.until()
			more, err := k.Shop.Orders.Extend(ctx, k.order.Token, again(k))
			k.Must(err)
			suspend(k)
			grant(k, 3*time.Hour)
			k.Pay(more)
			k.RunAll()
			quiet(k)
			k.wantOff()
			letIn(k)
			if k.until().Sub(before) != 27*time.Hour {
				t.Fatal(k.until())
			}
			k.wantKept()
			quiet(k)
			k.Login(k.router, k.order)
			k.wantEnd()
		},
		"time added before the first login": func(t *testing.T, k *reviewed) {
			k.plan = "login" + strings.TrimPrefix(k.plan, "beli")
			k.order = k.sell()
			grant(k, 3*time.Hour)
			if b := k.keeps(); b != (hotspot.Bound{After: 27 * time.Hour}) {
				t.Fatalf("%+v", b)
			}
			quiet(k)
			k.alone(time.Hour, time.Time{})
			k.Login(k.router, k.order)
			end := k.Clock.Now().Add(27 * time.Hour)
			if past := k.alone(28*time.Hour, end); past > 5*time.Minute || k.OnlineAs(k.router, customerPhone) != "" {
				t.Fatalf("online %s past the end", past)
			}
		},
		"moved to another router": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			k.Clock.Add(2 * time.Hour)
			k.Must(k.moveTo(to[k.router]))
			k.RunAll()
			k.router = to[k.router]
			k.wantHolder(k.router)
			k.wantKept()
			quiet(k)
			k.Login(k.router, k.order)
			grant(k, 3*time.Hour)
			k.wantKept()
			quiet(k)
			k.wantEnd()
		},
		"moved before the first login": func(t *testing.T, k *reviewed) {
			k.plan = "login" + strings.TrimPrefix(k.plan, "beli")
			k.order = k.sell()
			k.Must(k.moveTo(to[k.router]))
			k.RunAll()
			k.router = to[k.router]
			k.wantHolder(k.router)
			if b := k.keeps(); b != (hotspot.Bound{After: 24 * time.Hour}) {
				t.Fatalf("%+v", b)
			}
			quiet(k)
		},
	})
}
