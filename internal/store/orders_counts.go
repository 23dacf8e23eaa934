package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

// Sales is what was paid in full since an instant, by channel.
type Sales struct {
	Channel order.Channel
	Count   int64
	Amount  money.Rupiah
}

var (
	sqlSales        = request(`SELECT channel, COUNT(*), SUM(total) FROM orders WHERE paid_ms >= $1 AND paid_ms < $2 AND paid_ms IS NOT NULL GROUP BY channel ORDER BY channel`)
	sqlSalesOfSite  = request(`SELECT channel, COUNT(*), SUM(total) FROM orders WHERE paid_ms >= $1 AND paid_ms < $2 AND paid_ms IS NOT NULL AND site_id = $3 GROUP BY channel ORDER BY channel`)
	sqlCountOfAll   = request(`SELECT COUNT(*) FROM orders WHERE status = $1 AND created_ms >= $2`)
	sqlCountOfOne   = request(`SELECT COUNT(*) FROM orders WHERE status = $1 AND created_ms >= $2 AND site_id = $3`)
	sqlAttention    = request(`SELECT COUNT(*) FROM orders WHERE attention <> '' AND created_ms >= $1`)
	sqlAttentionS   = request(`SELECT COUNT(*) FROM orders WHERE attention <> '' AND created_ms >= $1 AND site_id = $2`)
	sqlUnpaid       = request(`SELECT COUNT(*) FROM (SELECT 1 FROM orders WHERE client = $1 AND client <> '' AND status = 'pending' AND expires_ms > $2 LIMIT $3) AS unpaid`)
	sqlUnpaidDevice = request(`SELECT COUNT(*) FROM (SELECT 1 FROM orders WHERE client = $1 AND client <> '' AND status = 'pending' AND expires_ms > $2 AND site_id = $4 AND hint_mac = $5 LIMIT $3) AS unpaid`)
	// The plan is hidden from the planner: few orders wait, a plan may have sold a
	// million times.
	sqlPromised = request(`SELECT COUNT(*) FROM orders WHERE status IN ('pending', 'paid') AND plan_id || '' = $1 AND extends = ''`)
)

// SalesBetween adds up what was paid from an instant to before another at the
// sites; none means all of them.
func (r reads) SalesBetween(ctx context.Context, since, until time.Time, sites []string) ([]Sales, error) {
	scan := func(row scanner) (Sales, error) {
		var s Sales
		var amount int64
		err := row.Scan(&s.Channel, &s.Count, &amount)
		s.Amount = money.Rupiah(amount)
		return s, err
	}
	if len(sites) == 0 {
		return queryAll(ctx, r.q, scan, sqlSales, at(since), at(until))
	}
	var out []Sales
	for _, site := range sites {
		part, err := queryAll(ctx, r.q, scan, sqlSalesOfSite, at(since), at(until), site)
		if err != nil {
			return nil, fmt.Errorf("sales of site %s: %w", site, err)
		}
		for _, p := range part {
			if i := slices.IndexFunc(out, func(s Sales) bool { return s.Channel == p.Channel }); i >= 0 {
				out[i].Count, out[i].Amount = out[i].Count+p.Count, out[i].Amount+p.Amount
				continue
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// CountOrders counts orders of a status placed since an instant; status ""
// counts those that need attention.
func (r reads) CountOrders(ctx context.Context, status order.Status, since time.Time, sites []string) (int64, error) {
	all, ofSite, args := sqlCountOfAll, sqlCountOfOne, []any{string(status), at(since)}
	if status == "" {
		all, ofSite, args = sqlAttention, sqlAttentionS, []any{at(since)}
	}
	if len(sites) == 0 {
		return queryOne(ctx, r.q, scanInt, all, args...)
	}
	var sum int64
	for _, site := range sites {
		n, err := queryOne(ctx, r.q, scanInt, ofSite, append(slices.Clone(args), site)...)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// Unpaid counts the orders of a client that may still be paid in time, up to
// most; with a site and a device only those that name it.
func (t *Tx) Unpaid(ctx context.Context, client, siteID, mac string, most int) (int, error) {
	query, args := sqlUnpaid, []any{client, at(t.now), most}
	if mac != "" {
		query, args = sqlUnpaidDevice, append(args, siteID, mac)
	}
	n, err := queryOne(ctx, t.q, scanInt, query, args...)
	if err != nil {
		return 0, fmt.Errorf("count unpaid orders of a client: %w", err)
	}
	return int(n), nil
}

// PromisedStock counts the orders that may still take a voucher of a plan:
// those that wait for money or for delivery.
func (r reads) PromisedStock(ctx context.Context, planID string) (int, error) {
	n, err := queryOne(ctx, r.q, scanInt, sqlPromised, planID)
	return int(n), err
}
