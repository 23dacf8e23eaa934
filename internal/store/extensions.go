package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
)

// Extension says that an order lengthened another order's voucher.
type Extension struct {
	OrderID      order.ID // the order that was paid for it
	VoucherOrder order.ID // the order whose voucher lives longer
	RouterID     string
	Username     string
	At           time.Time
	RevokedAt    time.Time // zero while its time and data count
}

var (
	sqlExtension     = request(`SELECT router_id, username, at_ms FROM extensions WHERE order_id = $1`)
	sqlFullExtension = request(`SELECT order_id, voucher_order, router_id, username, at_ms, taken_ms FROM extensions WHERE order_id = $1`)
	sqlExtensions    = request(`SELECT ` + orderColumns + ` FROM orders WHERE id IN (SELECT order_id FROM extensions WHERE voucher_order = $1 AND taken_ms IS NULL) ORDER BY created_ms, id`)
	sqlPaidForward   = request(`SELECT ` + orderColumns + ` FROM orders WHERE extends = $1 AND extends <> '' AND status = 'paid' ORDER BY created_ms, id`)
)

func scanActivation(r scanner) (order.Activation, error) {
	var a order.Activation
	var done unixMillis
	err := r.Scan(&a.RouterID, &a.Username, &done)
	a.At = done.Time
	return a, err
}

// extension reads the activation of an order, if it lengthened a voucher.
func (r reads) extension(ctx context.Context, id order.ID) (order.Activation, bool, error) {
	a, found, err := queryOptional(ctx, r.q, scanActivation, sqlExtension, string(id))
	if err == nil {
		err = r.unseal(&a.Username, extensionNamePurpose(string(id)))
	}
	return a, found, err
}

// Extension reads what an order lengthened, if it did.
func (r reads) Extension(ctx context.Context, id order.ID) (Extension, bool, error) {
	return queryOptional(ctx, r.q, func(row scanner) (Extension, error) {
		var e Extension
		var done, taken unixMillis
		err := row.Scan(&e.OrderID, &e.VoucherOrder, &e.RouterID, &e.Username, &done, &taken)
		e.At, e.RevokedAt = done.Time, taken.Time
		if err == nil {
			err = r.unseal(&e.Username, extensionNamePurpose(string(e.OrderID)))
		}
		return e, err
	}, sqlFullExtension, string(id))
}

// Extensions lists the orders that have lengthened an order's voucher, without
// those whose time was taken back, oldest first.
func (r reads) Extensions(ctx context.Context, voucherOrder order.ID) ([]order.Order, error) {
	return queryAll(ctx, r.q, r.scanOrder, sqlExtensions, string(voucherOrder))
}

// PaidExtensions lists the orders that are paid for and have not lengthened
// the voucher yet.
func (r reads) PaidExtensions(ctx context.Context, voucherOrder order.ID) ([]order.Order, error) {
	return queryAll(ctx, r.q, r.scanOrder, sqlPaidForward, string(voucherOrder))
}

// InsertExtension records the extension, once per order.
func (t *Tx) InsertExtension(ctx context.Context, e Extension) (bool, error) {
	name, err := t.sealer.seal(e.Username, extensionNamePurpose(string(e.OrderID))) // it may be the password as well
	if err != nil {
		return false, fmt.Errorf("seal extension by order %s: %w", e.OrderID, err)
	}
	fresh, err := t.touched(ctx, `INSERT INTO extensions (order_id, voucher_order, router_id, username, at_ms) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (order_id) DO NOTHING`,
		string(e.OrderID), string(e.VoucherOrder), e.RouterID, name, at(e.At))
	if err != nil {
		return false, fmt.Errorf("insert extension by order %s: %w", e.OrderID, err)
	}
	if fresh {
		err = t.markMoneyDirty(ctx, e.OrderID)
	}
	return fresh, err
}

// RevokeExtension notes that an extension's time and data count no more; once.
func (t *Tx) RevokeExtension(ctx context.Context, id order.ID) (bool, error) {
	taken, err := t.touched(ctx, `UPDATE extensions SET taken_ms = $2 WHERE order_id = $1 AND taken_ms IS NULL`, string(id), at(t.now))
	if err != nil {
		return false, fmt.Errorf("take back extension by order %s: %w", id, err)
	}
	return taken, nil
}
