package shop_test

import (
	"strings"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
)

// flip is a confirmed form for one voucher.
func flip(t *testing.T, k *shoptest.Harness, v store.Voucher, money string) vouchers.SwitchIn {
	t.Helper()
	f, err := k.Shop.Vouchers.VoucherDetail(ctx, nil, v.ID)
	must(t, err)
	return vouchers.SwitchIn{ID: v.ID, Typed: strings.ToLower(f.Name()), Reason: "hilang", Money: money, Actor: shop.Actor{ID: "st", Name: "ani", AuditName: "staff:ani"}}
}

func sold(t *testing.T, k *shoptest.Harness, o order.Order) store.Voucher {
	t.Helper()
	v, found, err := k.Store.Voucher(ctx, o.ID)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	return v
}

func wantVoucher(t *testing.T, k *shoptest.Harness, v store.Voucher, state string, away bool) store.Voucher {
	t.Helper()
	f, err := k.Shop.Vouchers.VoucherDetail(ctx, nil, v.ID)
	if err != nil || f.Voucher.State != state || f.Away() != away {
		t.Fatalf("%s, router behind %v, want %s %v (%v)", f.Voucher.State, f.Away(), state, away, err)
	}
	return f.Voucher
}

func TestOneVoucher(t *testing.T) {
	run(t, []row{
		{"a sold one ends and lives again", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			k.Login("pojok", o)
			must(t, k.Shop.Vouchers.ObserveLogins(ctx))
			v := sold(t, k, o)
			in := flip(t, k, v, "")
			wantCode(t, k.Shop.Vouchers.DisableVoucher(ctx, in), "voucher.money")
			in.Money = vouchers.KeepMoney
			for _, bad := range []func(*vouchers.SwitchIn){func(x *vouchers.SwitchIn) { x.Typed = "lain" }, func(x *vouchers.SwitchIn) { x.Reason = " " }, func(x *vouchers.SwitchIn) { x.Sites = []string{"kos"} }} {
				wrong := in
				bad(&wrong)
				if err := k.Shop.Vouchers.DisableVoucher(ctx, wrong); err == nil {
					t.Fatal("accepted")
				}
			}
			wantVoucher(t, k, v, store.VoucherActive, false)
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, in))
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, in)) // the same form again
			k.RunAll()
			wantVoucher(t, k, v, store.VoucherDisabled, false)
			if !k.Disabled("pojok", o.Username) || k.OnlineAs("pojok", "AA:BB:CC:00:00:99") != "" || k.AuditCount(o, "voucher.disable") != 1 {
				t.Fatal("it still works", k.AuditCount(o, "voucher.disable"))
			}
			if money, err := k.Store.AllRefunds(ctx, o.ID); err != nil || len(money) != 0 {
				t.Fatal("money moved by itself", err)
			}
			k.Want(o, order.Activated)
			must(t, k.Shop.Vouchers.EnableVoucher(ctx, in))
			must(t, k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.RunAll()
			if now := wantVoucher(t, k, v, store.VoucherActive, false); !now.EndedAt.IsZero() || k.Disabled("pojok", o.Username) || k.AuditCount(o, "voucher.enable") != 1 {
				t.Fatalf("%+v", now)
			}
			// Its time ran on: it ends when it would have ended.
			k.Advance(25 * time.Hour)
			wantVoucher(t, k, v, store.VoucherExpired, false)
			wantCode(t, k.Shop.Vouchers.DisableVoucher(ctx, in), "voucher.ended")
			wantCode(t, k.Shop.Vouchers.EnableVoucher(ctx, in), "voucher.ended")
		}},
		{"the router is away: it is told when it is back, and only the last word counts", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			v := sold(t, k, o)
			in := flip(t, k, v, vouchers.KeepMoney)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.Advance(5 * time.Second)
			wantVoucher(t, k, v, store.VoucherDisabled, true)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			wantVoucher(t, k, v, store.VoucherDisabled, false)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.Advance(2 * time.Second)
			wantVoucher(t, k, v, store.VoucherSold, true)
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			wantVoucher(t, k, v, store.VoucherDisabled, false)
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("the router did the first and not the last")
			}
		}},
		{"one of the stock is not sold before its router lets it in again", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			b := k.Stocked("sehari", "pojok", 1)
			v := k.StockVoucher(b, 1)
			in := flip(t, k, v, "")
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, in))
			k.RunAll()
			if !k.Disabled("pojok", v.Username) {
				t.Fatal("it still works")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Vouchers.EnableVoucher(ctx, in))
			k.Advance(time.Second)
			for code, plan := range map[string]string{"stock.sold_out": "sehari", "stock.not_ready": ""} {
				name := v.Username
				if plan != "" {
					name = ""
				}
				_, err := k.Shop.Counter.SellFromStock(ctx, fromStock(k, siti, plan, name))
				wantCode(t, err, code)
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(10 * time.Second)
			wantVoucher(t, k, v, store.VoucherStock, false)
			if _, err := k.Shop.Counter.SellFromStock(ctx, fromStock(k, siti, "sehari", "")); err != nil || k.Disabled("pojok", v.Username) {
				t.Fatal(err)
			}
		}},
		{"what went back stays off", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			v := sold(t, k, o)
			f := request(t, k, o, person(t, k, "siti"), 5000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
			k.RunAll()
			wantVoucher(t, k, v, store.VoucherDisabled, false)
			wantCode(t, k.Shop.Vouchers.EnableVoucher(ctx, flip(t, k, v, "")), "voucher.refunded")
		}},
		{"what the router never had cannot live again", func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(routerossim.Faults{DropBefore: true, Only: "/ip/hotspot/user/add"})
			b := k.NewBatch("sehari", "pojok", 2)
			k.RunAll()
			v := k.StockVoucher(b, 1)
			in := flip(t, k, v, "")
			must(t, k.Shop.Vouchers.DisableVoucher(ctx, in))
			wantCode(t, k.Shop.Vouchers.EnableVoucher(ctx, in), "voucher.never_made")
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(40 * time.Second)
			if now := k.StockVoucher(b, 1); !now.MadeAt.IsZero() || k.StockVoucher(b, 2).MadeAt.IsZero() {
				t.Fatalf("%+v", now)
			}
		}},
		{"a look at a code is in the trail", func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 1)
			v := k.StockVoucher(b, 1)
			must(t, k.Shop.Vouchers.SeenVoucher(ctx, person(t, k, "admin"), v))
			trail := strings.Join(k.Audits("voucher:"+v.ID), "\n")
			if !strings.Contains(trail, "voucher.reveal") || strings.Contains(trail, v.Username) || strings.Contains(trail, v.Password) {
				t.Fatal(trail)
			}
		}},
	})
}
