package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
)

// Difference is an order whose money does not add up.
type Difference struct {
	ID                 order.ID
	Code               order.Code
	SiteID             string
	Status             order.Status
	Total, Paid, Given money.Rupiah // price, came in, went back
}

// Each order looks its own money up: adding up whole tables first took longer
// with every year.
var sqlDifferences = request(`SELECT x.id, x.code, x.site_id, x.status, x.total, x.paid, x.given FROM (
	SELECT o.id, o.code, o.site_id, o.status, o.total, o.paid_ms,
	CAST(COALESCE((SELECT SUM(p.amount) FROM payments p WHERE p.order_id = o.id AND p.currency = 'IDR' AND p.written_ms IS NULL), 0) AS BIGINT) AS paid,
	CAST(COALESCE((SELECT SUM(f.amount) FROM refunds f WHERE f.order_id = o.id AND f.state = 'done'), 0) AS BIGINT) AS given
	FROM orders o WHERE o.paid_ms >= $1 AND o.paid_ms IS NOT NULL AND o.attention = '' AND o.flags NOT LIKE '%written_off%' AND ($2 = '' OR o.site_id = $2)) x
	WHERE x.paid - x.given <> CASE WHEN x.status = 'refunded' THEN 0 ELSE x.total END
	AND NOT EXISTS (SELECT 1 FROM refunds f WHERE f.order_id = x.id AND f.closed_ms IS NULL)
	ORDER BY x.paid_ms LIMIT 200`)

// Differences lists orders paid since an instant where payments minus refunds are not
// what they should be, without a refund in the queue and without an open alert. Partial
// refunds of staff are included on purpose. Sites narrow it; none means all.
func (r reads) Differences(ctx context.Context, since time.Time, sites ...string) ([]Difference, error) {
	if len(sites) == 0 {
		sites = []string{""}
	}
	var out []Difference
	for _, site := range sites {
		part, err := r.differences(ctx, since, site)
		if err != nil {
			return nil, fmt.Errorf("differences of site %q: %w", site, err)
		}
		out = append(out, part...)
	}
	return out, nil
}

func (r reads) differences(ctx context.Context, since time.Time, site string) ([]Difference, error) {
	return queryAll(ctx, r.q, func(row scanner) (Difference, error) {
		var d Difference
		var total, paid, given int64
		err := row.Scan(&d.ID, &d.Code, &d.SiteID, &d.Status, &total, &paid, &given)
		d.Total, d.Paid, d.Given = money.Rupiah(total), money.Rupiah(paid), money.Rupiah(given)
		return d, err
	}, sqlDifferences, at(since), site)
}
