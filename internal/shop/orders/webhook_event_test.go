package orders_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
)

var ctx = context.Background()

func TestWebhookFaults(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "F07 unknown event type is kept and changes nothing", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Xendit.SetFaults(xenditsim.Faults{UnknownEvent: true})
			k.Pay(o)
			k.RunAll()
			// The unknown event rings no bell; the net finds the payment.
			k.Advance(60 * time.Second)
			k.Want(o, order.Activated)
		}},
		{Name: "F08 unknown reference is unmatched money with an alert", Test: func(t *testing.T, k *shoptest.Harness) {
			c := k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			k.RunAll()
			k.WantAlert("unmatched_money")
			money, err := k.Store.UnmatchedPayments(ctx)
			if err != nil || len(money) != 1 || money[0].Amount != 7000 || money[0].Key != c {
				t.Fatalf("%+v %v", money, err)
			}
		}},
		{Name: "F09 a reference of our shape that we never gave out is unmatched", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.ForeignCharge("ABCDEFGH-1", 5000)
			k.PayReference("ABCDEFGH-1", 0)
			k.RunAll()
			k.WantAlert("unmatched_money")
			k.Want(o, order.Pending)
		}},
		{Name: "F10 the same event ten times", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			for range 9 {
				k.ResendAll()
			}
			k.RunAll()
			k.Want(o, order.Activated)
			k.WantNoAlerts()
		}},
		{Name: "F11 fifty copies at once", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.CloseWebhook()
			k.Pay(o)
			k.RunAll()
			k.OpenWebhook()
			k.DeliverInParallel(50, k.Reference(o))
			k.RunAll()
			k.Want(o, order.Activated)
			if n := k.AuditCount(o, "payment.record"); n != 1 {
				t.Fatalf("recorded %d times", n)
			}
		}},
		{Name: "F12 another event id for the same payment", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Xendit.SetFaults(xenditsim.Faults{DuplicateNewID: true})
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{Name: "F13 F14 F76 expired and pending after paid", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Xendit.SetFaults(xenditsim.Faults{ReorderWebhooks: true})
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			k.Advance(time.Minute)
			k.Want(o, order.Activated)
			k.WantNoAlerts()
		}},
		{Name: "F15 one payment told with two amounts is held", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(shoptest.RouterDown)
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Paid)
			if _, err := k.Xendit.Pay(xenditsim.PayIn{ReferenceID: k.Reference(o), Force: true, Amount: 1000}); err != nil {
				t.Fatal(err)
			}
			k.RunAll()
			now := k.Want(o, order.Paid, order.FlagAttention)
			if now.Attention != order.ReasonDisputed {
				t.Fatal(now.Attention)
			}
			k.Routers["pojok"].SetFaults(shoptest.RouterUp)
			k.Advance(time.Minute)
			k.Want(o, order.Paid, order.FlagAttention)
		}},
		{Name: "F16 redelivery after a crash before the answer", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.DeliverThenFail(true)
			k.Pay(o)
			k.RunAll()
			k.DeliverThenFail(false)
			k.ResendAll()
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{Name: "F18 lost webhook, page closed: within a minute", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Pay(o)
			k.Advance(60 * time.Second)
			k.Want(o, order.Activated)
		}},
		{Name: "F18 lost webhook, page open: within ten seconds", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Advance(time.Minute) // long after ordering, so that the first read is over
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Pay(o)
			for range 10 {
				if _, err := k.Shop.Orders.View(ctx, o.Token); err != nil {
					t.Fatal(err)
				}
				k.Advance(time.Second)
			}
			k.Want(o, order.Activated)
		}},
		{Name: "F19 the webhook comes a day late", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.CloseWebhook()
			k.Pay(o)
			k.Advance(time.Minute)
			k.Want(o, order.Activated)
			k.OpenWebhook()
			k.Clock.Add(24 * time.Hour)
			k.Xendit.Tick()
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{Name: "F20 forged payment with a leaked token", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Forge(k.Reference(o), k.GatewayID(o))
			k.Advance(time.Minute)
			k.Want(o, order.Pending)
			k.WantAlert("unconfirmed_claim")
			if users := k.Users("pojok"); len(users) != 0 {
				t.Fatal(users)
			}
		}},
		{Name: "F21 the gateway cannot be read while it claims a payment", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Xendit.SetFaults(xenditsim.Faults{GetDown: true})
			k.Pay(o)
			k.Advance(90 * time.Second)
			k.Want(o, order.Pending)
			k.WantAlert("gateway_unreadable")
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.Advance(20 * time.Second)
			k.Want(o, order.Activated)
			k.WantNoAlerts()
		}},
		{Name: "F75 the webhook is faster than the answer to our request", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{WebhookBeforeResponse: true})
			o := k.BuyOne()
			k.RunAll()
			k.Advance(20 * time.Second)
			k.Want(o, order.Activated)
			k.WantNoAlerts()
		}},
		{Name: "the dashboard's test message changes nothing", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			if status, err := k.Xendit.Sample(ctx); err != nil || status != 200 {
				t.Fatal(status, err)
			}
			k.RunAll()
			k.Want(o, order.Pending)
			k.WantNoAlerts()
		}},
		{Name: "an account that sends version 3 events", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{V3Events: true})
			o := k.BuyOne()
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
	})
}

// F17: nothing is acknowledged that is not stored.
func TestF17DatabaseAway(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		o := k.BuyOne()
		k.CloseWebhook()
		k.Pay(o)
		k.RunAll()
		for _, status := range k.Answers() {
			if status < 500 {
				t.Fatalf("answered %d without storing", status)
			}
		}
		k.OpenWebhook()
		k.Advance(time.Minute)
		k.Want(o, order.Activated)
	})
}
