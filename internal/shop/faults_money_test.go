package shop_test

import (
	"errors"
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments"
)

func TestMoneyFaults(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "F22 paid after our expiry", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Advance(33 * time.Minute)
			k.Want(o, order.Expired)
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{Name: "F22 paid late and the webhook is lost", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Advance(33 * time.Minute)
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Pay(o)
			k.Advance(11 * time.Minute)
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{Name: "F22 a page in view of late money finds it within ten seconds", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Advance(33 * time.Minute)
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Pay(o)
			for range 10 {
				if _, err := k.Shop.Orders.View(ctx, o.Token); err != nil {
					t.Fatal(err)
				}
				k.Advance(time.Second)
			}
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{Name: "F23 F30 plan withdrawn and dearer meanwhile: what was sold counts", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Resell(func(c *catalog.Catalogue) {
				for i := range c.Plans {
					c.Plans[i].Price *= 2
				}
				c.Plans = c.Plans[1:]
			})
			k.Pay(o)
			k.RunAll()
			now := k.Want(o, order.Activated)
			if now.Total != 5000 {
				t.Fatal(now.Total)
			}
		}},
		{Name: "F24 paid on a cancelled order", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			reference := k.Reference(o)
			if err := k.Shop.Orders.Cancel(ctx, "staff:siti", o.ID, "salah pesan"); err != nil {
				t.Fatal(err)
			}
			k.PayReference(reference, 0)
			k.Advance(time.Minute)
			now := k.Want(o, order.Cancelled, order.FlagAttention)
			if now.Attention != order.ReasonCancelledPaid || len(k.Users("pojok")) != 0 {
				t.Fatal(now.Attention)
			}
			k.WantRefundDue(o, 5000)
		}},
		{Name: "F25 too little, then the rest by a bank", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("bulanan", "qris")
			k.PayAmount(o, 60000)
			k.RunAll()
			now := k.Want(o, order.Pending, order.FlagUnderpaid, order.FlagAttention)
			if now.Attention != order.ReasonUnderpaid {
				t.Fatal(now.Attention)
			}
			v, err := k.Shop.Orders.View(ctx, o.Token)
			if err != nil || v.Remaining != 25000 {
				t.Fatal(v.Remaining, err)
			}
			if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BNI", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			k.WantNoAlerts()
		}},
		{Name: "F25 F18 the rest is paid days later and its webhook is lost", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("bulanan", "qris")
			k.PayAmount(o, 60000)
			k.RunAll()
			k.Clock.Add(80 * time.Hour)
			k.Advance(time.Second)
			k.Want(o, order.Expired, order.FlagUnderpaid, order.FlagAttention)
			if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "qris", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Pay(o)
			k.Advance(60 * time.Second)
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{Name: "F22 F13 closed by the gateway, paid all the same, and the webhook is lost", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Advance(33 * time.Minute)
			if err := k.Xendit.Expire(k.GatewayID(o)); err != nil {
				t.Fatal(err)
			}
			k.Advance(12 * time.Minute)
			if a, err := k.Store.Attempt(ctx, o.ID, 1); err != nil || a.State != order.Failed {
				t.Fatal(a.State, err)
			}
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Pay(o)
			k.Advance(12 * time.Minute)
			k.Want(o, order.Activated, order.FlagLate)
		}},
		{Name: "F26 too much", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.PayAmount(o, 8000)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagOverpaid)
			k.WantRefundDue(o, 3000)
		}},
		{Name: "F27 old and new code both paid: one voucher", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("bulanan", "qris")
			first := k.Reference(o)
			if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BCA", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			k.PayReference(first, 0)
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated, order.FlagDuplicate)
			k.WantRefundDue(o, 85000)
		}},
		{Name: "F27 the old code is paid a day after activation", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("bulanan", "qris")
			first := k.Reference(o)
			if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BCA", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Advance(24 * time.Hour)
			k.PayReference(first, 0)
			k.Advance(15 * time.Minute)
			k.Want(o, order.Activated, order.FlagDuplicate)
			k.WantRefundDue(o, 85000)
		}},
		{Name: "F27 the gateway has two charges under one reference and both are paid", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			other := k.ForeignCharge(k.Reference(o), 5000)
			for _, id := range []string{k.GatewayID(o), other} {
				if _, err := k.Xendit.Pay(xenditsim.PayIn{PaymentRequestID: id}); err != nil {
					t.Fatal(err)
				}
				k.RunAll()
			}
			k.Want(o, order.Activated, order.FlagDuplicate)
			k.WantRefundDue(o, 5000)
		}},
		{Name: "F28 another currency is held", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Xendit.SetFaults(xenditsim.Faults{Currency: "USD"})
			k.Pay(o)
			k.RunAll()
			now := k.Want(o, order.Pending, order.FlagAttention)
			if now.Attention != order.ReasonDisputed {
				t.Fatal(now.Attention)
			}
		}},
		{Name: "F29 amount as text", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{StringAmount: true})
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{Name: "the event lies about the amount, the read does not", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{AmountMismatch: true})
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{Name: "a key that may not list payments", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{PaymentsForbidden: true})
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
	})
}

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
			if err := k.Store.InTx(ctx, "test", func(tx *store.Tx) error { return tx.SaveAttempt(ctx, a) }); err != nil {
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
