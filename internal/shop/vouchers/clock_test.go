package vouchers_test

import (
	"fmt"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/voucher"
)

var jumps = []time.Duration{10 * time.Minute, 2 * time.Hour, 7 * time.Hour, 24 * time.Hour, 60 * time.Hour}

// However far the clock was ahead or behind, what waits when it is set right
// goes on within a minute.
func TestClockSetRight(t *testing.T) {
	for _, jump := range jumps {
		for _, sign := range []time.Duration{1, -1} {
			off := sign * jump
			t.Run(fmt.Sprint(off), func(t *testing.T) {
				t.Parallel()
				shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
					k.Clock.Add(off)
					k.Routers["pojok"].SetFaults(shoptest.RouterDown)
					a := k.BuyOne()
					k.Pay(a)
					k.Advance(20 * time.Second)
					k.Want(a, order.Paid)
					k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
					b := k.BuyOne()
					k.Pay(b)
					k.RunAll()
					k.Want(b, order.Pending)
					k.Clock.Add(-off)
					k.Routers["pojok"].SetFaults(routerossim.Faults{})
					c := k.BuyOne()
					k.Pay(c)
					k.Advance(time.Minute)
					for _, o := range []order.Order{a, b, c} {
						k.Want(o, order.Activated)
					}
					k.Invariants()
				})
			})
		}
	}
}

// wantUser fails unless the order's user is on the router, enabled or not.
func wantUser(t *testing.T, k *shoptest.Harness, o order.Order, enabled bool) {
	t.Helper()
	for _, row := range k.Routers["pojok"].Rows("ip/hotspot/user") {
		if row["name"] == k.Order(o).Username {
			if on := row["disabled"] != "true" && row["disabled"] != "yes"; on != enabled {
				t.Fatalf("user enabled: %v", on)
			}
			return
		}
	}
	t.Fatal("no user")
}

func verify(t *testing.T, k *shoptest.Harness) {
	t.Helper()
	if err := k.Shop.Vouchers.VerifyClock(ctx); err != nil {
		t.Fatal(err)
	}
}

func wantEnd(t *testing.T, k *shoptest.Harness, o order.Order, state voucher.State, until time.Time) {
	t.Helper()
	v, found, err := k.Store.Voucher(ctx, o.ID)
	if err != nil || !found || v.State != state || v.ValidUntil.Sub(until).Abs() > 10*time.Second {
		t.Fatalf("voucher %s until %s (%v), want %s until %s", v.State, v.ValidUntil, err, state, until)
	}
	if now := k.Order(o); !now.ValidUntil.Equal(v.ValidUntil) || !now.ActivatedAt.Equal(v.SoldAt) {
		t.Fatalf("the order says %s until %s, the voucher %s until %s", now.ActivatedAt, now.ValidUntil, v.SoldAt, v.ValidUntil)
	}
}

