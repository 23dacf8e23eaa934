package shop_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"gerai/internal/fault"
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

// bought is an activated order, paid by QRIS.
func bought(k *shoptest.Harness) order.Order {
	o := buyOne(k)
	k.Pay(o)
	k.RunAll()
	return k.Want(o, order.Activated)
}

func back(t *testing.T, k *shoptest.Harness, o order.Order, by shop.Actor, amount int) refunds.RefundIn {
	t.Helper()
	paid, err := k.Store.Payments(ctx, o.ID)
	if err != nil || len(paid) == 0 {
		t.Fatal(paid, err)
	}
	in := refunds.RefundIn{Gateway: paid[0].Gateway, PaymentKey: paid[0].Key, OrderID: o.ID, Reason: "internet mati", Nonce: k.NextNonce(), Actor: by}
	in.Amount, _ = shop.ParseAmount(itoa(amount))
	in.Typed = in.Amount.String()
	return in
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func request(t *testing.T, k *shoptest.Harness, o order.Order, by shop.Actor, amount int) order.Refund {
	t.Helper()
	f, err := k.Shop.Refunds.RequestRefund(ctx, back(t, k, o, by, amount))
	must(t, err)
	return f
}

func yes(f order.Refund, by shop.Actor) refunds.DecideIn {
	return refunds.DecideIn{ID: f.ID, Typed: f.Amount.String(), Reason: "disetujui", Actor: by}
}

func wantState(t *testing.T, k *shoptest.Harness, f order.Refund, state order.RefundState) order.Refund {
	t.Helper()
	now, err := k.Store.Refund(ctx, f.ID)
	if err != nil || now.State != state {
		t.Fatalf("refund is %s (%s), want %s %v", now.State, now.Failure, state, err)
	}
	return now
}

// atGateway counts what the gateway gave back.
func atGateway(t *testing.T, k *shoptest.Harness, o order.Order) (n int, sum int64) {
	t.Helper()
	all, err := k.Gateway.RefundsOf(ctx, k.GatewayID(o))
	must(t, err)
	for _, r := range all {
		n, sum = n+1, sum+int64(r.Amount)
	}
	return n, sum
}

func TestRefundFaults(t *testing.T) {
	run(t, []row{
		{"F65 refund clicked twice, and by two admins at once", func(t *testing.T, k *shoptest.Harness) {
			siti, a, b := person(t, k, "siti"), person(t, k, "ani"), person(t, k, "bambang")
			o := bought(k)
			in := back(t, k, o, siti, 5000)
			var ids [4]string
			each(4, func(i int) {
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
			must(t, err)
			won := make([]bool, 6)
			each(6, func(i int) {
				err := k.Shop.Refunds.ApproveRefund(ctx, yes(f, []shop.Actor{a, b}[i%2]))
				won[i] = err == nil
				if err != nil && fault.CodeOf(err) != "refund.decided" {
					t.Error(err)
				}
			})
			if count(won) != 1 {
				t.Fatalf("%d approvals", count(won))
			}
			k.RunAll()
			wantState(t, k, f, order.RefundDone)
			k.Want(o, order.Refunded)
			if n, sum := atGateway(t, k, o); n != 1 || sum != 5000 {
				t.Fatal(n, sum)
			}
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("the voucher still works")
			}
			wantNoAlerts(t, k)
		}},
		{"F65 the answer to the refund is lost: asked again, given once", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			f := request(t, k, o, person(t, k, "siti"), 5000)
			k.Xendit.SetFaults(xenditsim.Faults{TruncateJSON: true, Count: 1})
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
			k.RunAll()
			k.Advance(30 * time.Second)
			wantState(t, k, f, order.RefundDone)
			if n, _ := atGateway(t, k, o); n != 1 {
				t.Fatal(n)
			}
		}},
		{"F66 more than was paid, and a second part beyond the rest", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := person(t, k, "siti"), person(t, k, "admin")
			o := bought(k)
			for amount, code := range map[int]string{5001: "refund.too_much", 0: "counter.amount_form"} {
				_, err := k.Shop.Refunds.RequestRefund(ctx, back(t, k, o, siti, amount))
				wantCode(t, err, code)
			}
			first := request(t, k, o, siti, 3000)
			_, err := k.Shop.Refunds.RequestRefund(ctx, back(t, k, o, siti, 2001))
			wantCode(t, err, "refund.too_much")
			got := make([]bool, 4)
			each(4, func(i int) { // of four that want the rest at once one gets it
				in := back(t, k, o, siti, 2000)
				_, err := k.Shop.Refunds.RequestRefund(ctx, in)
				got[i] = err == nil
			})
			if count(got) != 1 {
				t.Fatalf("%d second parts", count(got))
			}
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(first, admin)))
			k.RunAll()
			k.Want(o, order.Activated)
			if k.Disabled("pojok", o.Username) {
				t.Fatal("a part that goes back must not end the voucher")
			}
		}},
		{"F67 a virtual account cannot give back: by hand, and only with proof", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := person(t, k, "siti"), person(t, k, "admin")
			must(t, k.Shop.Orders.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 100_000}))
			o := k.Buy("bulanan", "va:BCA")
			k.Pay(o)
			k.RunAll()
			f := request(t, k, o, siti, 85000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)))
			k.RunAll()
			if now := wantState(t, k, f, order.RefundManual); now.Failure != "gateway.refund_unsupported" {
				t.Fatal(now.Failure)
			}
			k.Want(o, order.Activated)
			wantAlert(t, k, "refund_due")
			for body, code := range map[string]string{"": "refund.proof_size", "<html><script>alert(1)</script>": "refund.proof_type", string(make([]byte, refunds.MostProof+1)): "refund.proof_size"} {
				wantCode(t, k.Shop.Refunds.HandOver(ctx, yes(f, admin), []byte(body)), code)
			}
			wantCode(t, k.Shop.Refunds.PayOut(ctx, yes(f, actor(t, k, "budi"))), "refund.not_cash")
			wantState(t, k, f, order.RefundManual)
			must(t, k.Shop.Refunds.HandOver(ctx, yes(f, admin), png))
			wantCode(t, k.Shop.Refunds.HandOver(ctx, yes(f, admin), png), "refund.decided")
			k.Want(o, order.Refunded)
			if p, found, err := k.Store.Proof(ctx, f.ID); err != nil || !found || p.MediaType != "image/png" || !bytes.Equal(p.Body, png) {
				t.Fatal(found, err)
			}
			wantNoAlerts(t, k)
		}},
		{"F68 the router is down: the money waits until the voucher is off", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			f := request(t, k, o, person(t, k, "siti"), 5000)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
			k.Advance(20 * time.Second)
			wantState(t, k, f, order.RefundApproved)
			if n, _ := atGateway(t, k, o); n != 0 {
				t.Fatal("money went before the voucher was off")
			}
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(20 * time.Second)
			wantState(t, k, f, order.RefundDone)
			if !k.Disabled("pojok", o.Username) {
				t.Fatal("the voucher still works")
			}
		}},
		{"F68 or is forced with a reason", func(t *testing.T, k *shoptest.Harness) {
			admin := person(t, k, "admin")
			o := bought(k)
			f := request(t, k, o, person(t, k, "siti"), 5000)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)))
			k.Advance(5 * time.Second)
			in := yes(f, admin)
			in.Reason = ""
			wantCode(t, k.Shop.Refunds.SkipStop(ctx, in), "confirm.reason")
			must(t, k.Shop.Refunds.SkipStop(ctx, yes(f, admin)))
			k.Advance(10 * time.Second)
			wantState(t, k, f, order.RefundDone)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			if k.AuditCount(o, "refund.skip_stop") == 0 {
				t.Fatal("no trail of the force")
			}
		}},
		{"F69 a refund made at the gateway by somebody else", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			elsewhere(t, k, o, 5000)
			k.RunAll()
			k.Advance(10 * time.Second)
			refunds, err := k.Store.Refunds(ctx, o.ID)
			if err != nil || len(refunds) != 1 || refunds[0].Reason != order.RefundExternal || refunds[0].GatewayID == "" {
				t.Fatal(refunds, err)
			}
			wantAlert(t, k, "external_refund")
			k.ResendAll()
			k.RunAll()
			if again, err := k.Store.Refunds(ctx, o.ID); err != nil || len(again) != 1 {
				t.Fatal("written twice", again, err)
			}
			k.Want(o, order.Refunded)
			must(t, k.Shop.Refunds.AckExternal(ctx, person(t, k, "admin"), refunds[0].ID))
			wantNoAlerts(t, k)
		}},
	})
}

