package orders_test

import (
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
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
			if err := k.Shop.Orders.Cancel(ctx, actor.Named("staff:siti"), o.ID, "salah pesan"); err != nil {
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
