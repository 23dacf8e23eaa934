package refunds_test

import (
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// hear keeps money that a bank tells of now and that came before.
func hear(t *testing.T, k *shoptest.Harness, o order.Order, amount money.Rupiah, before time.Duration) {
	t.Helper()
	err := k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		_, _, err := tx.InsertPayment(ctx, order.Payment{Gateway: "xendit", Key: "pr-" + tx.NewID(), OrderID: o.ID, Amount: amount, Currency: money.Currency,
			PaidAt: tx.Now().Add(-before), RecordedAt: tx.Now()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	k.Reconcile(o)
}

func wantRefundsDue(t *testing.T, k *shoptest.Harness, o order.Order, want money.Rupiah) {
	t.Helper()
	all, err := k.Store.Refunds(ctx, o.ID)
	if err != nil {
		t.Fatal(err)
	}
	var owed money.Rupiah
	for _, r := range all {
		if r.DoneAt.IsZero() {
			owed += r.Amount
		}
	}
	if owed != want {
		t.Fatalf("owed back %s, want %s: %+v", owed, want, all)
	}
}

func TestMoneyInOddOrder(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "F27 the old code is paid after the order was refunded: it stays closed and the money is owed", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("bulanan", "qris")
			first := k.Reference(o)
			if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, "va:BCA", "198.51.100.7"); err != nil {
				t.Fatal(err)
			}
			k.Pay(o)
			k.RunAll()
			k.GiveBack(o)
			k.Want(o, order.Refunded)
			k.PayReference(first, 0)
			k.RunAll()
			k.Want(o, order.Refunded, order.FlagDuplicate)
			wantRefundsDue(t, k, o, 85000)
		}},
		{Name: "F26 too much, and then an earlier transfer is heard of: all that is too much is owed", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Clock.Add(time.Minute)
			k.PayAmount(o, 8000)
			k.RunAll()
			hear(t, k, o, 5000, 50*time.Second)
			k.Want(o, order.Activated, order.FlagDuplicate)
			wantRefundsDue(t, k, o, 8000)
		}},
		{Name: "F22 late money promised back is not promised twice", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Resell(func(c *catalog.Catalogue) { c.Sites[0].Policies.RefundLate = true })
			o := k.BuyOne()
			k.Advance(33 * time.Minute)
			k.Pay(o)
			k.RunAll()
			k.Want(o, order.Paid, order.FlagLate, order.FlagAttention)
			wantRefundsDue(t, k, o, 5000)
			hear(t, k, o, 5000, 20*time.Minute)
			if now := k.Want(o, order.Paid, order.FlagDuplicate, order.FlagAttention); now.Attention != order.ReasonLateRefund {
				t.Fatal(now.Attention)
			}
			wantRefundsDue(t, k, o, 10000)
		}},
	})
}
