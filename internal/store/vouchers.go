package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/order"
)

// States of a voucher.
const (
	VoucherStock    = "stock"
	VoucherSold     = "sold"
	VoucherActive   = "active" // first login seen
	VoucherExpired  = "expired"
	VoucherDisabled = "disabled"
)

// Voucher is a user on a router and its life.
type Voucher struct {
	ID           string
	OrderID      order.ID
	SiteID       string
	PlanID       string
	RouterID     string
	Username     string
	State        string
	SoldAt       time.Time
	FirstLoginAt time.Time
	ValidUntil   time.Time
	EndedAt      time.Time
}

const voucherColumns = `id, order_id, site_id, plan_id, router_id, username, state, sold_ms, first_login_ms, valid_until_ms, ended_ms`

func scanVoucher(r scanner) (Voucher, error) {
	var v Voucher
	var id *string
	var sold, first, valid, ended stamp
	err := r.Scan(&v.ID, &id, &v.SiteID, &v.PlanID, &v.RouterID, &v.Username, &v.State, &sold, &first, &valid, &ended)
	v.SoldAt, v.FirstLoginAt, v.ValidUntil, v.EndedAt = sold.Time, first.Time, valid.Time, ended.Time
	if id != nil {
		v.OrderID = order.ID(*id)
	}
	return v, err
}

var (
	sqlVoucher      = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE order_id = $1`)
	sqlLiveVouchers = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE router_id = $1 AND state = $2 AND username > $3 ORDER BY username LIMIT $4`)
)

// Voucher reads an order's voucher, if it has one.
func (r reads) Voucher(ctx context.Context, id order.ID) (Voucher, bool, error) {
	return maybe(ctx, r.q, scanVoucher, sqlVoucher, string(id))
}

// mostNames bounds one IN list.
const mostNames = 200

// WaitingVouchers lists sold vouchers of a router, not yet seen online, whose
// user is among names.
func (r reads) WaitingVouchers(ctx context.Context, routerID string, names []string) ([]Voucher, error) {
	var out []Voucher
	for len(names) > 0 {
		part := names[:min(len(names), mostNames)]
		names = names[len(part):]
		args := []any{routerID}
		marks := make([]string, len(part))
		for i, n := range part {
			args = append(args, n)
			marks[i] = fmt.Sprintf("$%d", i+2)
		}
		found, err := list(ctx, r.q, scanVoucher, `SELECT `+voucherColumns+` FROM vouchers WHERE router_id = $1 AND state = 'sold' AND username IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("waiting vouchers of router %s: %w", routerID, err)
		}
		out = append(out, found...)
	}
	return out, nil
}

// LiveVouchers lists a router's vouchers in a state by user name, after one.
func (r reads) LiveVouchers(ctx context.Context, routerID, state, after string, limit int) ([]Voucher, error) {
	return list(ctx, r.q, scanVoucher, sqlLiveVouchers, routerID, state, after, limit)
}

// InsertVoucher records an activation, once per order.
func (t *Tx) InsertVoucher(ctx context.Context, v Voucher) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO vouchers (`+voucherColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (order_id) DO NOTHING`,
		v.ID, orNull(string(v.OrderID)), v.SiteID, v.PlanID, v.RouterID, v.Username, v.State, at(v.SoldAt), at(v.FirstLoginAt), at(v.ValidUntil), at(v.EndedAt))
	if err != nil {
		return false, fmt.Errorf("insert voucher of order %s: %w", v.OrderID, err)
	}
	return fresh, nil
}

// MoveVoucherEnd gives a living voucher another end, if its end still is what
// v says.
func (t *Tx) MoveVoucherEnd(ctx context.Context, v Voucher, until time.Time) (bool, error) {
	moved, err := t.touched(ctx, `UPDATE vouchers SET valid_until_ms = $3 WHERE id = $1 AND state IN ('sold', 'active') AND COALESCE(valid_until_ms, 0) = $2`,
		v.ID, endOf(v), at(until))
	if err != nil {
		return false, fmt.Errorf("move end of voucher %s: %w", v.ID, err)
	}
	return moved, nil
}

// EndVoucher ends a living voucher, if its end still is what v says.
func (t *Tx) EndVoucher(ctx context.Context, v Voucher) (bool, error) {
	ended, err := t.touched(ctx, `UPDATE vouchers SET state = 'expired', ended_ms = $3 WHERE id = $1 AND state IN ('sold', 'active') AND COALESCE(valid_until_ms, 0) = $2`,
		v.ID, endOf(v), at(t.now))
	if err != nil {
		return false, fmt.Errorf("end voucher %s: %w", v.ID, err)
	}
	return ended, nil
}

func endOf(v Voucher) int64 {
	if v.ValidUntil.IsZero() {
		return 0
	}
	return v.ValidUntil.UnixMilli()
}

// SaveVoucher moves a voucher on if it still is in the state from.
func (t *Tx) SaveVoucher(ctx context.Context, v Voucher, from string) (bool, error) {
	saved, err := t.touched(ctx, `UPDATE vouchers SET state = $3, first_login_ms = $4, valid_until_ms = $5, ended_ms = $6, router_id = $7 WHERE id = $1 AND state = $2`,
		v.ID, from, v.State, at(v.FirstLoginAt), at(v.ValidUntil), at(v.EndedAt), v.RouterID)
	if err != nil {
		return false, fmt.Errorf("save voucher %s: %w", v.ID, err)
	}
	if saved && from == VoucherSold && !v.FirstLoginAt.IsZero() {
		err = t.markReport(ctx, v.SoldAt)
	}
	return saved, err
}
