package orders_test

import (
	"errors"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments"
)

func TestOrderingFaults(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "F32 the same form twice is one order", Test: func(t *testing.T, k *shoptest.Harness) {
			form := k.Form("sehari", "qris")
			first, err := k.Shop.Orders.Place(ctx, form)
			if err != nil {
				t.Fatal(err)
			}
			results := make(chan order.Order, 8)
			for range 8 {
				go func() {
					o, err := k.Shop.Orders.Place(ctx, form)
					if err != nil {
						t.Error(err)
					}
					results <- o
				}()
			}
			for range 8 {
				if o := <-results; o.ID != first.ID {
					t.Fatalf("%s and %s", o.ID, first.ID)
				}
			}
			if n := len(k.Xendit.Payments()); n != 1 {
				t.Fatalf("%d charges", n)
			}
		}},
		{Name: "F32 two tabs at the same moment", Test: func(t *testing.T, k *shoptest.Harness) {
			form := k.Form("sehari", "qris")
			results := make(chan order.Order, 16)
			for range 16 {
				go func() {
					o, err := k.Shop.Orders.Place(ctx, form)
					if err != nil {
						t.Error(err)
					}
					results <- o
				}()
			}
			seen := map[order.ID]bool{}
			for range 16 {
				seen[(<-results).ID] = true
			}
			if len(seen) != 1 || len(k.Xendit.Payments()) > 1 {
				t.Fatalf("%d orders, %d charges", len(seen), len(k.Xendit.Payments()))
			}
		}},
		{Name: "F33 the same form for another plan", Test: func(t *testing.T, k *shoptest.Harness) {
			form := k.Form("sehari", "qris")
			if _, err := k.Shop.Orders.Place(ctx, form); err != nil {
				t.Fatal(err)
			}
			form.PlanID = "sejam"
			if _, err := k.Shop.Orders.Place(ctx, form); fault.CodeOf(err) != "order.nonce_reused" {
				t.Fatal(err)
			}
		}},
		{Name: "F33 the same form after its voucher works is another purchase, once confirmed", Test: func(t *testing.T, k *shoptest.Harness) {
			form := k.Form("sehari", "qris")
			o, err := k.Shop.Orders.Place(ctx, form)
			if err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			if _, err := k.Shop.Orders.Place(ctx, form); fault.CodeOf(err) != "order.nonce_reused" {
				t.Fatal(err)
			}
		}},
		{Name: "F34 the charge was made but the answer lost", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{TimeoutAfter: true, Count: 1})
			o := k.BuyOne()
			k.Advance(10 * time.Second)
			wantOneOpenCharge(t, k, o)
		}},
		{Name: "F35 the request never arrived", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{TimeoutBefore: true, Count: 1})
			o := k.BuyOne()
			k.Advance(10 * time.Second)
			wantOneOpenCharge(t, k, o)
		}},
		{Name: "F34 lost answer, and paid by a customer who saw nothing of it", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{TimeoutAfter: true, Count: 1})
			o := k.BuyOne()
			k.PayReference(string(o.Code)+"-1", 0)
			k.Advance(10 * time.Second)
			k.Want(o, order.Activated)
		}},
		{Name: "F34 F59 killed before the answer: looked up by reference, even if the gateway forgot the key", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{TimeoutBefore: true, Count: 1})
			o := k.BuyOne()
			a, err := k.Store.Attempt(ctx, o.ID, 1)
			if err != nil {
				t.Fatal(err)
			}
			a.Failure = "" // as it was while the call was under way
			if err := k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error { return tx.SaveAttempt(ctx, a) }); err != nil {
				t.Fatal(err)
			}
			k.ForeignCharge(a.Reference, 5000)
			k.Clock.Add(12 * time.Second)
			if err := k.Shop.Rescue(ctx); err != nil {
				t.Fatal(err)
			}
			if err := k.Shop.Orders.CreateCharge(ctx, o.ID); err != nil {
				t.Fatal(err)
			}
			wantOneOpenCharge(t, k, o)
		}},
		{Name: "F36 the gateway is down: the page says so, then it works", Test: func(t *testing.T, k *shoptest.Harness) {
			for _, f := range []xenditsim.Faults{{Status: 500}, {HTML502: true}, {TruncateJSON: true}, {RateLimit: true}} {
				k.Xendit.SetFaults(f)
				o := k.BuyOne()
				v, err := k.Shop.Orders.View(ctx, o.Token)
				if err != nil || v.Trouble != "gateway.busy" || v.QR != "" {
					t.Fatalf("%+v: %q %v", f, v.Trouble, err)
				}
				k.Xendit.SetFaults(xenditsim.Faults{})
				k.Advance(40 * time.Second)
				wantOneOpenCharge(t, k, o)
			}
		}},
		{Name: "F36 a channel that is off is final, another method works", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{ChannelOff: []string{"QRIS"}})
			o := k.Buy("bulanan", "qris")
			v, err := k.Shop.Orders.View(ctx, o.Token)
			if err != nil || v.Trouble != "gateway.channel_off" {
				t.Fatal(v.Trouble, err)
			}
			k.WantAlert("gateway_refuses")
			if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:MANDIRI", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{Name: "F37 the gateway says the reference is used", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{DuplicateReference409: true})
			o := k.BuyOne()
			wantOneOpenCharge(t, k, o)
			again, err := k.Gateway.Create(ctx, payments.CreateIn{Reference: k.Reference(o), IdempotencyKey: "another key", Method: payments.QRIS, Amount: 5000})
			if err != nil || again.GatewayID != k.GatewayID(o) {
				t.Fatal(again, err)
			}
		}},
	})
}

