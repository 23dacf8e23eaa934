package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
)

// Days are summed up no sooner than settleAfter after they ended, and what
// happens to an instant within markAfter needs no mark: the hour between the
// two is far more than a transaction and the clocks of replicas take.
const (
	SettleAfter = 2 * time.Hour
	markAfter   = time.Hour
)

// markReport notes that something of an instant long gone changed, so that a
// summed day is added up again.
func (t *Tx) markReport(ctx context.Context, when time.Time) error {
	if when.IsZero() || t.now.Sub(when) < markAfter {
		return nil
	}
	if _, err := t.exec(ctx, `INSERT INTO report_marks (id, at_ms) VALUES ($1, $2)`, t.NewID(), at(when)); err != nil {
		return fmt.Errorf("mark report of %s: %w", when.Format(time.RFC3339), err)
	}
	return nil
}

// markPayments marks the days of all payments of an order: one more payment
// may change which of them paid it in full.
func (t *Tx) markPayments(ctx context.Context, id order.ID) error {
	money, err := t.Payments(ctx, id)
	for _, p := range money {
		if err == nil {
			err = t.markReport(ctx, p.PaidAt)
		}
	}
	return err
}
