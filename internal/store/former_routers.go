package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
	"gerai/internal/voucher"
)

// FormerRouter is a router that had a voucher before another took it over, or may have got the
// user of an order that another one served.
type FormerRouter struct {
	ID, RouterID string
	VoucherID    string      // "" while the order has no voucher yet
	OrderID      order.ID    // "" for a voucher that no order stands behind
	Used         voucher.Use // what it counted, as far as it has told
	Since        time.Time   // when the other one took over
	LeftAt       time.Time   // when it had let the user go, zero while it may have it
}

const formerColumns = `id, voucher_id, order_id, router_id, uptime_ms, data, since_ms, left_ms`

var (
	sqlFormerRouter  = request(`SELECT ` + formerColumns + ` FROM former_routers WHERE id = $1`)
	sqlFormerRouters = request(`SELECT ` + formerColumns + ` FROM former_routers WHERE voucher_id = $1 ORDER BY since_ms DESC, id DESC`)
	sqlFormerOfOrder = request(`SELECT ` + formerColumns + ` FROM former_routers WHERE order_id = $1 AND voucher_id IS NULL ORDER BY since_ms, id`)
	sqlStillHeld     = request(`SELECT COUNT(*) FROM former_routers WHERE router_id = $1 AND left_ms IS NULL`)
)

func scanFormerRouter(row scanner) (FormerRouter, error) {
	var f FormerRouter
	var id, of *string
	var uptime int64
	var since, left unixMillis
	err := row.Scan(&f.ID, &id, &of, &f.RouterID, &uptime, &f.Used.Bytes, &since, &left)
	f.VoucherID, f.OrderID = orEmpty(id), order.ID(orEmpty(of))
	f.Used.Uptime, f.Since, f.LeftAt = span(uptime), since.Time, left.Time
	return f, err
}

// FormerRouter reads one; there is none once the voucher came back to it.
func (r reads) FormerRouter(ctx context.Context, id string) (FormerRouter, bool, error) {
	return queryOptional(ctx, r.q, scanFormerRouter, sqlFormerRouter, id)
}

// FormerRouters lists those of a voucher, the latest first.
func (r reads) FormerRouters(ctx context.Context, voucherID string) ([]FormerRouter, error) {
	return queryAll(ctx, r.q, scanFormerRouter, sqlFormerRouters, voucherID)
}

// FormerOfOrder lists the routers that may have got the user of an order that has no voucher
// yet.
func (r reads) FormerOfOrder(ctx context.Context, id order.ID) ([]FormerRouter, error) {
	return queryAll(ctx, r.q, scanFormerRouter, sqlFormerOfOrder, string(id))
}

// StillHeld counts the users that a router has yet to let go, because another one serves
// their vouchers.
func (r reads) StillHeld(ctx context.Context, routerID string) (int64, error) {
	return queryOne(ctx, r.q, scanInt, sqlStillHeld, routerID)
}

// AddFormerRouter notes that a router does not serve a voucher any more.
func (t *Tx) AddFormerRouter(ctx context.Context, f FormerRouter) error {
	_, err := t.exec(ctx, `INSERT INTO former_routers (`+formerColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		f.ID, orNull(f.VoucherID), orNull(string(f.OrderID)), f.RouterID, ms(f.Used.Uptime), f.Used.Bytes, at(f.Since), at(f.LeftAt))
	if err != nil {
		return fmt.Errorf("note former router of voucher %s: %w", f.VoucherID, err)
	}
	return nil
}

// DropFormerRouter forgets it: the router has the voucher again, with its own counters.
func (t *Tx) DropFormerRouter(ctx context.Context, id string) error {
	if _, err := t.exec(ctx, `DELETE FROM former_routers WHERE id = $1`, id); err != nil {
		return fmt.Errorf("drop former router: %w", err)
	}
	return nil
}

// SaveFormerRouter notes what it counted, whether it let the user go, and of which voucher.
func (t *Tx) SaveFormerRouter(ctx context.Context, f FormerRouter) error {
	if _, err := t.exec(ctx, `UPDATE former_routers SET uptime_ms = $2, data = $3, left_ms = $4, voucher_id = $5 WHERE id = $1`,
		f.ID, ms(f.Used.Uptime), f.Used.Bytes, at(f.LeftAt), orNull(f.VoucherID)); err != nil {
		return fmt.Errorf("save former router: %w", err)
	}
	return nil
}
