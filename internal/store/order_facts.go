package store

import (
	"context"
	"fmt"

	"gerai/internal/order"
)

// factRows says which tables have rows of an order: most have none, and are not read then.
type factRows struct{ payments, refunds, voucher bool }

func factRowsOf(id string) string {
	return `EXISTS (SELECT 1 FROM payments WHERE order_id = ` + id + `), EXISTS (SELECT 1 FROM refunds WHERE order_id = ` + id + `), EXISTS (SELECT 1 FROM vouchers WHERE order_id = ` + id + `)`
}

var (
	sqlOrderAndRows = request(`SELECT ` + orderColumns + `, ` + factRowsOf("orders.id") + ` FROM orders WHERE id = $1`)
	sqlFactRows     = request(`SELECT ` + factRowsOf("$1"))
)

func scanFactRows(r scanner) (x factRows, err error) {
	return x, r.Scan(&x.payments, &x.refunds, &x.voucher)
}

// followed is a row with more columns behind those that are scanned.
type followed struct {
	scanner
	more []any
}

// Scan implements scanner.
func (f followed) Scan(dest ...any) error { return f.scanner.Scan(append(dest, f.more...)...) }

// Facts reads an order with everything order.Derive looks at.
func (r reads) Facts(ctx context.Context, id order.ID) (order.Order, order.Facts, error) {
	o, f, _, err := r.FactsAndVoucher(ctx, id)
	return o, f, err
}

// FactsAndVoucher is Facts with the order's own voucher, which is zero until it has one.
func (r reads) FactsAndVoucher(ctx context.Context, id order.ID) (order.Order, order.Facts, Voucher, error) {
	var rows factRows
	o, err := queryRow(ctx, r.q, func(row scanner) (order.Order, error) {
		return r.scanOrder(followed{row, []any{&rows.payments, &rows.refunds, &rows.voucher}})
	}, ErrOrderNotFound, sqlOrderAndRows, string(id))
	if err != nil {
		return o, order.Facts{}, Voucher{}, err
	}
	f, v, err := r.factsOf(ctx, o, rows)
	return o, f, v, err
}

// FactsOf is Facts of an order that was read.
func (r reads) FactsOf(ctx context.Context, o order.Order) (order.Facts, error) {
	rows, err := queryOne(ctx, r.q, scanFactRows, sqlFactRows, string(o.ID))
	if err != nil {
		return order.Facts{}, fmt.Errorf("read facts of order %s: %w", o.ID, err)
	}
	f, _, err := r.factsOf(ctx, o, rows)
	return f, err
}

func (r reads) factsOf(ctx context.Context, o order.Order, rows factRows) (f order.Facts, v Voucher, err error) {
	f = order.Facts{Total: o.Total, Policies: o.Item.SitePolicies, Test: o.Test, ExpiresAt: o.ExpiresAt, ExpiredAt: o.ExpiredAt,
		CancelledAt: o.CancelledAt, ForcedAt: o.ForcedAt, ClosedAt: o.ClosedAt, Problem: o.Problem}
	if rows.payments {
		if f.Payments, err = r.Payments(ctx, o.ID); err != nil {
			return f, v, err
		}
	}
	if rows.refunds {
		if f.Refunds, err = r.Refunds(ctx, o.ID); err != nil {
			return f, v, err
		}
	}
	found := false
	if rows.voucher {
		v, found, err = r.Voucher(ctx, o.ID)
	}
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
