package store

import (
	"context"
	"fmt"
	"time"
)

// Alert is something a person should know; one is open per kind and subject.
type Alert struct {
	ID, Kind, Subject, Detail string
	OpenedAt, ClosedAt        time.Time
}

var sqlOpenAlerts = request(`SELECT id, kind, subject, detail, opened_ms, closed_ms FROM alerts WHERE closed_ms IS NULL ORDER BY kind, subject`)

// OpenAlerts lists what is open.
func (r reads) OpenAlerts(ctx context.Context) ([]Alert, error) {
	return list(ctx, r.q, func(row scanner) (Alert, error) {
		var a Alert
		var opened, closed stamp
		err := row.Scan(&a.ID, &a.Kind, &a.Subject, &a.Detail, &opened, &closed)
		a.OpenedAt, a.ClosedAt = opened.Time, closed.Time
		return a, err
	}, sqlOpenAlerts)
}

// OpenAlert opens an alert unless one of this kind and subject is open.
func (t *Tx) OpenAlert(ctx context.Context, kind, subject, detail string) (bool, error) {
	fresh, err := t.touched(ctx, `INSERT INTO alerts (id, kind, subject, detail, opened_ms) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, subject) WHERE closed_ms IS NULL DO NOTHING`, t.NewID(), kind, subject, detail, at(t.now))
	if err != nil {
		return false, fmt.Errorf("open alert %s %s: %w", kind, subject, err)
	}
	return fresh, nil
}

// CloseAlert closes the open alert of a kind and subject, if any.
func (t *Tx) CloseAlert(ctx context.Context, kind, subject string) (bool, error) {
	closed, err := t.touched(ctx, `UPDATE alerts SET closed_ms = $3 WHERE kind = $1 AND subject = $2 AND closed_ms IS NULL`, kind, subject, at(t.now))
	if err != nil {
		return false, fmt.Errorf("close alert %s %s: %w", kind, subject, err)
	}
	return closed, nil
}
