package vouchers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/hotspot"
	"gerai/internal/shop/stock"
	"gerai/internal/shop/vouchers"
	"gerai/internal/testenv"
	"gerai/internal/voucher"
)

// Users of vouchers that ended leave their router after a week, or as long as the shop says;
// only ours, only for good, and never by a clock that is not believed.
func TestEndedUsersLeave(t *testing.T) {
	const week = 7 * 24 * time.Hour
	siti := actor.Named("staff:siti")
	// ended lets the voucher's two days pass and some time more, in which the outside agrees.
	ended := func(k *reviewed, more time.Duration) {
		k.Advance(49 * time.Hour)
		k.Review()
		k.Clock.Add(more)
		k.Must(k.Shop.Vouchers.VerifyClock(ctx))
		k.Must(k.Shop.Routers.CheckRouters(ctx))
		k.Review()
	}
	there := func(k *reviewed) bool { return k.row(k.order.Username) != nil }
	eachVersion(t, map[string]func(t *testing.T, k *reviewed){
		"after a week": func(t *testing.T, k *reviewed) {
			ended(k, week-2*time.Hour)
			if !there(k) {
				t.Fatal("gone too early")
			}
			k.Clock.Add(2 * time.Hour)
			k.Review()
			if there(k) || k.AuditCount(k.order, "voucher.remove") != 1 {
				t.Fatal("still there, or nothing says that it went")
			}
			k.Review()
			k.WantNoAlerts()
			if k.AuditCount(k.order, "voucher.remove") != 1 {
				t.Error("removed twice")
			}
		},
		"after as many days as the shop says": func(t *testing.T, k *reviewed) {
			for _, days := range []int{-1, 3651} {
				k.WantCode(k.Shop.Vouchers.SetKeepEndedDays(ctx, siti, days), "router.keep_ended")
			}
			k.Must(k.Shop.Vouchers.SetKeepEndedDays(ctx, siti, 2))
			ended(k, 2*24*time.Hour)
			if there(k) {
				t.Fatal("still there")
			}
		},
		"never, if the shop says so": func(t *testing.T, k *reviewed) {
			k.Must(k.Shop.Vouchers.SetKeepEndedDays(ctx, siti, 0))
			ended(k, 100*week)
			if !there(k) {
				t.Fatal("gone")
			}
		},
		"not by a clock that is ahead": func(t *testing.T, k *reviewed) {
			ended(k, 0)
			k.SetClock(8 * 24 * time.Hour)
			k.Must(k.Shop.Vouchers.VerifyClock(ctx))
			k.Review()
			if !there(k) {
				t.Fatal("gone")
			}
		},
		"not while the shop is held": func(t *testing.T, k *reviewed) {
			k.Hold(true)
			k.Review() // the router's scheduler stands still
			ended(k, week)
			if k.VoucherOf(k.order).State != voucher.Sold || !there(k) || k.Disabled(k.router, k.order.Username) {
				t.Fatal("something ended")
			}
			k.Hold(false)
			k.Advance(time.Minute)
			k.Review()
			if !k.Disabled(k.router, k.order.Username) {
				t.Fatal("not ended when the hold was over")
			}
			k.Hold(true)
			k.set(k.order, "=disabled=no") // books that may have forgotten an extension disable no user
			k.Clock.Add(2 * week)
			k.Review()
			if !there(k) || k.Disabled(k.router, k.order.Username) {
				t.Fatal("kept out, or removed")
			}
		},
		"not by a scheduler that was altered either": func(t *testing.T, k *reviewed) {
			k.Hold(true)
			k.hand("/system/scheduler/set", "=numbers="+hotspot.EndsScheduler, "=interval=1m")
			k.Review()
			if row := k.scheduler(); row["disabled"] != "true" {
				t.Fatalf("it runs on: %v", row)
			}
			k.wantTold("scheduler=1")
			k.Hold(false)
			k.Review()
			if row := k.scheduler(); row["disabled"] == "true" {
				t.Fatalf("it does not run again: %v", row)
			}
		},
		"and nothing that may have been paid for is taken away meanwhile": func(t *testing.T, k *reviewed) {
			k.Hold(true)
			k.set(k.order, "=limit-uptime=10h", "=limit-bytes-total=900000000")
			k.Review()
			k.WantNoAlerts()
			if row := k.row(k.order.Username); row["limit-uptime"] != "10h" || row["limit-bytes-total"] != "900000000" {
				t.Fatalf("the router holds %v", row)
			}
			k.Hold(false)
			k.Review()
			k.wantWhole(k.order)
		},
		"not what is somebody else's": func(t *testing.T, k *reviewed) {
			k.Advance(49 * time.Hour)
			k.Review()
			k.set(k.order, "=comment=vc-123-11.24.26-", "=password=x", "=profile=default")
			k.Clock.Add(2 * week)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Review()
			k.Review()
			if !there(k) {
				t.Fatal("gone")
			}
		},
		"not what may live again": func(t *testing.T, k *reviewed) {
			k.Login(k.router, k.order)
			k.Clock.Add(time.Minute)
			k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
			k.Must(k.Shop.Vouchers.SetKeepEndedDays(ctx, siti, 1))
			in := k.SwitchForm(k.VoucherOf(k.order), vouchers.KeepMoney)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			k.Review()
			k.Clock.Add(25 * time.Hour)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Review()
			k.Review()
			if !there(k) {
				t.Fatal("gone with what was used of it")
			}
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.RunAll()
			k.wantWhole(k.order)
		},
		"unused ones, which are made again if they live again": func(t *testing.T, k *reviewed) {
			k.Must(k.Shop.Vouchers.SetKeepEndedDays(ctx, siti, 1))
			in := k.SwitchForm(k.VoucherOf(k.order), vouchers.KeepMoney)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			k.Review()
			k.Clock.Add(25 * time.Hour)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			k.Review()
			if there(k) {
				t.Fatal("still there")
			}
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.RunAll()
			k.wantWhole(k.order)
			k.Review()
			k.WantNoAlerts()
		},
		"a batch that was ended": func(t *testing.T, k *reviewed) {
			b := k.Stocked(k.plan, k.router, 130)
			k.Review()
			_, err := k.Shop.Stock.DisableBatch(ctx, siti, stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "uji"})
			k.Must(err)
			ofBatch := func(enabled bool) (n int) {
				for _, row := range k.Routers[k.router].Rows("ip/hotspot/user") {
					if strings.Contains(row["comment"], "gb."+b.Code) && (!enabled || row["disabled"] != "true") {
						n++
					}
				}
				return n
			}
			// A router that is slow takes a part at a time: the job and the review go on.
			testenv.Eventually(t, time.Minute, func() (bool, string) {
				k.RunAll()
				k.Clock.Add(5 * time.Second)
				n := ofBatch(true)
				return n == 0, fmt.Sprintf("%d of 130 are enabled", n)
			})
			k.Review()
			k.Clock.Add(week)
			k.Must(k.Shop.Routers.CheckRouters(ctx))
			testenv.Eventually(t, time.Minute, func() (bool, string) {
				k.Review()
				n := ofBatch(false)
				return n == 0, fmt.Sprintf("%d of 130 are left", n)
			})
			if !there(k) {
				t.Error("another user went with them")
			}
		},
	})
}
