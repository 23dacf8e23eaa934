package vouchers_test

import (
	"slices"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/voucher"
)

// A review that looks, then decides, then writes meets everything else in between. The books
// win, whichever the router heard last.
func TestReviewRaces(t *testing.T) {
	hand := func(k *shoptest.Harness, o order.Order, words ...string) {
		k.Helper()
		k.Must(k.Routers["pojok"].Command(append([]string{"/ip/hotspot/user/set", "=numbers=" + o.Username}, words...)...))
	}
	bought := func(k *shoptest.Harness) order.Order {
		k.Clock.Add(time.Hour)
		o := k.Buy("sejam", "qris")
		k.Pay(o)
		k.RunAll()
		k.Review()
		return k.Want(o, order.Activated)
	}
	told := func(k *shoptest.Harness) bool { return slices.Contains(k.Alerts(), "router_users") }
	runRaces(t, []raceRow{
		{"its time ends while it is being enabled", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			hand(k, o, "=disabled=yes")
			at(&r.correct, func() { k.Advance(2 * time.Hour) })
			k.Review()
			if k.VoucherOf(o).State != voucher.Expired || !k.Disabled("pojok", o.Username) {
				t.Fatalf("%s, and its user is enabled", k.VoucherOf(o).State)
			}
		}},
		{"staff switch it off while its limits are put back", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			hand(k, o, "=limit-uptime=0s", "=disabled=yes")
			at(&r.correct, func() {
				k.Must(k.Shop.Vouchers.DisableVoucher(ctx, k.SwitchForm(k.VoucherOf(o), vouchers.KeepMoney)))
				k.RunAll()
			})
			k.Review()
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("enabled again")
			}
		}},
		{"a refund is approved while it is being enabled", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			hand(k, o, "=disabled=yes")
			at(&r.correct, func() {
				k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(k.RequestRefund(o, k.OnShift("siti"), o.Total), k.Staff("admin"))))
				k.RunAll()
			})
			k.Review()
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("enabled again")
			}
		}},
		{"it is made longer while its limits are put back", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			hand(k, o, "=limit-uptime=0s")
			at(&r.correct, func() {
				k.Extend(o)
				k.RunAll()
			})
			k.Review()
			if up, data := k.RouterLimits("pojok", k.VoucherOf(o)); up != 2*time.Hour || data != 1_000_000_000 {
				t.Errorf("limits %s and %d", up, data)
			}
		}},
		{"it is enabled by staff while it is being kept out", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			in := k.SwitchForm(k.VoucherOf(o), vouchers.KeepMoney)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			hand(k, o, "=disabled=no")
			at(&r.correct, func() {
				k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
				k.RunAll()
			})
			k.Review()
			if k.Disabled("pojok", o.Username) || k.VoucherOf(o).State != voucher.Sold {
				t.Fatal("kept out")
			}
		}},
		{"it ends between the look at the router and the look at the books", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			at(&r.list, func() { k.Advance(2 * time.Hour) })
			hand(k, o, "=comment=x "+"gerai."+string(o.Code)) // its row is looked at
			k.Review()
			if told(k) || !k.Disabled("pojok", o.Username) {
				t.Error("told of an end of our own")
			}
		}},
		{"a person puts it right in between", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			hand(k, o, "=disabled=yes")
			at(&r.correct, func() { hand(k, o, "=disabled=no") })
			k.Review()
			if told(k) || k.AuditCount(o, "voucher.correct") != 0 {
				t.Error("told of what a person put right")
			}
		}},
		{"one is sold while the router is looked at", func(t *testing.T, k *shoptest.Harness, r *race) {
			bought(k)
			var o order.Order
			at(&r.list, func() { o = k.Bought() })
			k.Review()
			k.WantNoAlerts()
			k.Review()
			k.WantNoAlerts()
			wantUser(t, k, o, true)
		}},
		{"a device moves while its voucher is corrected", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := bought(k)
			k.Login("pojok", o)
			hand(k, o, "=limit-uptime=0s")
			second := k.Device(2)
			at(&r.correct, func() { k.Must(k.Shop.Vouchers.MoveDevice(ctx, o.Token, second)) })
			k.Review()
			if k.OnlineAs("pojok", second.MAC) != o.Username || k.OnlineAs("pojok", "AA:BB:CC:00:00:99") != "" {
				t.Error("the device did not move")
			}
			if up, _ := k.RouterLimits("pojok", k.VoucherOf(o)); up != time.Hour {
				t.Errorf("limit %s", up)
			}
		}},
		{"one lives again while its user leaves the router", func(t *testing.T, k *shoptest.Harness, r *race) {
			k.Clock.Add(time.Hour)
			o := k.Bought() // not used: its validity has not begun
			in := k.SwitchForm(k.VoucherOf(o), vouchers.KeepMoney)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			k.Review()
			k.Clock.Add(8 * 24 * time.Hour)
			verify(t, k)
			at(&r.remove, func() { k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in)) })
			k.Review()
			if len(k.Users("pojok")) != 0 {
				t.Fatal("the test removed nobody")
			}
			k.RunAll()
			k.Review()
			wantUser(t, k, k.Order(o), true)
			k.WantNoAlerts()
		}},
	})
}
