package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/report"
)

// counted are payments that a report counts: the shop's currency, more than
// nothing, not given up. order.Derive counts the same.
const counted = ` p.currency = 'IDR' AND p.amount > 0 AND p.written_ms IS NULL `

// gatewayMoney are the methods that go through the gateway.
const gatewayMoney = ` (p.method = 'qris' OR p.method LIKE 'va:%') `

// freeMoney is the payment of nothing of a free order, counterMoney what people took.
const (
	freeMoney    = ` (p.method = 'free') `
	counterMoney = ` NOT` + gatewayMoney + `AND p.method <> 'free' `
)

// validityOf is how long what was sold is valid, in milliseconds, read from the
// snapshot of the plan that an order or a batch keeps.
func validityOf(item string) string { return itemNumber(item, "Validity") + ` / 1000000` }

// An extension's voucher is the one that it made longer.
const (
	withVoucher = ` LEFT JOIN vouchers v ON v.order_id = CASE WHEN o.extends <> '' THEN COALESCE((SELECT x.voucher_order FROM extensions x WHERE x.order_id = o.id), o.id) ELSE o.id END`
	// over holds for a voucher that had ended by the instant $3.
	over = `(v.ended_ms <= $3 OR v.valid_until_ms <= $3)`
	// redeem is how far the voucher had come, and the hour that ends what may
	// still be used: readers know later what has ended without asking the rows.
	redeem = `CASE WHEN v.id IS NULL THEN '' WHEN ` + over + ` THEN CASE WHEN v.first_login_ms IS NULL THEN 'lapsed' ELSE 'spent' END
		WHEN v.first_login_ms IS NULL THEN 'unused' ELSE 'active' END,
		CASE WHEN v.id IS NULL OR ` + over + ` THEN 0 ELSE COALESCE((v.valid_until_ms + 3599999) / 3600000, 0) END`
)

