package shop_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store/storetest"
)

// The rows of docs/reference/faults.md, each named by its id, on both engines. Every test
// ends with the invariants: confirmed money is somewhere, no order has two vouchers, the
// audit chain holds.

type row struct {
	name string
	test func(t *testing.T, k *shoptest.Harness)
}

func run(t *testing.T, rows []row, options ...shoptest.Option) {
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, k *shoptest.Harness) {
				r.test(t, k)
				if !t.Failed() {
					k.Invariants()
				}
			}, options...)
		})
	}
}

// both runs one test on both engines.
func both(t *testing.T, test func(t *testing.T, k *shoptest.Harness), options ...shoptest.Option) {
	storetest.Databases(t, func(t *testing.T, database string) {
		test(t, shoptest.New(t, append([]shoptest.Option{shoptest.OnDatabase(database)}, options...)...))
	})
}

var ctx = context.Background()

// buyOne buys a one-day plan, the usual customer.
func buyOne(k *shoptest.Harness) order.Order { return k.Buy("sehari", "qris") }

func wantAlert(t *testing.T, k *shoptest.Harness, kind string) {
	t.Helper()
	for _, have := range k.Alerts() {
		if have == kind {
			return
		}
	}
	t.Fatalf("no alert %q, open are %v", kind, k.Alerts())
}

func wantNoAlerts(t *testing.T, k *shoptest.Harness) {
	t.Helper()
	if open := k.Alerts(); len(open) > 0 {
		t.Fatalf("alerts open: %v", open)
	}
}

func TestWebhookFaults(t *testing.T) {
	run(t, []row{
		{"F07 unknown event type is kept and changes nothing", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Xendit.SetFaults(xenditsim.Faults{UnknownEvent: true})
			k.Pay(o)
			k.RunAll()
			// The unknown event rings no bell; the net finds the payment.
			k.Advance(60 * time.Second)
			k.Want(o, order.Activated)
		}},
		{"F08 unknown reference is unmatched money with an alert", func(t *testing.T, k *shoptest.Harness) {
			c := k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			k.RunAll()
			wantAlert(t, k, "unmatched_money")
			money, err := k.Store.UnmatchedPayments(ctx)
			if err != nil || len(money) != 1 || money[0].Amount != 7000 || money[0].Key != c {
				t.Fatalf("%+v %v", money, err)
			}
		}},
		{"F09 a reference of our shape that we never gave out is unmatched", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.ForeignCharge("ABCDEFGH-1", 5000)
			k.PayReference("ABCDEFGH-1", 0)
			k.RunAll()
			wantAlert(t, k, "unmatched_money")
			k.Want(o, order.Pending)
		}},
		{"F10 the same event ten times", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Pay(o)
			k.RunAll()
			for range 9 {
				k.ResendAll()
			}
			k.RunAll()
			k.Want(o, order.Activated)
			wantNoAlerts(t, k)
		}},
		{"F11 fifty copies at once", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
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
		{"F12 another event id for the same payment", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Xendit.SetFaults(xenditsim.Faults{DuplicateNewID: true})
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{"F13 F14 F76 expired and pending after paid", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Xendit.SetFaults(xenditsim.Faults{ReorderWebhooks: true})
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			k.Advance(time.Minute)
			k.Want(o, order.Activated)
			wantNoAlerts(t, k)
		}},
		{"F15 one payment told with two amounts is held", func(t *testing.T, k *shoptest.Harness) {
			k.Routers["pojok"].SetFaults(down)
			o := buyOne(k)
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
			k.Routers["pojok"].SetFaults(up)
			k.Advance(time.Minute)
			k.Want(o, order.Paid, order.FlagAttention)
		}},
		{"F16 redelivery after a crash before the answer", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.DeliverThenFail(true)
			k.Pay(o)
			k.RunAll()
			k.DeliverThenFail(false)
			k.ResendAll()
			k.RunAll()
			k.Want(o, order.Activated)
		}},
		{"F18 lost webhook, page closed: within a minute", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			k.Pay(o)
			k.Advance(60 * time.Second)
			k.Want(o, order.Activated)
		}},
		{"F18 lost webhook, page open: within ten seconds", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
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
		{"F19 the webhook comes a day late", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
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
		{"F20 forged payment with a leaked token", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Forge(k.Reference(o), k.GatewayID(o))
			k.Advance(time.Minute)
			k.Want(o, order.Pending)
			wantAlert(t, k, "unconfirmed_claim")
			if users := k.Users("pojok"); len(users) != 0 {
				t.Fatal(users)
			}
		}},
		{"F21 the gateway cannot be read while it claims a payment", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Xendit.SetFaults(xenditsim.Faults{GetDown: true})
			k.Pay(o)
			k.Advance(90 * time.Second)
			k.Want(o, order.Pending)
			wantAlert(t, k, "gateway_unreadable")
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.Advance(20 * time.Second)
			k.Want(o, order.Activated)
			wantNoAlerts(t, k)
		}},
		{"F75 the webhook is faster than the answer to our request", func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{WebhookBeforeResponse: true})
			o := buyOne(k)
			k.RunAll()
			k.Advance(20 * time.Second)
			k.Want(o, order.Activated)
			wantNoAlerts(t, k)
		}},
		{"the dashboard's test message changes nothing", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			if status, err := k.Xendit.Sample(ctx); err != nil || status != 200 {
				t.Fatal(status, err)
			}
			k.RunAll()
			k.Want(o, order.Pending)
			wantNoAlerts(t, k)
		}},
		{"an account that sends version 3 events", func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{V3Events: true})
			o := buyOne(k)
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
		}},
	})
}
