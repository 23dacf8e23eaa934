package refunds_test

import (
	"errors"
	"sync"
	"testing"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/shop/shoptest"
)

// What money without an order does once it has one.
func TestAssign(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "unmatched money pays an order, once", Test: func(t *testing.T, k *shoptest.Harness) {
		admin := k.Staff("admin")
		key := k.ForeignCharge("SOMEBODY-ELSE-1", 5000)
		k.PayReference("SOMEBODY-ELSE-1", 0)
		k.RunAll()
		k.WantAlert("unmatched_money")
		o, other := k.BuyOne(), k.BuyOne()
		in := refunds.AssignIn{Gateway: "xendit", Key: key, OrderID: o.ID, Typed: string(o.Code), Reason: "cocok dengan bukti", Actor: admin}
		wrong := in
		wrong.Typed = string(other.Code)
		k.WantCode(k.Shop.Refunds.Assign(ctx, wrong), "confirm.typed")
		k.Must(k.Shop.Refunds.Assign(ctx, in))
		in.OrderID, in.Typed = other.ID, string(other.Code)
		k.WantCode(k.Shop.Refunds.Assign(ctx, in), "payment.matched")
		k.RunAll()
		k.Want(o, order.Activated)
		k.Want(other, order.Pending)
		k.WantNoAlerts()
	}}, {Name: "asked back and assigned at once: one of both", Test: func(t *testing.T, k *shoptest.Harness) {
		admin := k.Staff("admin")
		key := k.ForeignCharge("SOMEBODY-ELSE-1", 5000)
		k.PayReference("SOMEBODY-ELSE-1", 0)
		k.RunAll()
		o := k.BuyOne()
		var assigned, asked error
		var both sync.WaitGroup
		both.Add(2)
		go func() {
			defer both.Done()
			assigned = k.Shop.Refunds.Assign(ctx, refunds.AssignIn{Gateway: "xendit", Key: key, OrderID: o.ID, Typed: string(o.Code), Reason: "cocok", Actor: admin})
		}()
		go func() {
			defer both.Done()
			_, asked = k.Shop.Refunds.RequestRefund(ctx, refunds.RefundIn{Gateway: "xendit", PaymentKey: key, Amount: 5000, Typed: "5000", Reason: "salah kirim", Nonce: k.NextNonce(), Actor: admin})
		}()
		both.Wait()
		if (assigned == nil) == (asked == nil) {
			t.Fatal("both or neither:", assigned, asked)
		}
		for _, err := range []error{assigned, asked} {
			var f *fault.Error
			if err != nil && (!errors.As(err, &f) || f.Kind == fault.Internal) {
				t.Error(err)
			}
		}
		k.RunAll()
	}}})
}