var (
	sqlDayIn = request(`SELECT COALESCE(o.site_id, ''), COALESCE(o.plan_id, ''), p.method, COALESCE(o.test, FALSE), p.amount, ` + validityOf("o.item") + `, ` + redeem + `, COUNT(*)
		FROM payments p LEFT JOIN orders o ON o.id = p.order_id` + withVoucher + ` WHERE p.paid_ms >= $1 AND p.paid_ms < $2 AND` + counted + `GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`)
	// The payment that paid an order in full is the one made at that instant,
	// the first by key where there are two.
	sqlDaySold = request(`SELECT o.site_id, o.plan_id, p.method, o.test, o.total, ` + validityOf("o.item") + `, ` + redeem + `, COUNT(*)
		FROM payments p JOIN orders o ON o.id = p.order_id` + withVoucher + ` WHERE p.paid_ms >= $1 AND p.paid_ms < $2 AND o.paid_ms = p.paid_ms AND` + counted + `
		AND NOT EXISTS (SELECT 1 FROM payments e WHERE e.order_id = p.order_id AND e.paid_ms = p.paid_ms AND e.currency = 'IDR' AND e.amount > 0 AND e.written_ms IS NULL
		AND (e.gateway < p.gateway OR (e.gateway = p.gateway AND e.key < p.key))) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`)
	sqlDayBack = request(`SELECT COALESCE(o.site_id, ''), COALESCE(o.plan_id, ''),
		COALESCE((SELECT MIN(p.method) FROM payments p WHERE p.key = f.payment_key AND (p.gateway = f.gateway OR f.gateway = '')), ''), COALESCE(o.test, FALSE), f.amount, ` + validityOf("o.item") + `, ` + redeem + `, COUNT(*)
		FROM refunds f LEFT JOIN orders o ON o.id = f.order_id` + withVoucher + ` WHERE f.done_ms >= $1 AND f.done_ms < $2 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`)
	sqlDayDiscount = request(`SELECT o.site_id, o.plan_id, p.method, o.test, u.discount, ` + validityOf("o.item") + `, ` + redeem + `, u.promotion_id, COUNT(*)
		FROM payments p JOIN orders o ON o.id = p.order_id JOIN promotion_uses u ON u.order_id = o.id` + withVoucher + ` WHERE p.paid_ms >= $1 AND p.paid_ms < $2 AND o.paid_ms = p.paid_ms
		AND p.currency = 'IDR' AND (p.amount > 0 OR` + freeMoney + `) AND p.written_ms IS NULL AND NOT EXISTS (SELECT 1 FROM payments e WHERE e.order_id = p.order_id AND e.paid_ms = p.paid_ms
		AND e.currency = 'IDR' AND e.amount > 0 AND e.written_ms IS NULL AND (e.gateway < p.gateway OR (e.gateway = p.gateway AND e.key < p.key))) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`)
	// What staff took off is in the snapshot that the order keeps.
	sqlDayAllowance = request(`SELECT o.site_id, o.plan_id, p.method, o.test, ` + itemNumber("o.item", "Allowance") + `, ` + validityOf("o.item") + `, ` + redeem + `, '` + report.ByStaff + `', COUNT(*)
		FROM payments p JOIN orders o ON o.id = p.order_id` + withVoucher + ` WHERE p.paid_ms >= $1 AND p.paid_ms < $2 AND o.paid_ms = p.paid_ms AND p.gateway = 'counter' AND ` + itemNumber("o.item", "Allowance") + ` > 0 AND` + counted + `
		AND NOT EXISTS (SELECT 1 FROM payments e WHERE e.order_id = p.order_id AND e.paid_ms = p.paid_ms AND e.currency = 'IDR' AND e.amount > 0 AND e.written_ms IS NULL
		AND (e.gateway < p.gateway OR (e.gateway = p.gateway AND e.key < p.key))) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9`)
	// A voucher that was sold on paper has no order: its batch knows its plan.
	sqlDayHanded = request(`SELECT v.site_id, v.plan_id, CASE WHEN o.id IS NULL THEN 'paper' ELSE COALESCE((SELECT MIN(p.method) FROM payments p WHERE p.order_id = o.id), '') END,
		COALESCE(o.test, FALSE), COALESCE(o.total, ` + itemNumber("b.item", "Price") + `), CASE WHEN o.id IS NULL THEN ` + validityOf("b.item") + ` ELSE ` + validityOf("o.item") + ` END, ` + redeem + `, COUNT(*)
		FROM vouchers v LEFT JOIN orders o ON o.id = v.order_id LEFT JOIN batches b ON b.id = v.batch_id WHERE v.sold_ms >= $1 AND v.sold_ms < $2 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8`)
	// Each "is there one" is a lookup that ends at the first row: written as
	// EXISTS, PostgreSQL may read the whole table once for a day of orders.
	sqlDayFlow = request(`SELECT o.site_id, o.router_id, o.test, (o.created_ms - $1) / 3600000, COUNT(*),
		SUM(CASE WHEN (SELECT 1 FROM attempts a WHERE a.order_id = o.id AND (a.qr <> '' OR a.va <> '') LIMIT 1) IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND (SELECT 1 FROM attempts a WHERE a.order_id = o.id AND (a.qr <> '' OR a.va <> '') LIMIT 1) IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL THEN 1 ELSE 0 END), SUM(CASE WHEN o.status = 'expired' THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.status = 'cancelled' THEN 1 ELSE 0 END), SUM(CASE WHEN o.activated_ms IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.activated_ms - o.activate_ms <= 60000 THEN 1 ELSE 0 END), SUM(CASE WHEN o.activated_ms - o.activate_ms <= 86400000 THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.flags LIKE '%late%' THEN 1 ELSE 0 END), SUM(CASE WHEN o.flags LIKE '%underpaid%' THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.flags LIKE '%overpaid%' THEN 1 ELSE 0 END), SUM(CASE WHEN o.flags LIKE '%duplicate_payment%' THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND (SELECT 1 FROM payments p WHERE p.order_id = o.id AND` + gatewayMoney + ` LIMIT 1) IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND (SELECT 1 FROM payments p JOIN events e ON e.order_id = p.order_id AND e.order_id <> ''
			AND e.received_ms <= p.recorded_ms AND e.name <> '` + ListedEvent + `' WHERE p.order_id = o.id AND` + gatewayMoney + ` LIMIT 1) IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND (SELECT 1 FROM payments p WHERE p.order_id = o.id AND` + counterMoney + ` LIMIT 1) IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND (SELECT 1 FROM payments p JOIN refunds f ON f.order_id = p.order_id AND f.reason = 'staff' AND f.done_ms IS NOT NULL
			WHERE p.order_id = o.id AND` + counterMoney + ` LIMIT 1) IS NOT NULL THEN 1 ELSE 0 END)
		FROM orders o WHERE o.created_ms >= $1 AND o.created_ms < $2 GROUP BY 1, 2, 3, 4`)
	sqlDayWaits = request(`SELECT o.site_id, o.router_id, o.test, CASE WHEN (SELECT 1 FROM payments p WHERE p.order_id = o.id AND (` + gatewayMoney + `OR` + freeMoney + `) LIMIT 1) IS NOT NULL THEN 0 ELSE 1 END,
		(o.activated_ms - o.created_ms) / 1000, COUNT(*) FROM orders o WHERE o.created_ms >= $1 AND o.created_ms < $2 AND o.activated_ms IS NOT NULL GROUP BY 1, 2, 3, 4, 5`)
)

