package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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

// dated is a time and how long something took.
type dated struct {
	at   time.Time
	took time.Duration
}

var (
	sqlSales             = request(`SELECT channel, COUNT(*), SUM(total) FROM orders WHERE paid_ms >= $1 AND paid_ms < $2 AND paid_ms IS NOT NULL GROUP BY channel ORDER BY channel`)
	sqlSalesOfSite       = request(`SELECT channel, COUNT(*), SUM(total) FROM orders WHERE paid_ms >= $1 AND paid_ms < $2 AND paid_ms IS NOT NULL AND site_id = $3 GROUP BY channel ORDER BY channel`)
	sqlLastWebhookEvent  = request(`SELECT received_ms FROM events ORDER BY received_ms DESC LIMIT 1`)
	sqlWebhookEventTimes = request(`SELECT finished_ms, finished_ms - created_ms FROM jobs WHERE finished_ms IS NOT NULL AND finished_ms > $1 AND kind = 'event.process'
		ORDER BY finished_ms DESC LIMIT 101`)
	sqlSettingAt  = request(`SELECT updated_ms FROM settings WHERE key = $1`)
	sqlCountOfAll = request(`SELECT COUNT(*) FROM orders WHERE status = $1 AND created_ms >= $2`)
	sqlCountOfOne = request(`SELECT COUNT(*) FROM orders WHERE status = $1 AND created_ms >= $2 AND site_id = $3`)
	sqlAttention  = request(`SELECT COUNT(*) FROM orders WHERE attention <> '' AND created_ms >= $1`)
	sqlAttentionS = request(`SELECT COUNT(*) FROM orders WHERE attention <> '' AND created_ms >= $1 AND site_id = $2`)
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
		return queryRow(ctx, r.q, scanInt, "internal", all, args...)
	}
	var sum int64
	for _, site := range sites {
		n, err := queryRow(ctx, r.q, scanInt, "internal", ofSite, append(slices.Clone(args), site)...)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}

// WebhookPulse says when the newest gateway message came and how long, in the
// middle, messages of the last hour waited until their order had moved. found
// is false when there never was one.
func (r reads) WebhookPulse(ctx context.Context, now time.Time) (newest time.Time, median time.Duration, found bool, err error) {
	last, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlLastWebhookEvent)
	if err != nil || !found {
		return newest, 0, false, err
	}
	recent, err := queryAll(ctx, r.q, func(row scanner) (dated, error) {
		var when unixMillis
		var took int64
		err := row.Scan(&when, &took)
		return dated{when.Time, time.Duration(took) * time.Millisecond}, err
	}, sqlWebhookEventTimes, at(now.Add(-time.Hour)))
	if err != nil || len(recent) == 0 {
		return last.Time, 0, true, err
	}
	slices.SortFunc(recent, func(a, b dated) int { return int(a.took - b.took) })
	return last.Time, recent[len(recent)/2].took, true, nil
}

// SettingAt is when a setting was last written; found is false when it never
// was.
func (r reads) SettingAt(ctx context.Context, key string) (at time.Time, found bool, err error) {
	s, found, err := queryOptional(ctx, r.q, scanUnixMillis, sqlSettingAt, key)
	return s.Time, found, err
}

// CounterRules are the operator's wishes about money at the counter.
type CounterRules struct {
	// ConfirmTransfers: an admin looks at the bank before a transfer counts as
	// received. The voucher is delivered at once all the same.
	ConfirmTransfers bool `json:"confirm_transfers"`
	// SecondAbove is the amount from which a refund needs the approval of another
	// account than the one that requested it; earlier refunds of the same order count.
	SecondAbove money.Rupiah `json:"second_above"`
	// StopExternal ends the voucher of an order whose whole money was refunded at the
	// gateway without a decision; else an alert asks for one.
	StopExternal bool `json:"stop_external"`
	// OverdueDays is after how many days an unconfirmed transfer opens an alert; 0 for
	// never.
	OverdueDays int `json:"overdue_days"`
}

// DefaultCounterRules hold until an admin changes them.
var DefaultCounterRules = CounterRules{ConfirmTransfers: true, SecondAbove: 50_000, OverdueDays: 3}

const counterKey = "counter"

// CounterRules reads the rules of the counter.
func (r reads) CounterRules(ctx context.Context) (CounterRules, error) {
	text, found, err := queryOptional(ctx, r.q, scanString, sqlSetting, counterKey)
	if err != nil || !found {
		return DefaultCounterRules, err
	}
	c := DefaultCounterRules
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return c, fmt.Errorf("read counter rules: %w", err)
	}
	return c, nil
}

// PutCounterRules replaces the rules of the counter.
func (t *Tx) PutCounterRules(ctx context.Context, c CounterRules) error {
	return t.putSetting(ctx, counterKey, c)
}

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

var (
	sqlWebhookEventsOfCharge = request(`SELECT id FROM events WHERE gateway_id = $1 AND gateway_id <> ''`)
	sqlJobsOf                = request(`SELECT id, kind, queue, state, attempts, snoozes, failure, created_ms, finished_ms FROM jobs WHERE subject = $1 ORDER BY created_ms, id LIMIT 200`)
)

// WebhookEventsOfCharge lists the ids of the messages that named a charge.
func (r reads) WebhookEventsOfCharge(ctx context.Context, gatewayID string) ([]string, error) {
	return queryAll(ctx, r.q, scanString, sqlWebhookEventsOfCharge, gatewayID)
}

// JobLine is one job as its order's page shows it.
type JobLine struct {
	ID, Kind, Queue, State, Failure string
	Attempts, Snoozes               int
	CreatedAt, FinishedAt           time.Time
}

// JobsOf lists the jobs of a subject that were not cleaned away yet.
func (r reads) JobsOf(ctx context.Context, subject string) ([]JobLine, error) {
	return queryAll(ctx, r.q, func(row scanner) (JobLine, error) {
		var j JobLine
		var created, finished unixMillis
		err := row.Scan(&j.ID, &j.Kind, &j.Queue, &j.State, &j.Attempts, &j.Snoozes, &j.Failure, &created, &finished)
		j.CreatedAt, j.FinishedAt, j.Failure = created.Time, finished.Time, strings.TrimSpace(j.Failure)
		return j, err
	}, sqlJobsOf, subject)
}
