package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/reconcile"
	"gerai/internal/report"
)

// ReconciliationRow is a row as it is kept. Month is the one that it is kept in.
type ReconciliationRow struct {
	reconcile.Row
	ID        string
	Month     reconcile.Month
	Code      order.Code // of its order, "" for none
	FoundAt   time.Time
	ChangedAt time.Time
	OpenedAt  time.Time // since when it needs a person, zero while it needs none
	OwnerID   string
	ClosedAt  time.Time // by a person
	ClosedBy  string
	Why       string
}

// IsOpen reports whether it needs a person now.
func (r ReconciliationRow) IsOpen() bool { return !r.OpenedAt.IsZero() && r.ClosedAt.IsZero() }

const rowQuery = `SELECT r.id, r.month, r.subject, r.kind, r.state, r.day, r.at_ms, r.gateway, r.key, COALESCE(r.order_id, ''), r.refund_id, r.voucher_id, r.router_id, r.site_id, r.reference, r.method,
	r.lines, r.there, r.here, r.fee, r.fee_expected, r.fee_final, r.settlement, r.settles_ms, r.note, r.found_ms, r.changed_ms, r.opened_ms, COALESCE(r.owner_id, ''), r.closed_ms, r.closed_by, r.why,
	COALESCE(o.code, '') FROM reconciliation_rows r LEFT JOIN orders o ON o.id = r.order_id WHERE `

func scanReconciliationRow(s scanner) (ReconciliationRow, error) {
	var r ReconciliationRow
	var there, here, fee, expected int64
	var when, settles, found, changed, opened, closed unixMillis
	var lines string
	err := s.Scan(&r.ID, &r.Month, &r.Subject, &r.Kind, &r.State, &r.Day, &when, &r.Gateway, &r.Key, &r.OrderID, &r.RefundID, &r.VoucherID, &r.RouterID, &r.SiteID, &r.Reference, &r.Method,
		&lines, &there, &here, &fee, &expected, &r.FeeFinal, &r.Settled, &settles, &r.Note, &found, &changed, &opened, &r.OwnerID, &closed, &r.ClosedBy, &r.Why, &r.Code)
	r.Lines, r.There, r.Here, r.Fee, r.FeeExpected = split(lines), money.Rupiah(there), money.Rupiah(here), money.Rupiah(fee), money.Rupiah(expected)
	r.At, r.SettlesAt, r.FoundAt, r.ChangedAt, r.OpenedAt, r.ClosedAt = when.Time, settles.Time, found.Time, changed.Time, opened.Time, closed.Time
	return r, err
}

// needsPerson holds for rows that are open.
const needsPerson = ` r.opened_ms IS NOT NULL AND r.closed_ms IS NULL `

var (
	sqlReconciliationRow  = request(rowQuery + `r.id = $1`)
	sqlReconciliationsDay = background(rowQuery + `r.day = $1`)
	sqlOldestOpen         = request(`SELECT r.opened_ms FROM reconciliation_rows r WHERE` + needsPerson + `ORDER BY r.opened_ms LIMIT 1`)
	sqlCountOpen          = request(`SELECT COUNT(*) FROM reconciliation_rows r WHERE` + needsPerson + `AND r.opened_ms < $1`)
	sqlUnfinishedDays     = background(`SELECT DISTINCT r.day FROM reconciliation_rows r WHERE (r.awaits OR` + needsPerson + `) AND r.day >= $1 AND r.kind <> 'access'`)
	sqlAwaiting           = request(`SELECT COUNT(*) FROM reconciliation_rows r WHERE r.month = $1 AND r.awaits`)
	sqlOpenOfMonth        = request(`SELECT COUNT(*) FROM reconciliation_rows r WHERE r.month = $1 AND` + needsPerson)
)

// ReconciliationRow reads one row. Errors: NotFound "reconciliation.row_not_found".
func (r reads) ReconciliationRow(ctx context.Context, id string) (ReconciliationRow, error) {
	return queryRow(ctx, r.q, scanReconciliationRow, ErrReconciliationNotFound, sqlReconciliationRow, id)
}

// ReconciliationRowsOf lists the rows about some subjects, in every month.
func (r reads) ReconciliationRowsOf(ctx context.Context, subjects []string) ([]ReconciliationRow, error) {
	return eachIn(ctx, r, subjects, scanReconciliationRow, rowQuery+`r.subject IN `)
}

// ReconciliationRowsOn lists the rows whose money counts on a day.
func (r reads) ReconciliationRowsOn(ctx context.Context, d report.Day) ([]ReconciliationRow, error) {
	return queryAll(ctx, r.q, scanReconciliationRow, sqlReconciliationsDay, string(d))
}

// UnfinishedDays lists the days from one on whose rows need a person or the gateway.
func (r reads) UnfinishedDays(ctx context.Context, from report.Day) ([]report.Day, error) {
	return queryAll(ctx, r.q, func(s scanner) (d report.Day, err error) { return d, s.Scan(&d) }, sqlUnfinishedDays, string(from))
}

