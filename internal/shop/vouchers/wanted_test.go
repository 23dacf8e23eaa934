package vouchers_test

import (
	"slices"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/voucher"
)

// A voucher that ends is never enabled on its router, whatever else is under way.
func TestWhatEndsIsNotEnabled(t *testing.T) {
	// ending sells a voucher whose refund is approved while its router has yet to hear.
	ending := func(k *shoptest.Harness) (order.Order, order.Refund) {
		o := k.BuyAndPay(routerossim.Faults{})
		f := k.RequestRefund(o, k.Staff("siti"), o.Total)
		k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
		return k.Order(o), f
	}
	shoptest.Run(t, []shoptest.Row{
		{Name: "an extension that is paid for while the refund is under way gets a voucher of its own", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyAndPay(routerossim.Faults{})
			more := k.Extend(o)
			f := k.RequestRefund(o, k.Staff("siti"), o.Total)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			if _, err := k.Shop.Orders.Reconcile(ctx, more.ID, k.GatewayID(more)); err != nil {
				t.Fatal(err)
			}
			k.Must(k.Shop.Vouchers.Activate(ctx, jobs.Job{Kind: jobs.OrderActivate, Subject: string(more.ID)})) // before the refund's own job
			k.RunAll()
			now := k.Want(more, order.Activated)
			if k.VoucherOf(o).State != voucher.Disabled || !k.Disabled("pojok", k.Order(o).Username) {
				t.Error("the refunded voucher works")
			}
			if own := k.VoucherOf(more); own.State != voucher.Sold || own.Username != now.Username || k.Disabled("pojok", own.Username) {
				t.Errorf("paid for and not delivered: %+v", own)
			}
		}},
		{Name: "a user that its router lost is not put back", Test: func(t *testing.T, k *shoptest.Harness) {
			o, _ := ending(k)
			k.Must(k.RemoveUser("pojok", o.Username))
			if err := k.PutBack(o); fault.CodeOf(err) != "voucher.ended" {
				t.Fatal(err)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.Clock.Add(time.Minute)
			k.CheckRoutersUntilUp()
			if users := k.Users("pojok"); len(users) != 0 || k.AuditCount(o, "voucher.restore") != 0 {
				t.Fatal(users)
			}
			k.RunAll()
			if k.VoucherOf(o).State != voucher.Disabled {
				t.Fatal(k.VoucherOf(o).State)
			}
		}},
		{Name: "one of a batch that is over is not made again", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sejam", "pojok", 2)
			k.LoginVoucher("pojok", 1, k.StockVoucher(b, 1))
			k.WipeUsers("pojok")
			k.Routers["pojok"].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.Clock.Add(time.Minute)
			k.CheckRoutersUntilUp()
			if v := k.StockVoucher(b, 1); v.State != voucher.Active || !v.MadeAt.IsZero() {
				t.Fatalf("not missed: %+v", v)
			}
			k.Clock.Add(2 * time.Hour)
			k.RunAll()
			if v := k.StockVoucher(b, 1); v.State != voucher.Expired {
				t.Fatalf("%+v", v)
			}
			other := k.StockVoucher(b, 2)
			for _, row := range k.Routers["pojok"].Rows("ip/hotspot/user") {
				if row["name"] == k.StockVoucher(b, 1).Username {
					t.Error("made again")
				}
			}
			if other.MadeAt.IsZero() || k.Disabled("pojok", other.Username) {
				t.Errorf("%+v", other)
			}
			if b, err := k.Store.Batch(ctx, b.ID); err != nil || b.State != voucher.BatchDone {
				t.Error(b.State, err)
			}
		}},
		{Name: "a clock that is ahead does not keep one from being enabled again", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			in := k.SwitchForm(k.VoucherOf(o), vouchers.KeepMoney)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			wantUser(t, k, o, false)
			k.Routers["pojok"].SetFaults(shoptest.RouterDown)
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.Advance(2 * time.Second)
			k.SetClock(25 * time.Hour)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			k.WantVoucher(k.VoucherOf(o), voucher.Sold, true)
			k.SetClock(0)
			k.Advance(time.Minute)
			k.WantVoucher(k.VoucherOf(o), voucher.Sold, false)
			wantUser(t, k, o, true)
		}},
		{Name: "a clock that is ahead does not keep one of a batch from being made again", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sejam", "pojok", 1)
			k.LoginVoucher("pojok", 1, k.StockVoucher(b, 1))
			k.WipeUsers("pojok")
			k.Routers["pojok"].SetFaults(routerossim.Faults{Reboot: true, RebootMS: 1})
			k.Clock.Add(time.Minute)
			k.CheckRoutersUntilUp()
			if v := k.StockVoucher(b, 1); v.State != voucher.Active || !v.MadeAt.IsZero() {
				t.Fatalf("not missed: %+v", v)
			}
			k.SetClock(25 * time.Hour)
			k.Advance(20 * time.Second)
			k.SetClock(0)
			k.Advance(time.Minute)
			v := k.StockVoucher(b, 1)
			there := slices.ContainsFunc(k.Routers["pojok"].Rows("ip/hotspot/user"), func(row map[string]string) bool { return row["name"] == v.Username })
			if v.State != voucher.Active || !there || k.Disabled("pojok", v.Username) {
				t.Fatalf("%+v, on its router: %v", v, there)
			}
		}},
	})
}
