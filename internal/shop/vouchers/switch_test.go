package vouchers_test

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/voucher"
)

func TestOneVoucher(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a sold one ends and lives again", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			k.Login("pojok", o)
			k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
			v := k.VoucherOf(o)
			in := k.SwitchForm(v, "")
			k.WantCode(k.Shop.Vouchers.DisableVoucher(ctx, in), "voucher.money")
			in.Money = vouchers.KeepMoney
			for _, bad := range []func(*vouchers.SwitchIn){func(x *vouchers.SwitchIn) { x.Typed = "lain" }, func(x *vouchers.SwitchIn) { x.Reason = " " }, func(x *vouchers.SwitchIn) { x.Sites = []string{"kos"} }} {
				wrong := in
				bad(&wrong)
				if err := k.Shop.Vouchers.DisableVoucher(ctx, wrong); err == nil {
					t.Fatal("accepted")
				}
			}
			k.WantVoucher(v, voucher.Active, false)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in)) // the same form again
			k.RunAll()
			k.WantVoucher(v, voucher.Disabled, false)
			if !k.Disabled("pojok", o.Username) || k.OnlineAs("pojok", "AA:BB:CC:00:00:99") != "" || k.AuditCount(o, "voucher.disable") != 1 {
				t.Fatal("it still works", k.AuditCount(o, "voucher.disable"))
			}
			if money, err := k.Store.AllRefunds(ctx, o.ID); err != nil || len(money) != 0 {
				t.Fatal("money moved by itself", err)
			}
			k.Want(o, order.Activated)
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.RunAll()
			if now := k.WantVoucher(v, voucher.Active, false); !now.EndedAt.IsZero() || k.Disabled("pojok", o.Username) || k.AuditCount(o, "voucher.enable") != 1 {
				t.Fatalf("%+v", now)
			}
			// Its time ran on: it ends when it would have ended.
			k.Advance(25 * time.Hour)
			k.WantVoucher(v, voucher.Expired, false)
			k.WantCode(k.Shop.Vouchers.DisableVoucher(ctx, in), "voucher.ended")
			k.WantCode(k.Shop.Vouchers.EnableVoucher(ctx, in), "voucher.ended")
		}},
		{Name: "the router is away: it is told when it is back, and only the last word counts", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			v := k.VoucherOf(o)
			in := k.SwitchForm(v, vouchers.KeepMoney)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.Advance(5 * time.Second)
			k.WantVoucher(v, voucher.Disabled, true)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			k.WantVoucher(v, voucher.Disabled, false)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.Advance(2 * time.Second)
			k.WantVoucher(v, voucher.Sold, true)
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			k.WantVoucher(v, voucher.Disabled, false)
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("the router did the first and not the last")
			}
		}},
		{Name: "one of the stock is not sold before its router lets it in again", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			b := k.Stocked("sehari", "pojok", 1)
			v := k.StockVoucher(b, 1)
			in := k.SwitchForm(v, "")
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			if !k.Disabled("pojok", v.Username) {
				t.Fatal("it still works")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.Advance(time.Second)
			for code, plan := range map[string]string{"stock.sold_out": "sehari", "stock.not_ready": ""} {
				name := v.Username
				if plan != "" {
					name = ""
				}
				_, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, plan, name))
				k.WantCode(err, code)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			k.WantVoucher(v, voucher.Stock, false)
			if _, err := k.Shop.Counter.SellFromStock(ctx, k.StockSaleForm(siti, "sehari", "")); err != nil || k.Disabled("pojok", v.Username) {
				t.Fatal(err)
			}
		}},
		{Name: "what went back stays off", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			v := k.VoucherOf(o)
			f := k.RequestRefund(o, k.Staff("siti"), 5000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			k.RunAll()
			k.WantVoucher(v, voucher.Disabled, false)
			k.WantCode(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(v, "")), "voucher.refunded")
		}},
		{Name: "what the router never had cannot live again", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropBefore: true, Only: "/ip/hotspot/user/add"})
			b := k.NewBatch("sehari", "pojok", 2)
			k.RunAll()
			v := k.StockVoucher(b, 1)
			in := k.SwitchForm(v, "")
			k.Must(k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.WantCode(k.Shop.Vouchers.EnableVoucher(ctx, in), "voucher.never_made")
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(40 * time.Second)
			if now := k.StockVoucher(b, 1); !now.MadeAt.IsZero() || k.StockVoucher(b, 2).MadeAt.IsZero() {
				t.Fatalf("%+v", now)
			}
		}},
		{Name: "a look at a code is in the trail", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 1)
			v := k.StockVoucher(b, 1)
			k.Must(k.Shop.Vouchers.SeenVoucher(ctx, k.Staff("admin"), v))
			trail := strings.Join(k.Audits("voucher:"+v.ID), "\n")
			if !strings.Contains(trail, "voucher.reveal") || strings.Contains(trail, v.Username) || strings.Contains(trail, v.Password) {
				t.Fatal(trail)
			}
		}},
	})
}
