package store

import (
	"context"

	"gerai/internal/order"
)

// Facts reads an order with everything order.Derive looks at.
func (r reads) Facts(ctx context.Context, id order.ID) (order.Order, order.Facts, error) {
	o, err := r.Order(ctx, id)
	if err != nil {
		return o, order.Facts{}, err
	}
	f, err := r.FactsOf(ctx, o)
	return o, f, err
}

// FactsOf is Facts of an order that was read.
func (r reads) FactsOf(ctx context.Context, o order.Order) (f order.Facts, err error) {
	f = order.Facts{Total: o.Total, Policies: o.Item.SitePolicies, Test: o.Test, ExpiresAt: o.ExpiresAt, ExpiredAt: o.ExpiredAt,
		CancelledAt: o.CancelledAt, ForcedAt: o.ForcedAt, ClosedAt: o.ClosedAt, Problem: o.Problem}
	if f.Payments, err = r.Payments(ctx, o.ID); err != nil {
		return f, err
	}
	if f.Refunds, err = r.Refunds(ctx, o.ID); err != nil {
		return f, err
	}
	v, found, err := r.Voucher(ctx, o.ID)
	if found {
		f.Activation = &order.Activation{RouterID: v.RouterID, Username: v.Username, At: v.SoldAt}
	}
	if err == nil && !found && o.Extends != "" {
		var a order.Activation
		if a, found, err = r.extension(ctx, o.ID); found {
			f.Activation = &a
		}
	}
	return f, err
}
