package main

import (
	"context"
	"errors"

	"gerai/internal/actor"
	"gerai/internal/app"
	"gerai/internal/catalog"
	"gerai/internal/shop/counter"
	"gerai/internal/shop/stock"
	"gerai/internal/store"
)

// makeStock orders a few vouchers and names an outlet, so that the pages about
// vouchers show something. A second start finds what the first one made.
func makeStock(ctx context.Context, a *app.App) error {
	_, err := a.Shop.Stock.CreateBatches(ctx, actor.Named("demo"), stock.BatchIn{PlanID: "kopi-1hari", RouterIDs: []string{"pojok"}, Nonce: "demo-batch-of-vouchers-1",
		Batch: catalog.Batch{Codes: catalog.Codes{Mode: catalog.ModeSame, Charset: "lower", Length: 8}, Count: 40, Note: "loket", UptimeLimit: -1, DataLimit: -1}})
	if err != nil {
		return err
	}
	err = a.Shop.Counter.PutOutlet(ctx, actor.Named("demo"), counter.OutletIn{Name: "Warung Pak Joko", Note: "Ambil tiap Senin"})
	if errors.Is(err, store.ErrOutletNameTaken) {
		return nil
	}
	return err
}
