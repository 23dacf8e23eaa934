package shoptest

import (
	"context"
	"strings"

	"gerai/internal/actor"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/store"
)

// RefundForm is a filled-in request to refund an order's first payment.
func (k *Harness) RefundForm(o order.Order, by actor.Actor, amount money.Rupiah) refunds.RefundIn {
	k.Helper()
	paid, err := k.Store.Payments(context.Background(), o.ID)
	if err != nil || len(paid) == 0 {
		k.Fatal(paid, err)
	}
	return refunds.RefundIn{Gateway: paid[0].Gateway, PaymentKey: paid[0].Key, OrderID: o.ID, Amount: amount, Typed: amount.String(),
		Reason: "internet mati", Nonce: k.NextNonce(), Actor: by}
}

// RequestRefund requests the refund of an order's first payment.
func (k *Harness) RequestRefund(o order.Order, by actor.Actor, amount money.Rupiah) order.Refund {
	k.Helper()
	f, err := k.Shop.Refunds.RequestRefund(context.Background(), k.RefundForm(o, by, amount))
	k.Must(err)
	return f
}

// DecisionForm is a confirmed decision about a refund.
func DecisionForm(f order.Refund, by actor.Actor) refunds.DecideIn {
	return refunds.DecideIn{ID: f.ID, Typed: f.Amount.String(), Reason: "disetujui", Actor: by}
}

// ForceForm is a confirmed form that activates an order whatever its money.
func ForceForm(by actor.Actor, o order.Order) refunds.ForceIn {
	return refunds.ForceIn{OrderID: o.ID, Typed: strings.ToLower(o.Code.Pretty()), Reason: "pelanggan lama", Actor: by}
}

// WriteOffForm is a confirmed form that writes a counter payment off.
func WriteOffForm(c store.CounterPayment, by actor.Actor) refunds.WriteOffIn {
	return refunds.WriteOffIn{Key: c.Key, Typed: c.Amount.String(), Reason: "tidak pernah masuk", Actor: by}
}

// WantRefund fails unless the refund has the state.
func (k *Harness) WantRefund(f order.Refund, state order.RefundState) order.Refund {
	k.Helper()
	now, err := k.Store.Refund(context.Background(), f.ID)
	if err != nil || now.State != state {
		k.Fatalf("refund is %s (%s), want %s %v", now.State, now.Failure, state, err)
	}
	return now
}

// WantRefundDue fails unless one refund of the amount is due, with its alert.
func (k *Harness) WantRefundDue(o order.Order, amount int64) {
	k.Helper()
	queue, err := k.Store.Refunds(context.Background(), o.ID)
	if err != nil || len(queue) != 1 || int64(queue[0].Amount) != amount || !queue[0].DoneAt.IsZero() {
		k.Fatalf("refund queue %+v %v, want one of %d", queue, err, amount)
	}
	k.WantAlert("refund_due")
}

// GiveBack notes that staff returned an order's first payment.
func (k *Harness) GiveBack(o order.Order) {
	k.Helper()
	ctx := context.Background()
	paid, err := k.Store.Payments(ctx, o.ID)
	if err != nil || len(paid) == 0 {
		k.Fatal(paid, err)
	}
	k.Must(k.Store.InTx(ctx, actor.Named("staff:siti"), func(tx *store.Tx) error {
		_, err := tx.InsertRefund(ctx, order.Refund{ID: tx.NewID(), OrderID: o.ID, Gateway: paid[0].Gateway, PaymentKey: paid[0].Key, Amount: paid[0].Amount, Reason: order.RefundStaff, DueAt: tx.Now(), DoneAt: tx.Now()})
		return err
	}))
	k.Reconcile(o)
}

// Reconcile derives the order's status from its facts again.
func (k *Harness) Reconcile(o order.Order) {
	k.Helper()
	_, err := k.Shop.Orders.Reconcile(context.Background(), o.ID, "")
	k.Must(err)
}
