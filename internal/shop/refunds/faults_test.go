package refunds_test

import (
	"bytes"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
)

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
				err := k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(f, []actor.Actor{a, b}[i%2]))
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
			k.Must(k.Shop.Refunds.SetCounterRules(ctx, admin, store.CounterRules{SecondAbove: 100_000}))
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
