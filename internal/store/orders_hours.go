package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
)

// HourSales is what was paid in full within one hour.
type HourSales struct {
	Hour   int // whole hours since the beginning of what was asked about
	Count  int64
	Amount money.Rupiah
}

// soldByHour finds the orders that the sums of a day count as sold.
const soldByHour = `SELECT (o.paid_ms - $1) / 3600000, COUNT(*), SUM(o.total) FROM orders o WHERE o.paid_ms >= $1 AND o.paid_ms < $2 AND o.paid_ms IS NOT NULL AND o.test = $3
	AND EXISTS (SELECT 1 FROM payments p WHERE p.order_id = o.id AND p.paid_ms = o.paid_ms AND` + counted + `) `

var (
	sqlSalesByHour       = request(soldByHour + `GROUP BY 1 ORDER BY 1`)
	sqlSalesByHourOfSite = request(soldByHour + `AND o.site_id = $4 GROUP BY 1 ORDER BY 1`)
)

// SalesByHour adds up what was paid in each hour from an instant to before another at the
// sites; none means all of them; test counts simulated money instead of real money. Hours without a sale are left out, and an hour of two
// sites may occur twice.
func (r reads) SalesByHour(ctx context.Context, since, until time.Time, sites []string, test bool) ([]HourSales, error) {
	scan := func(row scanner) (HourSales, error) {
		var h HourSales
		var amount int64
		err := row.Scan(&h.Hour, &h.Count, &amount)
		h.Amount = money.Rupiah(amount)
		return h, err
	}
	if len(sites) == 0 {
		return queryAll(ctx, r.q, scan, sqlSalesByHour, at(since), at(until), test)
	}
	var out []HourSales
	for _, site := range sites {
		part, err := queryAll(ctx, r.q, scan, sqlSalesByHourOfSite, at(since), at(until), test, site)
		if err != nil {
			return nil, fmt.Errorf("sales by hour of site %s: %w", site, err)
		}
		out = append(out, part...)
	}
	return out, nil
}
