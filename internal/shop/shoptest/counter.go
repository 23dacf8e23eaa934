package shoptest

import (
	"context"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/counter"
	"gerai/internal/store"
	"gerai/payments"
)

// Staff makes an account.
func (k *Harness) Staff(name string) shop.Actor {
	k.Helper()
	ctx := context.Background()
	by := shop.Actor{ID: "id-" + name, Name: name, AuditName: "staff:" + name}
	k.Must(k.Store.InTx(ctx, "test", func(tx *store.Tx) error {
		return tx.InsertStaff(ctx, store.Staff{ID: by.ID, Name: name, Role: "kasir", PasswordHash: "x", CreatedAt: tx.Now()})
	}))
	return by
}

// OnShift makes an account and opens its shift with Rp100.000 in the till.
func (k *Harness) OnShift(name string) shop.Actor {
	k.Helper()
	by := k.Staff(name)
	k.Must(k.Shop.Counter.OpenShift(context.Background(), by, 100_000))
	return by
}

// SaleForm is a filled-in form for a one-day plan paid with cash.
func (k *Harness) SaleForm(by shop.Actor) counter.SellIn {
	return counter.SellIn{SiteID: "kopi", PlanID: "sehari", Nonce: k.NextNonce(), Method: payments.Cash, Given: 10_000, Actor: by}
}

// StockSaleForm is a filled-in form for a sale from stock.
func (k *Harness) StockSaleForm(by shop.Actor, plan, code string) counter.StockSaleIn {
	return counter.StockSaleIn{PlanID: plan, Code: code, Price: 5000, Nonce: k.NextNonce(), Actor: by}
}

// CashForm is a filled-in form for the cash of an order.
func (k *Harness) CashForm(by shop.Actor, o order.Order) counter.TakeIn {
	return counter.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Cash, Actor: by}
}

// ExpectedTill is what the till of the actor's open shift should hold.
func (k *Harness) ExpectedTill(by shop.Actor) money.Rupiah {
	k.Helper()
	ctx := context.Background()
	s, found, err := k.Store.OpenShift(ctx, by.ID)
	sums, sumErr := k.Store.TillSums(ctx, s.ID)
	if err != nil || sumErr != nil || !found {
		k.Fatal(found, err, sumErr)
	}
	return shop.Expected(s, sums)
}
