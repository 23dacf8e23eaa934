package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/report"
)

// States of a day that is compared.
const (
	DayWaiting = "waiting" // for the job
	DayReading = "reading" // the gateway's list, page by page
	DayRead    = "read"    // the list is read
	DayDone    = "done"
)

// ReconciliationDay is a day that was compared, or is to be.
type ReconciliationDay struct {
	Day      report.Day
	State    string
	AskedAt  time.Time
	AskedBy  string
	NextPage string    // of the gateway's list
	DoneAt   time.Time // the last time it was done, zero for never
	Failure  string    // code of the fault that keeps it waiting
	FailedAt time.Time
}

const dayColumns = `day, state, asked_ms, asked_by, next_page, done_ms, failure, failed_ms`

func scanReconciliationDay(r scanner) (ReconciliationDay, error) {
	var d ReconciliationDay
	var asked, done, failed unixMillis
	err := r.Scan(&d.Day, &d.State, &asked, &d.AskedBy, &d.NextPage, &done, &d.Failure, &failed)
	d.AskedAt, d.DoneAt, d.FailedAt = asked.Time, done.Time, failed.Time
	return d, err
}

var (
	sqlReconciliationDays = request(`SELECT ` + dayColumns + ` FROM reconciliation_days WHERE day >= $1 AND day <= $2 ORDER BY day`)
	sqlReconciliationDay  = request(`SELECT ` + dayColumns + ` FROM reconciliation_days WHERE day = $1`)
)

// ReconciliationDays lists the days of a range that were compared or are to be.
func (r reads) ReconciliationDays(ctx context.Context, from, to report.Day) ([]ReconciliationDay, error) {
	return queryAll(ctx, r.q, scanReconciliationDay, sqlReconciliationDays, string(from), string(to))
}

// ReconciliationDay reads one day. Errors: NotFound "reconciliation.day_not_found".
func (r reads) ReconciliationDay(ctx context.Context, d report.Day) (ReconciliationDay, error) {
	return queryRow(ctx, r.q, scanReconciliationDay, ErrDayNotAsked, sqlReconciliationDay, string(d))
}

// AskDay has a day compared from its beginning.
func (t *Tx) AskDay(ctx context.Context, d report.Day, by string) error {
	_, err := t.exec(ctx, `INSERT INTO reconciliation_days (day, state, asked_ms, asked_by) VALUES ($1, 'waiting', $2, $3)
		ON CONFLICT (day) DO UPDATE SET state = excluded.state, asked_ms = excluded.asked_ms, asked_by = excluded.asked_by, next_page = '', failure = '', failed_ms = NULL`, string(d), at(t.now), by)
	if err != nil {
		return fmt.Errorf("ask for %s: %w", d, err)
	}
	return nil
}

// SaveDay writes how far a day has come, unless it was asked for again since it was read.
func (t *Tx) SaveDay(ctx context.Context, d ReconciliationDay) (saved bool, err error) {
	saved, err = t.touched(ctx, `UPDATE reconciliation_days SET state = $3, next_page = $4, done_ms = $5, failure = $6, failed_ms = $7 WHERE day = $1 AND asked_ms = $2`,
		string(d.Day), at(d.AskedAt), d.State, d.NextPage, at(d.DoneAt), d.Failure, at(d.FailedAt))
	if err != nil {
		return false, fmt.Errorf("save day %s: %w", d.Day, err)
	}
	return saved, nil
}
