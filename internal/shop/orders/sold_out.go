package orders

import (
	"context"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/vouchers"
	"gerai/internal/store"
)

// stockReads is what the count of deliverable vouchers asks the store.
type stockReads interface {
	RoutersOf(ctx context.Context, siteID string) ([]catalog.Router, error)
	ReadyStock(ctx context.Context, planID string) ([]store.ReadyStock, error)
	PromisedStock(ctx context.Context, planID string) (int, error)
	Batch(context.Context, string) (store.Batch, error)
}

// SoldOut reports whether a plan that is delivered from the stock alone has no
// voucher left that no other order waits for.
func (s *Service) SoldOut(ctx context.Context, site catalog.Site, plan catalog.Plan) (bool, error) {
	return soldOut(ctx, s.Store, site, plan)
}

func soldOut(ctx context.Context, from stockReads, site catalog.Site, plan catalog.Plan) (bool, error) {
	if plan.Delivery != order.OnlyStock {
		return false, nil
	}
	routers, err := from.RoutersOf(ctx, site.ID)
	if err != nil {
		return false, err
	}
	routers = site.StandIns(routers) // the others get no new orders
	ready, err := from.ReadyStock(ctx, plan.ID)
	if err != nil {
		return false, err
	}
	left, err := from.PromisedStock(ctx, plan.ID)
	if err != nil {
		return false, err
	}
	left = -left
	item := plan.Item(site)
	for _, at := range ready {
		b, err := from.Batch(ctx, at.BatchID)
		if err != nil {
			return false, err
		}
		for _, r := range routers {
			if r.ID == at.RouterID && vouchers.Gives(b, r, item) {
				left += at.Count
			}
		}
	}
	return left <= 0, nil
}

// KeepStock refuses an order for a plan that is sold out. Orders for one plan wait
// here for each other, so that the last voucher is promised once.
func KeepStock(ctx context.Context, tx *store.Tx, site catalog.Site, plan catalog.Plan) error {
	if plan.Delivery != order.OnlyStock {
		return nil
	}
	if err := tx.LockPlan(ctx, plan.ID); err != nil {
		return err
	}
	gone, err := soldOut(ctx, tx, site, plan)
	if err == nil && gone {
		return fault.AtField("plan", "order.sold_out")
	}
	return err
}
