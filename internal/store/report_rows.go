package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/report"
	"gerai/payments"
)

// OrderRow is one order as exports show it: no phone number, no credentials.
type OrderRow struct {
	ID                             order.ID
	Code                           order.Code
	SiteID, PlanID, RouterID       string
	SellerID                       string          // who sold it at the counter, "" online
	Method                         payments.Method // of the first payment, else of the attempt at hand
	Status                         order.Status
	Flags                          []string
	Test                           bool
	Total, In, Back                money.Rupiah
	Discount                       money.Rupiah // taken off, by PromotionID, "" for none, and by staff
	PromotionID                    string
	CreatedAt, PaidAt, ActivatedAt time.Time
	Validity                       time.Duration
	Redeem                         report.Redeem
}

var sqlOrderRows = request(`SELECT o.id, o.code, o.site_id, o.plan_id, o.router_id,
	COALESCE((SELECT MIN(p.method) FROM payments p WHERE p.order_id = o.id), (SELECT a.method FROM attempts a WHERE a.order_id = o.id AND a.no = o.attempt_no), ''),
	o.status, o.flags, o.test, o.seller_id, o.total,
	CAST(COALESCE((SELECT SUM(p.amount) FROM payments p WHERE p.order_id = o.id AND` + counted + `), 0) AS BIGINT),
	CAST(COALESCE((SELECT SUM(f.amount) FROM refunds f WHERE f.order_id = o.id AND f.done_ms IS NOT NULL), 0) AS BIGINT),
	` + itemNumber("o.item", "Discount") + ` + ` + itemNumber("o.item", "Allowance") + `, COALESCE((SELECT u.promotion_id FROM promotion_uses u WHERE u.order_id = o.id), ''), o.created_ms, o.paid_ms, o.activated_ms, ` + validityOf("o.item") + `, ` + redeem + `
	FROM orders o` + withVoucher + ` WHERE (o.created_ms, o.id) > ($1, $2) AND o.created_ms < $4 ORDER BY o.created_ms, o.id LIMIT $5`)

// rowsPerPage is how many rows an export holds in memory.
const rowsPerPage = 1000

// EachOrder calls fn for the orders created from an instant until before another, the
// oldest first, page by page; the states of their vouchers are those at the instant now.
func (r reads) EachOrder(ctx context.Context, from, until, now time.Time, fn func(OrderRow) error) error {
	last := OrderRow{CreatedAt: from} // no id is ""
	for {
		page, err := queryAll(ctx, r.q, scanOrderRow, r.rebind(sqlOrderRows), at(last.CreatedAt), string(last.ID), at(now), at(until), rowsPerPage)
		if err != nil {
			return fmt.Errorf("read orders from %s: %w", last.CreatedAt.Format(time.RFC3339), err)
		}
		for _, row := range page {
			if err := fn(row); err != nil {
				return err
			}
		}
		if len(page) < rowsPerPage {
			return nil
		}
		last = page[len(page)-1]
	}
}

func scanOrderRow(r scanner) (OrderRow, error) {
	var o OrderRow
	var flags string
	var total, in, back, discount, validity, ends int64
	var created, paid, activated unixMillis
	err := r.Scan(&o.ID, &o.Code, &o.SiteID, &o.PlanID, &o.RouterID, &o.Method, &o.Status, &flags, &o.Test, &o.SellerID, &total, &in, &back, &discount, &o.PromotionID, &created, &paid, &activated, &validity, &o.Redeem, &ends)
	o.Validity = time.Duration(validity) * time.Millisecond
	o.Flags, o.Total, o.In, o.Back = split(flags), money.Rupiah(total), money.Rupiah(in), money.Rupiah(back)
	o.Discount = money.Rupiah(discount)
	o.CreatedAt, o.PaidAt, o.ActivatedAt = created.Time, paid.Time, activated.Time
	return o, err
}
