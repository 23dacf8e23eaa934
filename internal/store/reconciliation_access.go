package store

import (
	"context"
	"fmt"
)

// AccessDifference is a difference of a voucher's user with what its row in the
// reconciliation says of it.
type AccessDifference struct {
	UserDifference
	Voucher Voucher // its name alone: order, batch and number, user name
	Batch   Batch   // its code alone
	SiteID  string  // of the router
}

var (
	sqlAccessDifferences = background(`SELECT d.voucher_id, d.router_id, d.kinds, d.why, d.since_ms, COALESCE(v.order_id, ''), v.username, COALESCE(v.batch_id, ''), COALESCE(v.no, 0), COALESCE(b.code, ''), r.site_id
		FROM user_differences d JOIN vouchers v ON v.id = d.voucher_id JOIN routers r ON r.id = d.router_id LEFT JOIN batches b ON b.id = v.batch_id
		WHERE d.voucher_id > $1 AND r.deleted_ms IS NULL AND NOT r.disabled ORDER BY d.voucher_id LIMIT $2`)
	sqlOpenAccess       = background(rowQuery + needsPerson + `AND r.kind = 'access' ORDER BY r.id`)
	sqlDifferencesCount = request(`SELECT router_id, COUNT(*) FROM user_differences GROUP BY router_id`)
)

// AccessDifferences lists what the review of routers leaves to a person, of routers that are
// in use, by voucher, after one.
func (r reads) AccessDifferences(ctx context.Context, after string, limit int) ([]AccessDifference, error) {
	out, err := queryAll(ctx, r.q, func(s scanner) (AccessDifference, error) {
		var x AccessDifference
		var since unixMillis
		err := s.Scan(&x.VoucherID, &x.RouterID, &x.Kinds, &x.Why, &since, &x.Voucher.OrderID, &x.Voucher.Username, &x.Voucher.BatchID, &x.Voucher.No, &x.Batch.Code, &x.SiteID)
		x.Since, x.Voucher.ID = since.Time, x.VoucherID
		return x, err
	}, sqlAccessDifferences, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list differences of routers: %w", err)
	}
	return out, nil
}

// OpenAccessRows lists the open rows about vouchers on routers.
func (r reads) OpenAccessRows(ctx context.Context) ([]ReconciliationRow, error) {
	return queryAll(ctx, r.q, scanReconciliationRow, sqlOpenAccess)
}

// CountDifferences counts what the review leaves to a person by router.
func (r reads) CountDifferences(ctx context.Context) (map[string]int64, error) {
	out := map[string]int64{}
	_, err := queryAll(ctx, r.q, func(s scanner) (id string, err error) {
		var n int64
		err = s.Scan(&id, &n)
		out[id] = n
		return id, err
	}, sqlDifferencesCount)
	return out, err
}