func TestF38BadCodesAreNeverShownLive(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"crc", "amount", "tip", "static"} {
		t.Run(bad, func(t *testing.T) {
			shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
				k.Xendit.SetFaults(xenditsim.Faults{BadQR: bad})
				o := k.BuyOne()
				v, err := k.Shop.Orders.View(ctx, o.Token)
				if err != nil || v.QR != "" || v.Trouble != "qris.invalid" {
					t.Fatalf("%q %q %v", v.QR, v.Trouble, err)
				}
				k.WantAlert("charge_unusable")
			}, shoptest.With(live))
		})
	}
}

func TestF39Floods(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		form := k.Form("sehari", "qris")
		form.Hints = order.Hints{MAC: "AA:BB:CC:00:00:01", IP: "10.5.50.2"}
		var limited *fault.Error
		placed := 0
		for range 50 {
			form.Nonce = k.NextNonce()
			_, err := k.Shop.Orders.Place(ctx, form)
			if errors.As(err, &limited) && limited.Kind == fault.Limited {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			placed++
		}
		if limited == nil || limited.After <= 0 || placed != 3+2 { // two more from what the client has to spare
			t.Fatalf("placed %d, %v", placed, limited)
		}
		// Another device behind the same address may still buy.
		form.Nonce, form.Hints.MAC = k.NextNonce(), "AA:BB:CC:00:00:02"
		if _, err := k.Shop.Orders.Place(ctx, form); err != nil {
			t.Fatal(err)
		}
		if n := len(k.Xendit.Payments()); n != 6 {
			t.Fatalf("%d gateway calls", n)
		}
	}, shoptest.With(func(o *shop.Options) {
		smallLimits(o)
		o.Limits.OrdersPerClient = cache.Limit{Count: 8, Per: time.Hour}
	}))
}

func wantOneOpenCharge(t *testing.T, k *shoptest.Harness, o order.Order) {
	t.Helper()
	n := 0
	for _, p := range k.Xendit.Payments() {
		if p.ReferenceID == string(o.Code)+"-1" {
			n++
		}
	}
	a, err := k.Store.Attempt(ctx, o.ID, 1)
	if err != nil || n != 1 || a.State != order.Open || a.QR == "" {
		t.Fatalf("%d charges, attempt %s %q, %v", n, a.State, a.Failure, err)
	}
}

func live(o *shop.Options) { o.Live = func() bool { return true } }

func smallLimits(o *shop.Options) {
	l := *o.Limits
	l.OrdersPerDevice = cache.Limit{Count: 3, Per: 10 * time.Minute}
	o.Limits = &l
}