func TestRefunds(t *testing.T) {
	run(t, []row{
		{"above the limit it takes two people", func(t *testing.T, k *shoptest.Harness) {
			admin, other := person(t, k, "admin"), person(t, k, "lain")
			must(t, k.Shop.Orders.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 4999}))
			f := request(t, k, bought(k), admin, 5000)
			wantCode(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)), "refund.second_person")
			in := yes(f, other)
			in.Typed = "4999"
			wantCode(t, k.Shop.Refunds.ApproveRefund(ctx, in), "confirm.amount")
			wantState(t, k, f, order.RefundRequested)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, other)))
			k.RunAll()
			wantState(t, k, f, order.RefundDone)
		}},
		{"and in parts it is no smaller", func(t *testing.T, k *shoptest.Harness) {
			admin, other := person(t, k, "admin"), person(t, k, "lain")
			must(t, k.Shop.Orders.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 3000}))
			o := bought(k)
			first, second := request(t, k, o, admin, 2500), request(t, k, o, admin, 2500)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(second, admin)))
			wantCode(t, k.Shop.Refunds.ApproveRefund(ctx, yes(first, admin)), "refund.second_person")
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(first, other)))
			small := request(t, k, bought(k), admin, 3000) // of another order
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(small, admin)))
		}},
		{"a request is turned down and leaves no trace in the money", func(t *testing.T, k *shoptest.Harness) {
			admin := person(t, k, "admin")
			o := bought(k)
			f := request(t, k, o, admin, 5000)
			must(t, k.Shop.Refunds.RejectRefund(ctx, yes(f, admin)))
			k.Want(o, order.Activated)
			wantNoAlerts(t, k)
			request(t, k, o, admin, 5000) // may be asked again
		}},
		{"cash goes back out of the till, once", func(t *testing.T, k *shoptest.Harness) {
			siti, admin := actor(t, k, "siti"), person(t, k, "admin")
			o, err := k.Shop.Counter.Sell(ctx, sale(k, siti))
			must(t, err)
			k.RunAll()
			f := request(t, k, o, siti, 5000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)))
			k.RunAll()
			wantState(t, k, f, order.RefundManual)
			wantCode(t, k.Shop.Refunds.PayOut(ctx, yes(f, admin)), "shift.closed")
			wantCode(t, k.Shop.Refunds.HandOver(ctx, yes(f, admin), png), "refund.in_cash")
			won := make([]bool, 4)
			each(4, func(i int) { won[i] = k.Shop.Refunds.PayOut(ctx, yes(f, siti)) == nil })
			if count(won) != 1 || expected(t, k, siti) != 100_000 {
				t.Fatal(count(won), expected(t, k, siti))
			}
			k.Want(o, order.Refunded)
			wantNoAlerts(t, k)
		}},
		{"nothing goes back that is not here", func(t *testing.T, k *shoptest.Harness) {
			siti := actor(t, k, "siti")
			in := sale(k, siti)
			in.Method, in.Given, in.Reference = payments.Transfer, 0, "bca 1"
			o, err := k.Shop.Counter.Sell(ctx, in)
			must(t, err)
			k.RunAll()
			_, err = k.Shop.Refunds.RequestRefund(ctx, back(t, k, o, siti, 5000))
			wantCode(t, err, "refund.not_received")
		}},
		{"approved before the voucher was made: it is never made", func(t *testing.T, k *shoptest.Harness) {
			o := buyOne(k)
			k.Routers["pojok"].SetFaults(routerossim.Faults{Down: true})
			k.Pay(o)
			k.Advance(2 * time.Second)
			k.Want(o, order.Paid)
			f := request(t, k, o, person(t, k, "siti"), 5000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
			k.Advance(3 * time.Second)
			k.Routers["pojok"].SetFaults(routerossim.Faults{})
			k.Advance(30 * time.Second)
			wantState(t, k, f, order.RefundDone)
			k.Want(o, order.Refunded)
			if len(k.Users("pojok")) != 0 {
				t.Fatal(k.Users("pojok"))
			}
		}},
		{"money for an order that went back goes back too", func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("bulanan", "qris")
			old := k.Reference(o)
			must(t, k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BCA", "198.51.100.7"))
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Activated)
			f := request(t, k, o, person(t, k, "siti"), 85000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
			k.RunAll()
			must(t, k.Shop.Refunds.HandOver(ctx, yes(f, person(t, k, "lain")), png))
			k.Want(o, order.Refunded)
			k.PayReference(old, 0)
			k.Advance(2 * time.Minute)
			k.Want(o, order.Refunded, order.FlagDuplicate)
			queue, err := k.Store.RefundQueue(ctx, nil, 10)
			if err != nil || len(queue) != 1 || queue[0].Amount != 85000 || queue[0].Reason != order.RefundExcess {
				t.Fatal(queue, err)
			}
		}},
		{"money without an order goes back", func(t *testing.T, k *shoptest.Harness) {
			admin := person(t, k, "admin")
			key := k.ForeignCharge("SOMEBODY-ELSE-1", 7000)
			k.PayReference("SOMEBODY-ELSE-1", 0)
			k.RunAll()
			f, err := k.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: "xendit", PaymentKey: key, Amount: 7000, Typed: "Rp7.000", Reason: "bukan pesanan kami", Nonce: k.NextNonce(), Actor: admin})
			must(t, err)
			if left, err := k.Store.UnmatchedPayments(ctx); err != nil || len(left) != 0 {
				t.Fatal(left, err)
			}
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, admin)))
			k.RunAll()
			wantState(t, k, f, order.RefundDone)
			wantNoAlerts(t, k)
		}},
		{"the webhook about our refund is lost: the watch finds it", func(t *testing.T, k *shoptest.Harness) {
			o := bought(k)
			k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
			f := request(t, k, o, person(t, k, "siti"), 5000)
			must(t, k.Shop.Refunds.ApproveRefund(ctx, yes(f, person(t, k, "admin"))))
			k.RunAll()
			k.Advance(10 * time.Second)
			wantState(t, k, f, order.RefundDone)
		}},
	})
}

// elsewhere makes a refund as on the gateway's dashboard.
func elsewhere(t *testing.T, k *shoptest.Harness, o order.Order, amount int) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"payment_request_id": k.GatewayID(o), "reference_id": "dashboard", "amount": amount, "reason": "OTHERS"})
	must(t, err)
	req, err := http.NewRequest(http.MethodPost, k.API.URL+"/refunds", bytes.NewReader(body))
	must(t, err)
	req.SetBasicAuth("xnd_development_test", "")
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	must(t, res.Body.Close())
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
}

func each(n int, fn func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Add(1)
		go func() { defer all.Done(); fn(i) }()
	}
	all.Wait()
}

func count(won []bool) (n int) {
	for _, w := range won {
		if w {
			n++
		}
	}
	return n
}