func TestWrongClockEndsNothing(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "25 hours ahead for six seconds", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			until := k.Want(o, order.Activated).ValidUntil
			waits := k.BuyAndPay(shoptest.RouterDown)
			unpaid := k.BuyOne()
			k.Advance(time.Minute)
			k.SetClock(25 * time.Hour)
			for range 6 {
				k.Advance(time.Second)
				verify(t, k)
			}
			k.WantAlert("clock_wrong")
			k.Want(waits, order.Paid)
			k.Want(unpaid, order.Pending)
			wantUser(t, k, o, true)
			k.SetClock(0)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(time.Minute)
			verify(t, k)
			for _, open := range k.Alerts() {
				if open == "clock_wrong" {
					t.Fatal("the alert stays")
				}
			}
			k.Want(waits, order.Activated)
			k.Want(unpaid, order.Pending)
			wantEnd(t, k, o, "sold", until)
			k.Advance(time.Hour)
			wantEnd(t, k, o, "expired", until)
			wantUser(t, k, o, false)
		}},
		{Name: "a voucher sold while the clock is hours ahead ends in time", Test: func(t *testing.T, k *shoptest.Harness) {
			sold := k.Outside()
			k.SetClock(7 * time.Hour)
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			wantEnd(t, k, o, "sold", sold.Add(8*time.Hour))
			k.SetClock(0)
			k.Advance(time.Minute)
			verify(t, k)
			wantEnd(t, k, o, "sold", sold.Add(time.Hour))
			k.Advance(time.Hour)
			wantEnd(t, k, o, "expired", sold.Add(time.Hour))
			wantUser(t, k, o, false)
		}},
		{Name: "more was written by a wrong clock than one look puts right: nothing is moved twice", Test: func(t *testing.T, k *shoptest.Harness) {
			sold := k.Outside()
			k.SetClock(7 * time.Hour)
			verify(t, k)
			o, unpaid := k.Buy("sejam", "qris"), k.BuyOne()
			k.Pay(o)
			k.RunAll()
			run, base := k.Verifier.Base()
			if err := k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
				for i := range 400 { // orders that are gone
					e := store.ClockError{Kind: store.ErrorOrder, ID: fmt.Sprintf("%04d", i), Off: 7 * time.Hour, Run: run, Base: base}
					if err := tx.NoteClockError(ctx, e); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			k.SetClock(0)
			for range 4 {
				verify(t, k)
			}
			wantEnd(t, k, o, "sold", sold.Add(time.Hour))
			if now := k.Want(unpaid, order.Pending); now.ExpiresAt.Sub(sold.Add(30*time.Minute)).Abs() > 10*time.Second {
				t.Fatalf("placed %s, to be paid until %s", sold, now.ExpiresAt)
			}
		}},
		{Name: "a voucher sold while the clock is hours behind does not end early", Test: func(t *testing.T, k *shoptest.Harness) {
			sold := k.Outside()
			k.SetClock(-7 * time.Hour)
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			k.SetClock(0)
			k.Advance(time.Minute)
			verify(t, k)
			wantEnd(t, k, o, "sold", sold.Add(time.Hour))
			wantUser(t, k, o, true)
		}},
		{Name: "an order has its time to pay, no less and no more", Test: func(t *testing.T, k *shoptest.Harness) {
			for _, off := range []time.Duration{7 * time.Hour, -7 * time.Hour} {
				verify(t, k)
				placed := k.Outside()
				k.SetClock(off)
				o := k.BuyOne()
				k.SetClock(0)
				k.Advance(time.Minute)
				verify(t, k)
				if now := k.Want(o, order.Pending); now.ExpiresAt.Sub(placed.Add(30*time.Minute)).Abs() > 10*time.Second {
					t.Fatalf("placed %s, to be paid until %s", placed, now.ExpiresAt)
				}
				k.Advance(33 * time.Minute)
				k.Want(o, order.Expired)
			}
		}},
		{Name: "the gateway's time is wrong for a while: what was sold then keeps its end", Test: func(t *testing.T, k *shoptest.Harness) {
			sold := k.Clock.Now()
			k.SetOutside(7 * time.Hour)
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			verify(t, k)
			k.WantAlert("clock_wrong")
			k.SetOutside(0)
			k.Advance(time.Minute)
			verify(t, k)
			wantEnd(t, k, o, "sold", sold.Add(time.Hour))
		}},
		{Name: "one router's wrong clock is its own alert", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			k.Routers["pojok"].SetFaults(routerossim.Faults{WrongClockSeconds: 7 * 3600})
			if err := k.Shop.Routers.CheckRouters(ctx); err != nil {
				t.Fatal(err)
			}
			verify(t, k)
			k.WantAlert("router_clock")
			k.Advance(time.Hour + time.Minute)
			wantUser(t, k, o, false)
		}},
		{Name: "no source for a day: ends proceed, and an alert says so", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			k.API.Close()
			k.Advance(23 * time.Hour)
			verify(t, k)
			wantUser(t, k, o, true)
			k.Advance(90 * time.Minute)
			verify(t, k)
			k.WantAlert("clock_unverified")
			wantUser(t, k, o, false)
		}},
		{Name: "a voucher that a replica ended, whose clock is seconds ahead, stays ended", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			until := k.Want(o, order.Activated).ValidUntil
			k.Clock.Set(until.Add(time.Second))
			k.RunAll()
			wantEnd(t, k, o, "expired", until)
			k.Clock.Set(until.Add(-3 * time.Second))
			verify(t, k)
			k.RunAll()
			wantEnd(t, k, o, "expired", until)
			wantUser(t, k, o, false)
			if n := k.AuditCount(o, "voucher.revive"); n != 0 {
				t.Fatalf("%d entries", n)
			}
		}},
		{Name: "a voucher that was ended although it has time left is switched on again", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sejam", "qris")
			k.Pay(o)
			k.RunAll()
			until := k.Want(o, order.Activated).ValidUntil
			k.Clock.Add(2 * time.Hour) // the outside goes along
			k.RunAll()
			wantEnd(t, k, o, "expired", until)
			k.Clock.Add(-2*time.Hour + time.Minute)
			verify(t, k)
			k.RunAll()
			wantEnd(t, k, o, "sold", until)
			wantUser(t, k, o, true)
			if n := k.AuditCount(o, "voucher.revive"); n != 1 {
				t.Fatalf("%d entries", n)
			}
			k.Advance(time.Hour)
			wantEnd(t, k, o, "expired", until)
			wantUser(t, k, o, false)
		}},
	})
}
