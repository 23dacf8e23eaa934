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

var (
	sqlDayIn = request(`SELECT COALESCE(o.site_id, ''), COALESCE(o.plan_id, ''), p.method, COALESCE(o.test, FALSE), p.amount, COUNT(*)
		FROM payments p LEFT JOIN orders o ON o.id = p.order_id WHERE p.paid_ms >= $1 AND p.paid_ms < $2 AND` + counted + `GROUP BY 1, 2, 3, 4, 5`)
	// The payment that paid an order in full is the one made at that instant,
	// the first by key where there are two.
	sqlDaySold = request(`SELECT o.site_id, o.plan_id, p.method, o.test, o.total, COUNT(*)
		FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.paid_ms >= $1 AND p.paid_ms < $2 AND o.paid_ms = p.paid_ms AND` + counted + `
		AND NOT EXISTS (SELECT 1 FROM payments e WHERE e.order_id = p.order_id AND e.paid_ms = p.paid_ms AND e.currency = 'IDR' AND e.amount > 0 AND e.written_ms IS NULL
		AND (e.gateway < p.gateway OR (e.gateway = p.gateway AND e.key < p.key))) GROUP BY 1, 2, 3, 4, 5`)
	sqlDayBack = request(`SELECT COALESCE(o.site_id, ''), COALESCE(o.plan_id, ''),
		COALESCE((SELECT MIN(p.method) FROM payments p WHERE p.order_id = f.order_id AND p.key = f.payment_key), ''), COALESCE(o.test, FALSE), f.amount, COUNT(*)
		FROM refunds f LEFT JOIN orders o ON o.id = f.order_id WHERE f.done_ms >= $1 AND f.done_ms < $2 GROUP BY 1, 2, 3, 4, 5`)
	sqlDayFlow = request(`SELECT o.site_id, o.router_id, o.test, COUNT(*),
		SUM(CASE WHEN EXISTS (SELECT 1 FROM attempts a WHERE a.order_id = o.id AND (a.qr <> '' OR a.va <> '')) THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL THEN 1 ELSE 0 END), SUM(CASE WHEN o.status = 'expired' THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.status = 'cancelled' THEN 1 ELSE 0 END), SUM(CASE WHEN o.activated_ms IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.activated_ms - o.activate_ms <= 60000 THEN 1 ELSE 0 END), SUM(CASE WHEN o.activated_ms - o.activate_ms <= 86400000 THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.flags LIKE '%late%' THEN 1 ELSE 0 END), SUM(CASE WHEN o.flags LIKE '%underpaid%' THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.flags LIKE '%overpaid%' THEN 1 ELSE 0 END), SUM(CASE WHEN o.flags LIKE '%duplicate_payment%' THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND` + gatewayMoney + `) THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND EXISTS (SELECT 1 FROM payments p JOIN events e ON e.order_id = p.order_id AND e.order_id <> ''
			AND e.received_ms <= p.recorded_ms WHERE p.order_id = o.id AND` + gatewayMoney + `) THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND NOT` + gatewayMoney + `) THEN 1 ELSE 0 END),
		SUM(CASE WHEN o.paid_ms IS NOT NULL AND EXISTS (SELECT 1 FROM payments p JOIN refunds f ON f.order_id = p.order_id AND f.reason = 'staff' AND f.done_ms IS NOT NULL
			WHERE p.order_id = o.id AND NOT` + gatewayMoney + `) THEN 1 ELSE 0 END)
		FROM orders o WHERE o.created_ms >= $1 AND o.created_ms < $2 GROUP BY 1, 2, 3`)
	sqlDayWaits = request(`SELECT o.site_id, o.router_id, o.test, CASE WHEN EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND` + gatewayMoney + `) THEN 0 ELSE 1 END,
		(o.activated_ms - o.created_ms) / 1000, COUNT(*) FROM orders o WHERE o.created_ms >= $1 AND o.created_ms < $2 AND o.activated_ms IS NOT NULL GROUP BY 1, 2, 3, 4, 5`)
	sqlDayVouchers = request(`SELECT v.site_id, v.router_id, COALESCE(o.test, FALSE), COUNT(*), COUNT(v.first_login_ms)
		FROM vouchers v LEFT JOIN orders o ON o.id = v.order_id WHERE v.sold_ms >= $1 AND v.sold_ms < $2 GROUP BY 1, 2, 3`)
)

// DayCells adds up the money of one day from the raw rows.
func (r reads) DayCells(ctx context.Context, day report.Day, zone *time.Location) ([]report.Cell, error) {
	var out []report.Cell
	for _, q := range []struct {
		kind report.Kind
		sql  string
	}{{report.Sold, sqlDaySold}, {report.In, sqlDayIn}, {report.Back, sqlDayBack}} {
		cells, err := list(ctx, r.q, func(s scanner) (report.Cell, error) {
			c := report.Cell{Day: day, Kind: q.kind}
			var amount int64
			err := s.Scan(&c.SiteID, &c.PlanID, &c.Method, &c.Test, &amount, &c.N)
			c.Amount = money.Rupiah(amount)
			return c, err
		}, q.sql, at(day.Start(zone)), at(day.End(zone)))
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

// DayFlows adds up the orders created, and the vouchers sold, on one day from
// the raw rows.
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
			err := s.Scan(&k.site, &k.router, &k.test, &n.Created, &n.Shown, &n.Paid, &n.Expired, &n.Cancelled, &n.Activated, &n.InMinute, &n.InDay,
				&n.Late, &n.Under, &n.Over, &n.Double, &n.Online, &n.Webhook, &n.Desk, &n.Undone)
			of(k).Plus(n)
			return err
		}},
		{sqlDayWaits, func(s scanner) error {
			var k flowKey
			var desk, seconds, n int64
			if err := s.Scan(&k.site, &k.router, &k.test, &desk, &seconds, &n); err != nil {
				return err
			}
			of(k).Waits.Add(seconds, n)
			if desk == 1 {
				of(k).DeskWaits.Add(seconds, n)
			}
			return nil
		}},
		{sqlDayVouchers, func(s scanner) error {
			var k flowKey
			var n report.Numbers
			err := s.Scan(&k.site, &k.router, &k.test, &n.Vouchers, &n.Used)
			of(k).Plus(n)
			return err
		}},
	} {
		_, err := list(ctx, r.q, func(s scanner) (struct{}, error) { return struct{}{}, q.scan(s) }, q.sql, at1, at2)
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
