package refunds_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments"
)

var ctx = context.Background()

var png = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 64)...)

// atGateway counts what the gateway gave back.
func atGateway(t *testing.T, k *shoptest.Harness, o order.Order) (n int, sum int64) {
	t.Helper()
	all, err := k.Gateway.RefundsOf(ctx, k.GatewayID(o))
	k.Must(err)
	for _, r := range all {
		n, sum = n+1, sum+int64(r.Amount)
	}
	return n, sum
}

func TestRefunds(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "above the limit it takes two people", Test: func(t *testing.T, k *shoptest.Harness) {
			admin, other := k.Staff("admin"), k.Staff("lain")
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 4999}))
			f := k.RequestRefund(k.Bought(), admin, 5000)
			k.WantCode(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)), "refund.second_person")
			in := shoptest.DecisionForm(f, other)
			in.Typed = "4999"
			k.WantCode(k.Shop.Refunds.ApproveRefund(ctx, in), "confirm.amount")
			k.WantRefund(f, order.RefundRequested)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, other)))
			k.RunAll()
			k.WantRefund(f, order.RefundDone)
		}},
		{Name: "and in parts it is no smaller", Test: func(t *testing.T, k *shoptest.Harness) {
			admin, other := k.Staff("admin"), k.Staff("lain")
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 3000}))
			o := k.Bought()
			first, second := k.RequestRefund(o, admin, 2500), k.RequestRefund(o, admin, 2500)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(second, admin)))
			k.WantCode(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(first, admin)), "refund.second_person")
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(first, other)))
			small := k.RequestRefund(k.Bought(), admin, 3000) // of another order
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(small, admin)))
		}},
		{Name: "a request is turned down and leaves no trace in the money", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o := k.Bought()
			f := k.RequestRefund(o, admin, 5000)
			k.Must(k.Shop.Refunds.RejectRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.Want(o, order.Activated)
			k.WantNoAlerts()
			k.RequestRefund(o, admin, 5000) // may be asked again
		}},
		{Name: "cash goes back out of the till, once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o, err := k.Shop.Counter.Sell(ctx, k.SaleForm(siti))
			k.Must(err)
			k.RunAll()
			f := k.RequestRefund(o, siti, 5000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.RunAll()
			k.WantRefund(f, order.RefundManual)
			k.WantCode(k.Shop.Refunds.PayOut(ctx, shoptest.DecisionForm(f, admin)), "shift.closed")
			k.WantCode(k.Shop.Refunds.HandOver(ctx, shoptest.DecisionForm(f, admin), png), "refund.in_cash")
			won := make([]bool, 4)
			shoptest.Each(4, func(i int) { won[i] = k.Shop.Refunds.PayOut(ctx, shoptest.DecisionForm(f, siti)) == nil })
			if count(won) != 1 || k.ExpectedTill(siti) != 100_000 {
				t.Fatal(count(won), k.ExpectedTill(siti))
			}
			k.Want(o, order.Refunded)
			k.WantNoAlerts()
		}},
		{Name: "nothing goes back that is not here", Test: func(t *testing.T, k *shoptest.Harness) {
			siti := k.OnShift("siti")
			in := k.SaleForm(siti)
			in.Method, in.Given, in.Reference = payments.Transfer, 0, "bca 1"
			o, err := k.Shop.Counter.Sell(ctx, in)
			k.Must(err)
			k.RunAll()
			_, err = k.Shop.Refunds.RequestRefund(ctx, k.RefundForm(o, siti, 5000))
			k.WantCode(err, "refund.not_received")
		}},
		{Name: "approved before the voucher was made: it is never made", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Pay(o)
			k.Advance(2 * time.Second)
			k.Want(o, order.Paid)
			f := k.RequestRefund(o, k.Staff("siti"), 5000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			k.Advance(3 * time.Second)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(30 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.Want(o, order.Refunded)
			if len(k.Users("pojok")) != 0 {
				t.Fatal(k.Users("pojok"))
			}
		}},
		{Name: "money for an order that went back goes back too", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("bulanan", "qris")
			old := k.Reference(o)
			k.Must(k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BCA", "198.51.100.7"))
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			f := k.RequestRefund(o, k.Staff("siti"), 85000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			k.RunAll()
			k.Must(k.Shop.Refunds.HandOver(ctx, shoptest.DecisionForm(f, k.Staff("lain")), png))
			k.Want(o, order.Refunded)
			k.PayReference(old, 0)
			k.Advance(2 * time.Minute)
			k.Want(o, order.Refunded, order.FlagDuplicate)
			queue, err := k.Store.RefundQueue(ctx, nil, 10)
			if err != nil || len(queue) != 1 || queue[0].Amount != 85000 || queue[0].Reason != order.RefundExcess {
				t.Fatal(queue, err)
			}
		}},
		{Name: "money without an order goes back", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			key := k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			k.RunAll()
			f, err := k.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: "xendit", PaymentKey: key, Amount: 7000, Typed: "Rp7.000", Reason: "bukan pesanan kami", Nonce: k.NextNonce(), Actor: admin})
			k.Must(err)
			if left, err := k.Store.UnmatchedPayments(ctx); err != nil || len(left) != 0 {
				t.Fatal(left, err)
			}
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.RunAll()
			k.WantRefund(f, order.RefundDone)
			k.WantNoAlerts()
		}},
		{Name: "the webhook about our refund is lost: the watch finds it", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			f := k.RequestRefund(o, k.Staff("siti"), 5000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			k.RunAll()
			k.Advance(10 * time.Second)
			k.WantRefund(f, order.RefundDone)
		}},
	})
}

// elsewhere makes a refund as on the gateway's dashboard.
func elsewhere(t *testing.T, k *shoptest.Harness, o order.Order, amount int) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"payment_request_id": k.GatewayID(o), "reference_id": "dashboard", "amount": amount, "reason": "OTHERS"})
	k.Must(err)
	req, err := http.NewRequest(http.MethodPost, k.API.URL+"/refunds", bytes.NewReader(body))
	k.Must(err)
	req.SetBasicAuth("xnd_development_test", "")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	k.Must(err)
	k.Must(res.Body.Close())
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
}

func count(won []bool) (n int) {
	for _, w := range won {
		if w {
			n++
		}
	}
	return n
}
