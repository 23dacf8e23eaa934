package shop_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/payments"
)

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

func TestRefundFaults(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "F65 refund clicked twice, and by two admins at once", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, a, b := k.Staff("siti"), k.Staff("ani"), k.Staff("bambang")
			o := k.Bought()
			in := k.RefundForm(o, siti, 5000)
			var ids [4]string
			shoptest.Each(4, func(i int) {
				f, err := k.Shop.Refunds.RequestRefund(ctx, in)
				if err != nil {
					t.Error(err)
				}
				ids[i] = f.ID
			})
			if ids[0] != ids[1] || ids[0] != ids[2] || ids[0] != ids[3] {
				t.Fatal("one form asked more than once", ids)
			}
			f, err := k.Store.Refund(ctx, ids[0])
			k.Must(err)
			won := make([]bool, 6)
			shoptest.Each(6, func(i int) {
				err := k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, []shop.Actor{a, b}[i%2]))
				won[i] = err == nil
				if err != nil && fault.CodeOf(err) != "refund.decided" {
					t.Error(err)
				}
			})
			if count(won) != 1 {
				t.Fatalf("%d approvals", count(won))
			}
			k.RunAll()
			k.WantRefund(f, order.RefundDone)
			k.Want(o, order.Refunded)
			if n, sum := atGateway(t, k, o); n != 1 || sum != 5000 {
				t.Fatal(n, sum)
			}
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("the voucher still works")
			}
			k.WantNoAlerts()
		}},
		{Name: "F65 the answer to the refund is lost: asked again, given once", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			f := k.RequestRefund(o, k.Staff("siti"), 5000)
			k.Xendit.SetFaults(xenditsim.Faults{TruncateJSON: true, Count: 1})
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			k.RunAll()
			k.Advance(30 * time.Second)
			k.WantRefund(f, order.RefundDone)
			if n, _ := atGateway(t, k, o); n != 1 {
				t.Fatal(n)
			}
		}},
		{Name: "F66 more than was paid, and a second part beyond the rest", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.Staff("siti"), k.Staff("admin")
			o := k.Bought()
			for amount, code := range map[money.Rupiah]string{5001: "refund.too_much", 0: "counter.amount_form"} {
				_, err := k.Shop.Refunds.RequestRefund(ctx, k.RefundForm(o, siti, amount))
				k.WantCode(err, code)
			}
			first := k.RequestRefund(o, siti, 3000)
			_, err := k.Shop.Refunds.RequestRefund(ctx, k.RefundForm(o, siti, 2001))
			k.WantCode(err, "refund.too_much")
			got := make([]bool, 4)
			shoptest.Each(4, func(i int) { // of four that want the rest at once one gets it
				in := k.RefundForm(o, siti, 2000)
				_, err := k.Shop.Refunds.RequestRefund(ctx, in)
				got[i] = err == nil
			})
			if count(got) != 1 {
				t.Fatalf("%d second parts", count(got))
			}
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(first, admin)))
			k.RunAll()
			k.Want(o, order.Activated)
			if k.Disabled("pojok", o.Username) {
				t.Fatal("a part that goes back must not end the voucher")
			}
		}},
		{Name: "F67 a virtual account cannot give back: by hand, and only with proof", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.Staff("siti"), k.Staff("admin")
			k.Must(k.Shop.Orders.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 100_000}))
			o := k.Buy("bulanan", "va:BCA")
			k.Pay(o)
			k.RunAll()
			f := k.RequestRefund(o, siti, 85000)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.RunAll()
			if now := k.WantRefund(f, order.RefundManual); now.Failure != "gateway.refund_unsupported" {
				t.Fatal(now.Failure)
			}
			k.Want(o, order.Activated)
			k.WantAlert("refund_due")
			for body, code := range map[string]string{"": "refund.proof_size", "<html><script>alert(1)</script>": "refund.proof_type", string(make([]byte, refunds.MostProof+1)): "refund.proof_size"} {
				k.WantCode(k.Shop.Refunds.HandOver(ctx, shoptest.DecisionForm(f, admin), []byte(body)), code)
			}
			k.WantCode(k.Shop.Refunds.PayOut(ctx, shoptest.DecisionForm(f, k.OnShift("budi"))), "refund.not_cash")
			k.WantRefund(f, order.RefundManual)
			k.Must(k.Shop.Refunds.HandOver(ctx, shoptest.DecisionForm(f, admin), png))
			k.WantCode(k.Shop.Refunds.HandOver(ctx, shoptest.DecisionForm(f, admin), png), "refund.decided")
			k.Want(o, order.Refunded)
			if p, found, err := k.Store.Proof(ctx, f.ID); err != nil || !found || p.MediaType != "image/png" || !bytes.Equal(p.Body, png) {
				t.Fatal(found, err)
			}
			k.WantNoAlerts()
		}},
		{Name: "F68 the router is down: the money waits until the voucher is off", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			f := k.RequestRefund(o, k.Staff("siti"), 5000)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, k.Staff("admin"))))
			k.Advance(20 * time.Second)
			k.WantRefund(f, order.RefundApproved)
			if n, _ := atGateway(t, k, o); n != 0 {
				t.Fatal("money went before the voucher was off")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			k.WantRefund(f, order.RefundDone)
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("the voucher still works")
			}
		}},
		{Name: "F68 or is forced with a reason", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.Staff("admin")
			o := k.Bought()
			f := k.RequestRefund(o, k.Staff("siti"), 5000)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, admin)))
			k.Advance(5 * time.Second)
			in := shoptest.DecisionForm(f, admin)
			in.Reason = ""
			k.WantCode(k.Shop.Refunds.SkipStop(ctx, in), "confirm.reason")
			k.Must(k.Shop.Refunds.SkipStop(ctx, shoptest.DecisionForm(f, admin)))
			k.Advance(10 * time.Second)
			k.WantRefund(f, order.RefundDone)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			if k.AuditCount(o, "refund.skip_stop") == 0 {
				t.Fatal("no trail of the force")
			}
		}},
		{Name: "F69 a refund made at the gateway by somebody else", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Bought()
			elsewhere(t, k, o, 5000)
			k.RunAll()
			k.Advance(10 * time.Second)
			refunds, err := k.Store.Refunds(ctx, o.ID)
			if err != nil || len(refunds) != 1 || refunds[0].Reason != order.RefundExternal || refunds[0].GatewayID == "" {
				t.Fatal(refunds, err)
			}
			k.WantAlert("external_refund")
			k.ResendAll()
			k.RunAll()
			if again, err := k.Store.Refunds(ctx, o.ID); err != nil || len(again) != 1 {
				t.Fatal("written twice", again, err)
			}
			k.Want(o, order.Refunded)
			k.Must(k.Shop.Refunds.AckExternal(ctx, k.Staff("admin"), refunds[0].ID))
			k.WantNoAlerts()
		}},
	})
}

func TestRefunds(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "above the limit it takes two people", Test: func(t *testing.T, k *shoptest.Harness) {
			admin, other := k.Staff("admin"), k.Staff("lain")
			k.Must(k.Shop.Orders.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 4999}))
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
			k.Must(k.Shop.Orders.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 3000}))
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