// DayCells adds up the money of one day, and the vouchers handed out on it, from
// the raw rows; vouchers have come as far as they had at the instant now.
func (r reads) DayCells(ctx context.Context, day report.Day, zone *time.Location, now time.Time) ([]report.Cell, error) {
	var out []report.Cell
	for _, q := range []struct {
		kind report.Kind
		sql  string
	}{{report.Sold, sqlDaySold}, {report.In, sqlDayIn}, {report.Back, sqlDayBack}, {report.Handed, sqlDayHanded}, {report.Discount, sqlDayDiscount}, {report.Discount, sqlDayAllowance}} {
		cells, err := queryAll(ctx, r.q, func(s scanner) (report.Cell, error) {
			c := report.Cell{Day: day, Kind: q.kind}
			var amount, validity int64
			columns := []any{&c.SiteID, &c.PlanID, &c.Method, &c.Test, &amount, &validity, &c.Redeem, &c.Ends}
			if q.kind == report.Discount {
				columns = append(columns, &c.PromotionID)
			}
			err := s.Scan(append(columns, &c.N)...)
			c.Amount, c.Validity = money.Rupiah(amount), time.Duration(validity)*time.Millisecond
			return c, err
		}, r.rebind(q.sql), at(day.Start(zone)), at(day.End(zone)), at(now))
		if err != nil {
			return nil, fmt.Errorf("add up %s of %s: %w", q.kind, day, err)
		}
		out = append(out, cells...)
	}
	return out, nil
}

// flowKey tells the flows of one day apart.
type flowKey struct {
	site, router string
	test         bool
}

// DayFlows adds up the orders created on one day from the raw rows.
func (r reads) DayFlows(ctx context.Context, day report.Day, zone *time.Location) ([]report.Flow, error) {
	by := map[flowKey]*report.Numbers{}
	at1, at2 := at(day.Start(zone)), at(day.End(zone))
	of := func(k flowKey) *report.Numbers {
		if by[k] == nil {
			by[k] = &report.Numbers{}
		}
		return by[k]
	}
	for _, q := range []struct {
		sql  string
		scan func(scanner) error
	}{
		{sqlDayFlow, func(s scanner) error {
			var k flowKey
			var n report.Numbers
			var bought int64 // shown, and paid in full by any method
			var hour int64   // of the day; where clocks are moved the wall shows another one
			err := s.Scan(&k.site, &k.router, &k.test, &hour, &n.Created, &n.Shown, &bought, &n.Paid, &n.Expired, &n.Cancelled, &n.Activated, &n.InMinute, &n.InDay,
				&n.Late, &n.Under, &n.Over, &n.Double, &n.Online, &n.Webhook, &n.Counter, &n.Undone)
			n.Hours.Add(day.Start(zone).Add(time.Duration(hour)*time.Hour).In(zone).Hour(), n.Shown, bought)
			of(k).Plus(n)
			return err
		}},
		{sqlDayWaits, func(s scanner) error {
			var k flowKey
			var counter, seconds, n int64
			if err := s.Scan(&k.site, &k.router, &k.test, &counter, &seconds, &n); err != nil {
				return err
			}
			of(k).Waits.Add(seconds, n)
			if counter == 1 {
				of(k).CounterWaits.Add(seconds, n)
			}
			return nil
		}},
	} {
		_, err := queryAll(ctx, r.q, func(s scanner) (struct{}, error) { return struct{}{}, q.scan(s) }, q.sql, at1, at2)
		if err != nil {
			return nil, fmt.Errorf("add up orders of %s: %w", day, err)
		}
	}
	out := make([]report.Flow, 0, len(by))
	for k, n := range by {
		out = append(out, report.Flow{Day: day, SiteID: k.site, RouterID: k.router, Test: k.test, Numbers: *n})
	}
	return out, nil
}
