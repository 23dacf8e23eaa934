package refunds

import (
	"context"
	"slices"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/store"
)

// askedFor is how much the person who asked for a refund gets back with it of its order and of
// those that were sold with it, or of its payment where there is no order: parts are no way
// around a limit.
func askedFor(ctx context.Context, r approvalReader, f order.Refund) (sum money.Rupiah, err error) {
	all, err := refundsWith(ctx, r, f)
	for _, x := range all {
		if x.AskedID == f.AskedID && (x.ID == f.ID || x.UnderWay()) {
			sum += x.Amount
		}
	}
	return sum, err
}

func refundsWith(ctx context.Context, r approvalReader, f order.Refund) (all []order.Refund, err error) {
	if f.OrderID == "" {
		return r.RefundsOf(ctx, f.Gateway, f.PaymentKey)
	}
	ids, err := soldWith(ctx, r, f.OrderID)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		part, err := r.Refunds(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	return all, nil
}

// soldWith lists an order and those that were sold with it at the counter.
func soldWith(ctx context.Context, r approvalReader, id order.ID) ([]order.ID, error) {
	ids := []order.ID{id}
	pays, err := r.CounterPayments(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, p := range pays {
		parts, err := r.CounterSale(ctx, p.SaleKey)
		if err != nil {
			return nil, err
		}
		for _, c := range parts {
			if !slices.Contains(ids, c.OrderID) {
				ids = append(ids, c.OrderID)
			}
		}
	}
	return ids, nil
}

// lockSales keeps two refunds of one sale from being decided at once, neither knowing of the
// other.
func lockSales(ctx context.Context, tx *store.Tx, id order.ID) error {
	if id == "" {
		return nil
	}
	pays, err := tx.CounterPayments(ctx, id)
	if err != nil {
		return err
	}
	for _, p := range pays {
		if err := tx.LockCounterSale(ctx, p.SaleKey); err != nil {
			return err
		}
	}
	return nil
}
