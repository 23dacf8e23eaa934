package refunds_test

import (
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

func TestForce(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "an unpaid order on credit", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.OnShift("admin")
			o := k.BuyOne()
			in := shoptest.ForceForm(admin, o)
			in.Typed = "SALAH"
			k.WantCode(k.Shop.Refunds.Force(ctx, in), "confirm.typed")
			in = shoptest.ForceForm(admin, o)
			in.Reason = " "
			k.WantCode(k.Shop.Refunds.Force(ctx, in), "confirm.reason")
			k.Want(o, order.Pending)
			k.Must(k.Shop.Refunds.Force(ctx, shoptest.ForceForm(admin, o)))
			k.RunAll()
			k.Want(o, order.Activated)
			k.WantCode(k.Shop.Refunds.Force(ctx, shoptest.ForceForm(admin, o)), "order.already_active")
			owed, err := k.Store.Receivables(ctx)
			if err != nil || len(owed) != 1 || owed[0].Method != payments.Credit || owed[0].Amount != 5000 {
				t.Fatal(owed, err)
			}
			k.Must(k.Shop.Refunds.Confirm(ctx, admin, owed[0].Key, true))
			if k.ExpectedTill(admin) != 105_000 {
				t.Fatal("paid credit is not in the till")
			}
		}},
		{Name: "F24 a cancelled order with money", Test: func(t *testing.T, k *shoptest.Harness) {
			admin := k.OnShift("admin")
			o := k.BuyOne()
			reference := k.Reference(o)
			k.Must(k.Shop.Orders.Cancel(ctx, admin, o.ID, "salah pesan"))
			k.PayReference(reference, 0)
			k.Advance(time.Minute)
			k.WantRefundDue(o, 5000)
			k.Must(k.Shop.Refunds.Force(ctx, shoptest.ForceForm(admin, o)))
			k.RunAll()
			k.Want(o, order.Activated)
			if queue, err := k.Store.RefundQueue(ctx, nil, 10); err != nil || len(queue) != 0 {
				t.Fatal("the refund that was owed is not withdrawn", queue, err)
			}
			k.WantNoAlerts()
		}},
	})
}
