package store

import (
	"context"

	"gerai/internal/order"
)

// Facts reads an order with everything order.Derive looks at.
func (r reads) Facts(ctx context.Context, id order.ID) (order.Order, order.Facts, error) {
	o, f, _, err := r.FactsAndVoucher(ctx, id)
	return o, f, err
}

// FactsAndVoucher is Facts with the order's own voucher, which is zero until it has one.
func (r reads) FactsAndVoucher(ctx context.Context, id order.ID) (order.Order, order.Facts, Voucher, error) {
	o, err := r.Order(ctx, id)
	if err != nil {
		return o, order.Facts{}, Voucher{}, err
	}
	f, v, err := r.factsOf(ctx, o)
	return o, f, v, err
}

// FactsOf is Facts of an order that was read.
func (r reads) FactsOf(ctx context.Context, o order.Order) (order.Facts, error) {
	f, _, err := r.factsOf(ctx, o)
	return f, err
}

func (r reads) factsOf(ctx context.Context, o order.Order) (f order.Facts, v Voucher, err error) {
	f = order.Facts{Total: o.Total, Policies: o.Item.SitePolicies, Test: o.Test, ExpiresAt: o.ExpiresAt, ExpiredAt: o.ExpiredAt,
		CancelledAt: o.CancelledAt, ForcedAt: o.ForcedAt, ClosedAt: o.ClosedAt, Problem: o.Problem}
	if f.Payments, err = r.Payments(ctx, o.ID); err != nil {
		return f, v, err
	}
	if f.Refunds, err = r.Refunds(ctx, o.ID); err != nil {
		return f, v, err
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
	return f, v, err
}
