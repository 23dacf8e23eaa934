package shoptest

import (
	"context"

	"gerai/internal/actor"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
	"gerai/payments"
)

// Staff makes an account.
func (k *Harness) Staff(name string) actor.Actor {
	k.Helper()
	ctx := context.Background()
	by := actor.Staff("id-"+name, name, nil)
	k.Must(k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		return tx.InsertStaff(ctx, store.Staff{ID: by.ID, Name: name, Role: "kasir", PasswordHash: "x", CreatedAt: tx.Now()})
	}))
	return by
}

// OnShift makes an account and opens its shift with Rp100.000 in the till.
func (k *Harness) OnShift(name string) actor.Actor {
	k.Helper()
	by := k.Staff(name)
	k.Must(k.Shop.Counter.OpenShift(context.Background(), by, 100_000))
	return by
}

// SaleForm is a filled-in form for a one-day plan paid with cash.
func (k *Harness) SaleForm(by actor.Actor) counter.SellIn {
	return counter.SellIn{SiteID: "kopi", PlanID: "sehari", Nonce: k.NextNonce(), Method: payments.Cash, Given: 10_000, Actor: by}
}

// StockSaleForm is a filled-in form for a sale from stock.
func (k *Harness) StockSaleForm(by actor.Actor, plan, code string) counter.StockSaleIn {
	return counter.StockSaleIn{PlanID: plan, Code: code, Price: 5000, Nonce: k.NextNonce(), Actor: by}
}

// CashForm is a filled-in form for the cash of an order.
func (k *Harness) CashForm(by actor.Actor, o order.Order) counter.TakeIn {
	return counter.TakeIn{OrderID: o.ID, Nonce: k.NextNonce(), Method: payments.Cash, Actor: by}
}

// ExpectedTill is what the till of the actor's open shift should hold.
func (k *Harness) ExpectedTill(by actor.Actor) money.Rupiah {
	k.Helper()
	ctx := context.Background()
	s, found, err := k.Store.OpenShift(ctx, by.ID)
	sums, sumErr := k.Store.TillSums(ctx, s.ID)
	if err != nil || sumErr != nil || !found {
		k.Fatal(found, err, sumErr)
	}
	return ledger.Expected(s, sums)
}
