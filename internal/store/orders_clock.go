package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
)

var (
	sqlPlacedAhead = request(`SELECT ` + orderColumns + ` FROM orders WHERE status = 'pending' AND created_ms > $1
		AND NOT EXISTS (SELECT 1 FROM clock_errors WHERE kind = 'order' AND clock_errors.id = orders.id) ORDER BY created_ms LIMIT $2`)
)

// PlacedAhead lists unpaid orders created after an instant of which no error is
// noted, the earliest first.
func (r reads) PlacedAhead(ctx context.Context, after time.Time, limit int) ([]order.Order, error) {
	return queryAll(ctx, r.q, r.scanOrder, sqlPlacedAhead, at(after), limit)
}

// MoveOrderTimes moves an order's creation and the time to pay it, if it was
// created when created says: what another replica moved is not moved again.
func (t *Tx) MoveOrderTimes(ctx context.Context, id order.ID, created time.Time, by time.Duration) (bool, error) {
	ms := by.Milliseconds()
	moved, err := t.touched(ctx, `UPDATE orders SET created_ms = created_ms + $2, expires_ms = expires_ms + $2, version = version + 1 WHERE id = $1 AND created_ms = $3`,
		string(id), ms, at(created))
	if err == nil && moved {
		_, err = t.exec(ctx, `UPDATE attempts SET expires_ms = expires_ms + $2 WHERE order_id = $1 AND state = 'creating'`, string(id), ms)
	}
	if err != nil {
		return false, fmt.Errorf("move times of order %s: %w", id, err)
	}
	return moved, nil
}
