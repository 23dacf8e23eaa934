package orders_test

import (
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

func TestReceipts(t *testing.T) {
	taxed := shoptest.Selling(func(c *catalog.Catalogue) { c.Brand.TaxPercent = 11 })
	shoptest.Run(t, []shoptest.Row{
		{Name: "numbered once, when it is paid", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			if got := k.ReceiptNumber(o); got != "" {
				t.Errorf("unpaid and numbered %s", got)
			}
			if _, err := k.Shop.Orders.Receipt(ctx, o.Token); fault.CodeOf(err) != "order.not_paid" {
				t.Errorf("a receipt before the money: %v", err)
			}
			k.Pay(o)
			k.RunAll()
			v, err := k.Shop.Orders.Receipt(ctx, o.Token)
			if err != nil || v.Receipt.Number() != "2026-000001" || v.Receipt.TaxPercent != 11 || v.Receipt.Tax != 495 {
				t.Errorf("%+v %v", v.Receipt, err)
			}
			k.ResendAll()
			k.RunAll()
			if n := k.AuditCount(o, "receipt.issue"); n != 1 || k.ReceiptNumber(o) != "2026-000001" {
				t.Errorf("issued %d times, number %s", n, k.ReceiptNumber(o))
			}
			// Another rate later alters nothing that was issued.
			k.Resell(func(c *catalog.Catalogue) { c.Brand.TaxPercent = 12 })
			if v, err := k.Shop.Orders.Receipt(ctx, o.Token); err != nil || v.Receipt.Tax != 495 {
				t.Errorf("%+v %v", v.Receipt, err)
			}
		}},
		{Name: "many are paid at once: no number twice, none left out", Test: func(t *testing.T, k *shoptest.Harness) {
			const n = 16
			var all []order.Order
			for range n {
				o := k.BuyOne()
				k.Pay(o)
				all = append(all, o)
			}
			var wait sync.WaitGroup
			for range 3 {
				for _, o := range all {
					wait.Go(func() {
						if _, err := k.Shop.Orders.Reconcile(ctx, o.ID, ""); err != nil {
							t.Error(err)
						}
					})
				}
			}
			wait.Wait()
			issued, err := k.Store.Receipts(ctx, 2026, 0)
			if err != nil || len(issued) != n {
				t.Fatalf("%d receipts of %d orders: %v", len(issued), n, err)
			}
			for i, r := range issued {
				if r.No != i+1 {
					t.Errorf("number %d at place %d", r.No, i+1)
				}
			}
			k.RunAll()
		}},
		{Name: "the operator's new year begins at 1", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Clock.Set(time.Date(2026, 12, 31, 16, 59, 0, 0, time.UTC)) // 23.59 WIB
			old := k.BuyOne()
			k.Pay(old)
			k.RunAll()
			fresh := k.BuyOne()
			k.Clock.Add(time.Minute)
			k.Pay(fresh)
			k.RunAll()
			if a, b := k.ReceiptNumber(old), k.ReceiptNumber(fresh); a != "2026-000001" || b != "2027-000001" {
				t.Errorf("%s, then %s", a, b)
			}
		}},
		{Name: "late, short, doubled, cancelled", Test: func(t *testing.T, k *shoptest.Harness) {
			cancelled := k.BuyOne()
			if err := k.Shop.Orders.Cancel(ctx, actor.Named("test"), cancelled.ID, "salah pesan"); err != nil {
				t.Fatal(err)
			}
			k.Pay(cancelled)
			short := k.Buy("bulanan", "va:BCA")
			k.PayAmount(short, 60000)
			late := k.BuyOne()
			k.Advance(40 * time.Minute)
			k.Pay(late)
			k.RunAll()
			if a, b, c := k.ReceiptNumber(cancelled), k.ReceiptNumber(short), k.ReceiptNumber(late); a != "" || b != "" || c != "2026-000001" {
				t.Errorf("cancelled %q, short %q, late %q", a, b, c)
			}
		}},
	}, taxed)
}

// Orders that were paid by an older program get their numbers in the order
// they were paid.
func TestOlderOrdersAreNumberedLater(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		var ids []order.ID
		for i := range 3 {
			o := f.Order()
			o.Status, o.PaidAt, o.ActivateAt = order.Paid, f.Clock.Now().Add(-time.Duration(i)*time.Minute), f.Clock.Now()
			if i == 2 {
				o.Status, o.CancelledAt = order.Cancelled, f.Clock.Now()
			}
			f.Write(func(tx *store.Tx) error { return tx.InsertOrder(ctx, o) })
			ids = append(ids, o.ID)
		}
		s := shop.New(shop.Options{Store: f.Store, Clock: f.Clock, Keys: f.Keys, Zone: time.FixedZone("WIB", 7*3600)})
		for want, again := 2, 0; again < 2; want, again = 0, again+1 {
			if n, err := s.Orders.NumberReceipts(ctx); err != nil || n != want {
				t.Errorf("%d numbered, want %d: %v", n, want, err)
			}
		}
		for id, want := range map[order.ID]int{ids[1]: 1, ids[0]: 2, ids[2]: 0} {
			if r, _, err := f.Receipt(ctx, id); err != nil || r.No != want {
				t.Errorf("%s: %d, want %d (%v)", id, r.No, want, err)
			}
		}
	})
}
