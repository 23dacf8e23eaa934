package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gerai/internal/reconcile"
)

// ReconciliationMonth is a month that has rows. Figures hold what was true when it was
// closed.
type ReconciliationMonth struct {
	Month    reconcile.Month
	ClosedAt time.Time
	ClosedBy string
	Why      string
	Figures  reconcile.Totals
}

func scanReconciliationMonth(r scanner) (ReconciliationMonth, error) {
	var m ReconciliationMonth
	var closed unixMillis
	var figures string
	err := r.Scan(&m.Month, &closed, &m.ClosedBy, &m.Why, &figures)
	m.ClosedAt = closed.Time
	if err == nil && figures != "" {
		err = json.Unmarshal([]byte(figures), &m.Figures)
	}
	return m, err
}

const monthColumns = `month, closed_ms, closed_by, why, figures`

var (
	sqlReconciliationMonths = request(`SELECT ` + monthColumns + ` FROM reconciliation_months ORDER BY month DESC`)
	sqlReconciliationMonth  = request(`SELECT ` + monthColumns + ` FROM reconciliation_months WHERE month = $1`)
	sqlLockMonth            = request(`SELECT ` + monthColumns + ` FROM reconciliation_months WHERE month = $1 /*pg FOR UPDATE pg*/`)
)

// ReconciliationMonths lists the months that have rows, the newest first.
func (r reads) ReconciliationMonths(ctx context.Context) ([]ReconciliationMonth, error) {
	return queryAll(ctx, r.q, scanReconciliationMonth, sqlReconciliationMonths)
}

// ReconciliationMonth reads one month; found is false while it has no rows.
func (r reads) ReconciliationMonth(ctx context.Context, m reconcile.Month) (ReconciliationMonth, bool, error) {
	return queryOptional(ctx, r.q, scanReconciliationMonth, sqlReconciliationMonth, string(m))
}

// LockMonths holds some months until the transaction ends, in the order of the calendar, so
// that none is closed while rows are written into it; it makes those that are not there.
func (t *Tx) LockMonths(ctx context.Context, months []reconcile.Month) (map[reconcile.Month]ReconciliationMonth, error) {
	out := map[reconcile.Month]ReconciliationMonth{}
	months = slices.Clone(months)
	slices.Sort(months)
	for _, m := range slices.Compact(months) {
		if _, err := t.exec(ctx, `INSERT INTO reconciliation_months (month) VALUES ($1) ON CONFLICT DO NOTHING`, string(m)); err != nil {
			return nil, fmt.Errorf("begin month %s: %w", m, err)
		}
		x, err := queryOne(ctx, t.q, scanReconciliationMonth, t.rebind(sqlLockMonth), string(m))
		if err != nil {
			return nil, fmt.Errorf("lock month %s: %w", m, err)
		}
		out[m] = x
	}
	return out, nil
}

// CloseMonth closes a month that is locked, with its figures.
func (t *Tx) CloseMonth(ctx context.Context, m ReconciliationMonth) error {
	figures, err := json.Marshal(m.Figures)
	if err == nil {
		_, err = t.exec(ctx, `UPDATE reconciliation_months SET closed_ms = $2, closed_by = $3, why = $4, figures = $5 WHERE month = $1 AND closed_ms IS NULL`,
			string(m.Month), at(t.now), m.ClosedBy, m.Why, string(figures))
	}
	if err != nil {
		return fmt.Errorf("close month %s: %w", m.Month, err)
	}
	return nil
}
