package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gerai/internal/order"
	"gerai/internal/voucher"
)

// ReviewRow is the little of a voucher that lives on a router by which a review tells that
// its books have not changed: what it may do altogether is a matter of these alone, and of
// what never changes about its order and batch.
type ReviewRow struct {
	ID, Username string
	State        voucher.State
	OrderID      order.ID
	ValidUntil   int64 // Unix milliseconds, 0 for none
	Unmade       bool  // of a batch, and its router has not got it
	Off          bool  // its router was told that it is disabled
	Extended     int64 // when the extensions that count were made, Unix milliseconds in one sum: it is another one for others
	Suspended    bool
	Given        int64 // what staff added, all in one sum
	Carried      int64 // what other routers counted, likewise
	PlanDevices  int64 // for how many devices at once its plan is sold now, 0 where it is gone
}

var (
	sqlReviewRows = background(`SELECT v.id, v.username, CASE WHEN v.username LIKE '` + hiddenName + `%' THEN v.password ELSE '' END, v.state, COALESCE(v.order_id, ''), COALESCE(v.valid_until_ms, 0), v.batch_id IS NOT NULL AND v.made_ms IS NULL, v.off_ms IS NOT NULL,
		v.suspended_ms IS NOT NULL, v.given_validity_ms + v.given_uptime_ms + v.given_data, v.carried_uptime_ms + v.carried_data,
		(SELECT CAST(COALESCE(SUM(x.at_ms), 0) AS BIGINT) FROM extensions x WHERE x.voucher_order = v.order_id AND x.taken_ms IS NULL), COALESCE(p.shared_users, 0)
		FROM vouchers v LEFT JOIN plans p ON p.id = v.plan_id WHERE v.router_id = $1 AND v.state IN ('stock', 'sold', 'active')`)
	sqlEndingRefunds = background(`SELECT order_id FROM refunds WHERE closed_ms IS NULL AND ends_voucher AND order_id IS NOT NULL`)
)

// ReviewRows lists the vouchers that a router should let in.
func (r reads) ReviewRows(ctx context.Context, routerID string) ([]ReviewRow, error) {
	out, err := queryAll(ctx, r.q, func(row scanner) (ReviewRow, error) {
		var x ReviewRow
		var password string
		err := row.Scan(&x.ID, &x.Username, &password, &x.State, &x.OrderID, &x.ValidUntil, &x.Unmade, &x.Off, &x.Suspended, &x.Given, &x.Carried, &x.Extended, &x.PlanDevices)
		if err == nil && strings.HasPrefix(x.Username, hiddenName) { // the password is the name
			err = r.unseal(&password, voucherPasswordPurpose(x.ID))
			unhide(&x.Username, password)
		}
		return x, err
	}, sqlReviewRows, routerID)
	if err != nil {
		return nil, fmt.Errorf("vouchers to review on router %s: %w", routerID, err)
	}
	return out, nil
}

// EndingRefunds lists the orders of refunds that end their vouchers and are not closed.
func (r reads) EndingRefunds(ctx context.Context) ([]string, error) {
	return queryAll(ctx, r.q, scanString, sqlEndingRefunds)
}

// VouchersOf reads vouchers by id, in no order; what is not there is left out.
func (r reads) VouchersOf(ctx context.Context, ids []string) ([]Voucher, error) {
	return eachIn(ctx, r, ids, r.scanVoucher, `SELECT `+voucherColumns+` FROM vouchers WHERE id IN `)
}

// VouchersNamed reads the vouchers among user names, in no order, that a router has or had
// before they were moved to another.
func (r reads) VouchersNamed(ctx context.Context, routerID string, names []string) ([]Voucher, error) {
	return eachIn(ctx, r, r.storedNames(names...), r.scanVoucher, `SELECT `+voucherColumns+` FROM vouchers WHERE (router_id = $1 OR id IN (SELECT voucher_id FROM former_routers WHERE router_id = $1)) AND username IN `, routerID)
}

// OrdersOf reads orders by id, in no order.
func (r reads) OrdersOf(ctx context.Context, ids []order.ID) ([]order.Order, error) {
	return eachIn(ctx, r, ids, r.scanOrder, `SELECT `+orderColumns+` FROM orders WHERE id IN `)
}

// ExtensionsOf lists what counts of the extensions of some vouchers, by their orders, oldest
// first: those that are done, and those that are paid for.
func (r reads) ExtensionsOf(ctx context.Context, voucherOrders []order.ID) (done, paid map[order.ID][]order.Order, err error) {
	done, paid = map[order.ID][]order.Order{}, map[order.ID][]order.Order{}
	of := map[order.ID]order.ID{}
	rows, err := eachIn(ctx, r, voucherOrders, func(row scanner) (Extension, error) {
		var e Extension
		err := row.Scan(&e.OrderID, &e.VoucherOrder)
		return e, err
	}, `SELECT order_id, voucher_order FROM extensions WHERE taken_ms IS NULL AND voucher_order IN `)
	if err != nil {
		return nil, nil, fmt.Errorf("extensions of %d vouchers: %w", len(voucherOrders), err)
	}
	var ids []order.ID
	for _, e := range rows {
		of[e.OrderID] = e.VoucherOrder
		ids = append(ids, e.OrderID)
	}
	made, err := r.OrdersOf(ctx, ids)
	if err != nil {
		return nil, nil, fmt.Errorf("orders of %d extensions: %w", len(ids), err)
	}
	waiting, err := eachIn(ctx, r, voucherOrders, r.scanOrder, `SELECT `+orderColumns+` FROM orders WHERE status = 'paid' AND extends <> '' AND extends IN `)
	if err != nil {
		return nil, nil, fmt.Errorf("paid extensions of %d vouchers: %w", len(voucherOrders), err)
	}
	for _, list := range [][]order.Order{made, waiting} {
		slices.SortFunc(list, func(a, b order.Order) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID)) })
	}
	for _, o := range made {
		done[of[o.ID]] = append(done[of[o.ID]], o)
	}
	for _, o := range waiting {
		paid[o.Extends] = append(paid[o.Extends], o)
	}
	return done, paid, nil
}

// RefundsOfOrders lists what is due or was given back on some orders.
func (r reads) RefundsOfOrders(ctx context.Context, ids []order.ID) (map[order.ID][]order.Refund, error) {
	rows, err := eachIn(ctx, r, ids, scanRefund, `SELECT `+refundColumns+` FROM refunds WHERE state <> 'rejected' AND order_id IN `)
	out := map[order.ID][]order.Refund{}
	for _, f := range rows {
		out[f.OrderID] = append(out[f.OrderID], f)
	}
	return out, err
}
