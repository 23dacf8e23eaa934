package store

import (
	"context"
	"time"

	"gerai/internal/order"
)

// Totals are the numbers of the board and of the metrics.
type Totals struct {
	Orders            map[string]int64
	UnmatchedPayments int64
	OpenAlerts        int64
	RefundsWaiting    int64
	JobsUnfinished    int64
	JobsDead          int64
	PassesLive        int64
}

// Numbers counts what is open now, and orders by status created since.
func (r reads) Numbers(ctx context.Context, since time.Time) (Totals, error) {
	t := Totals{Orders: map[string]int64{}}
	for query, into := range map[string]*int64{
		`SELECT COUNT(*) FROM payments WHERE order_id IS NULL AND ` + notGivenBack:   &t.UnmatchedPayments,
		`SELECT COUNT(*) FROM alerts WHERE closed_ms IS NULL`:                        &t.OpenAlerts,
		`SELECT COUNT(*) FROM refunds WHERE closed_ms IS NULL`:                       &t.RefundsWaiting,
		`SELECT COUNT(*) FROM jobs WHERE due_ms IS NOT NULL`:                         &t.JobsUnfinished,
		`SELECT COUNT(*) FROM jobs WHERE finished_ms IS NOT NULL AND state = 'dead'`: &t.JobsDead,
		`SELECT COUNT(*) FROM passes WHERE removed_ms IS NULL`:                       &t.PassesLive,
	} {
		n, err := queryOne(ctx, r.q, scanInt, query)
		if err != nil {
			return t, err
		}
		*into = n
	}
	for _, s := range order.Statuses {
		n, err := queryOne(ctx, r.q, scanInt, `SELECT COUNT(*) FROM orders WHERE status = $1 AND created_ms >= $2`, string(s), at(since))
		if err != nil {
			return t, err
		}
		t.Orders[string(s)] = n
	}
	return t, nil
}