// OpenReconciliations counts the rows that have needed a person since before an instant,
// and tells since when the oldest does.
func (r reads) OpenReconciliations(ctx context.Context, before time.Time) (n int64, oldest time.Time, err error) {
	s, _, err := queryOptional(ctx, r.q, scanUnixMillis, sqlOldestOpen)
	if err != nil {
		return 0, oldest, fmt.Errorf("oldest open row: %w", err)
	}
	n, err = queryOne(ctx, r.q, scanInt, sqlCountOpen, at(before))
	return n, s.Time, err
}

// UnfinishedOfMonth counts the rows of a month that need a person, and those that the
// gateway has not finished.
func (r reads) UnfinishedOfMonth(ctx context.Context, m reconcile.Month) (open, awaiting int64, err error) {
	if open, err = queryOne(ctx, r.q, scanInt, sqlOpenOfMonth, string(m)); err == nil {
		awaiting, err = queryOne(ctx, r.q, scanInt, sqlAwaiting, string(m))
	}
	return open, awaiting, err
}

// keepRow writes what was compared. Since when a row is open is kept while it stays open;
// what a person closed is open again when what was compared has changed.
const keepRow = `INSERT INTO reconciliation_rows (id, month, subject, kind, state, day, at_ms, gateway, key, order_id, refund_id, voucher_id, router_id, site_id, reference, method, lines, there, here,
	fee, fee_expected, fee_final, settlement, settles_ms, note, awaits, found_ms, changed_ms, opened_ms)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $27, $28)
	ON CONFLICT (subject, month) DO UPDATE SET kind = excluded.kind, state = excluded.state, day = excluded.day, at_ms = excluded.at_ms, gateway = excluded.gateway, key = excluded.key,
	order_id = excluded.order_id, refund_id = excluded.refund_id, voucher_id = excluded.voucher_id, router_id = excluded.router_id, site_id = excluded.site_id, reference = excluded.reference,
	method = excluded.method, lines = excluded.lines, there = excluded.there, here = excluded.here, fee = excluded.fee, fee_expected = excluded.fee_expected, fee_final = excluded.fee_final,
	settlement = excluded.settlement, settles_ms = excluded.settles_ms, note = excluded.note, awaits = excluded.awaits, changed_ms = excluded.changed_ms,
	opened_ms = CASE WHEN excluded.opened_ms IS NULL THEN NULL ELSE COALESCE(reconciliation_rows.opened_ms, excluded.opened_ms) END,
	closed_ms = CASE WHEN ` + sameRow + ` THEN reconciliation_rows.closed_ms END,
	closed_by = CASE WHEN ` + sameRow + ` THEN reconciliation_rows.closed_by ELSE '' END,
	why = CASE WHEN ` + sameRow + ` THEN reconciliation_rows.why ELSE '' END`

const sameRow = `excluded.opened_ms IS NOT NULL AND reconciliation_rows.state = excluded.state AND reconciliation_rows.there = excluded.there AND reconciliation_rows.here = excluded.here
	AND reconciliation_rows.note = excluded.note`

// KeepReconciliation writes a row into a month that is locked and not closed.
func (t *Tx) KeepReconciliation(ctx context.Context, m reconcile.Month, r reconcile.Row) error {
	opened := time.Time{}
	if r.State.Open() {
		opened = t.now
	}
	_, err := t.exec(ctx, keepRow, t.NewID(), string(m), r.Subject, string(r.Kind), string(r.State), string(r.Day), at(r.At), r.Gateway, r.Key, orNull(string(r.OrderID)), r.RefundID, r.VoucherID,
		r.RouterID, r.SiteID, r.Reference, string(r.Method), strings.Join(r.Lines, ","), int64(r.There), int64(r.Here), int64(r.Fee), int64(r.FeeExpected), r.FeeFinal, string(r.Settled),
		at(r.SettlesAt), r.Note, r.Awaits(), at(t.now), at(opened))
	if err != nil {
		return fmt.Errorf("keep row of %s: %w", r.Subject, err)
	}
	return nil
}

// DropReconciliation removes a row of a month that is locked and not closed, with its
// notes: what it was about belongs to another row now.
func (t *Tx) DropReconciliation(ctx context.Context, id string) error {
	err := t.dropReconciliationNotes(ctx, id)
	if err == nil {
		_, err = t.exec(ctx, `DELETE FROM reconciliation_rows WHERE id = $1`, id)
	}
	if err != nil {
		return fmt.Errorf("drop row %s: %w", id, err)
	}
	return nil
}

// AssignReconciliation gives an open row to an account, or to none with "".
func (t *Tx) AssignReconciliation(ctx context.Context, id, ownerID string) (bool, error) {
	done, err := t.touched(ctx, `UPDATE reconciliation_rows SET owner_id = $2 WHERE id = $1 AND opened_ms IS NOT NULL AND closed_ms IS NULL`, id, orNull(ownerID))
	if err != nil {
		return false, fmt.Errorf("assign row %s: %w", id, err)
	}
	return done, nil
}

// ExplainReconciliation closes an open row with a reason.
func (t *Tx) ExplainReconciliation(ctx context.Context, id, by, why string) (bool, error) {
	done, err := t.touched(ctx, `UPDATE reconciliation_rows SET closed_ms = $2, closed_by = $3, why = $4 WHERE id = $1 AND opened_ms IS NOT NULL AND closed_ms IS NULL`, id, at(t.now), by, why)
	if err != nil {
		return false, fmt.Errorf("close row %s: %w", id, err)
	}
	return done, nil
}
