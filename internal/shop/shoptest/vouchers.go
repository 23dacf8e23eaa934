package shoptest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/vouchers"
	"gerai/internal/sim/routerossim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

// What a router does: it works, or it does not answer.
var (
	RouterUp   = routerossim.Faults{}
	RouterDown = routerossim.Faults{Down: true}
)

// BuyOne buys a one-day plan by QRIS.
func (k *Harness) BuyOne() order.Order { return k.Buy("sehari", "qris") }

// Bought is an activated order for a one-day plan, paid by QRIS.
func (k *Harness) Bought() order.Order {
	o := k.BuyOne()
	k.Pay(o)
	k.RunAll()
	return k.Want(o, order.Activated)
}

// BuyAndPay buys and pays a one-day plan while its router has the faults.
func (k *Harness) BuyAndPay(f routerossim.Faults) order.Order {
	k.Helper()
	k.Routers["pojok"].SetFaults(f)
	o := k.BuyOne()
	k.Pay(o)
	k.RunAll()
	return o
}

// Extend buys and pays an extension of an order's voucher.
func (k *Harness) Extend(o order.Order) order.Order {
	k.Helper()
	more, err := k.Shop.Orders.Extend(context.Background(), o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
	k.Must(err)
	k.Pay(more)
	return more
}

// VoucherOf is the voucher of an order.
func (k *Harness) VoucherOf(o order.Order) store.Voucher {
	k.Helper()
	v, found, err := k.Store.Voucher(context.Background(), o.ID)
	if err != nil || !found {
		k.Fatalf("voucher of %s: %v %v", o.Code, found, err)
	}
	return v
}

// WantVoucher fails unless the voucher has the state, and its router is behind only if
// away says so.
func (k *Harness) WantVoucher(v store.Voucher, state voucher.State, away bool) store.Voucher {
	k.Helper()
	f, err := k.Shop.Vouchers.VoucherDetail(context.Background(), nil, v.ID)
	if err != nil || f.Voucher.State != state || f.Away() != away {
		k.Fatalf("%s, router behind %v, want %s %v (%v)", f.Voucher.State, f.Away(), state, away, err)
	}
	return f.Voucher
}

// SwitchForm is a confirmed form that disables or enables a voucher.
func (k *Harness) SwitchForm(v store.Voucher, money string) vouchers.SwitchIn {
	k.Helper()
	f, err := k.Shop.Vouchers.VoucherDetail(context.Background(), nil, v.ID)
	k.Must(err)
	return vouchers.SwitchIn{ID: v.ID, Typed: strings.ToLower(f.Name()), Reason: "hilang", Money: money, Actor: actor.Staff("st", "ani", nil)}
}

// ActForm is a confirmed form of an act on one voucher.
func (k *Harness) ActForm(v store.Voucher) vouchers.ActIn {
	in := k.SwitchForm(v, "")
	return vouchers.ActIn{ID: in.ID, Typed: in.Typed, Reason: in.Reason, Actor: in.Actor}
}

// RouterLimits are the limits that a router keeps for a voucher's user.
func (k *Harness) RouterLimits(router string, v store.Voucher) (uptime time.Duration, bytes int64) {
	k.Helper()
	u, err := k.Hotspot.Usage(context.Background(), k.Router(router), v.Username)
	k.Must(err)
	return u.LimitUptime, u.LimitBytes
}

// LoginVoucher lets a phone go online as a voucher and the shop see it.
func (k *Harness) LoginVoucher(router string, phone int, v store.Voucher) {
	k.Helper()
	ctx := context.Background()
	k.Must(k.Hotspot.Connect(ctx, k.Router(router), k.Phone(router, phone), v.Username, v.Password))
	k.Must(k.Shop.Vouchers.ObserveLogins(ctx))
}

// Device joins the n-th phone and returns what its browser claims.
func (k *Harness) Device(n int) order.Hints {
	h := order.Hints{MAC: fmt.Sprintf("AA:BB:CC:00:01:%02X", n), IP: fmt.Sprintf("10.5.50.%d", 100+n)}
	k.Join("pojok", h.MAC, h.IP)
	return h
}
