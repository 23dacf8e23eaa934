package vouchers_test

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/catalog"
)

// both logs two devices in with the order's credentials.
func (k *reviewed) both() {
	k.Helper()
	k.Login(k.router, k.order)
	k.Join(k.router, "AA:BB:CC:00:00:98", "10.5.50.98")
	k.hand("/ip/hotspot/active/login", "=user="+k.order.Username, "=password="+k.order.Password, "=ip=10.5.50.98", "=mac-address=AA:BB:CC:00:00:98")
}

// Online time counts over all devices that are online at once, and no customer is put offline
// for it before the end.
func TestEndsOfSeveralDevices(t *testing.T) {
	forTwo := func(k *reviewed) {
		k.Resell(func(c *catalog.Catalogue) {
			for i := range c.Plans {
				if c.Plans[i].ID == k.plan {
					c.Plans[i].SharedUsers = 2
				}
			}
		})
	}
	wantEnd := func(k *reviewed) {
		k.Helper()
		k.both()
		k.alone(k.until().Sub(k.Clock.Now())-2*time.Hour, time.Time{})
		if k.OnlineAs(k.router, customerPhone) == "" || k.OnlineAs(k.router, "AA:BB:CC:00:00:98") == "" {
			k.Fatalf("cut off %s before the end, the router gives %s", k.until().Sub(k.Clock.Now()), k.row(k.order.Username)["limit-uptime"])
		}
		k.wantEnd()
	}
	onRouters(t, map[string]func(t *testing.T, k *reviewed){
		"a profile of the operator's": func(_ *testing.T, k *reviewed) {
			k.hand("/ip/hotspot/user/profile/add", "=name=bersama", "=shared-users=2")
			k.Resell(func(c *catalog.Catalogue) {
				for i := range c.Plans {
					if c.Plans[i].ID == k.plan {
						c.Plans[i].Profile = "bersama"
					}
				}
			})
			k.order = k.sell()
			k.Review()
			k.WantNoAlerts()
			wantEnd(k)
		},
		"the plan is for more devices than when it was sold": func(_ *testing.T, k *reviewed) {
			forTwo(k)
			k.Review()
			k.WantNoAlerts()
			k.sell() // has the profile of the plan let two in
			wantEnd(k)
		},
		"made longer for more devices": func(_ *testing.T, k *reviewed) {
			forTwo(k)
			k.Extend(k.order)
			k.RunAll()
			k.Resell(func(c *catalog.Catalogue) {
				for i := range c.Plans {
					if c.Plans[i].ID == k.plan {
						c.Plans[i].SharedUsers = 1
					}
				}
			})
			k.Review()
			k.WantNoAlerts()
			wantEnd(k)
		},
		"first login while the shop is away": func(t *testing.T, k *reviewed) {
			k.hand("/ip/hotspot/user/profile/add", "=name=bersama", "=shared-users=2")
			k.plan = "login" + strings.TrimPrefix(k.plan, "beli")
			k.Resell(func(c *catalog.Catalogue) {
				for i := range c.Plans {
					if c.Plans[i].ID == k.plan {
						c.Plans[i].Profile = "bersama"
					}
				}
			})
			k.order = k.sell()
			k.alone(2*time.Hour, time.Time{})
			k.both()
			began := k.Clock.Now()
			k.alone(3*time.Hour, time.Time{})
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Review()
			if early := began.Sub(k.VoucherOf(k.order).FirstLoginAt); early > time.Minute {
				t.Fatalf("it counts from %s before the first login", early)
			}
		},
	})
}
