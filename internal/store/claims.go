package store

import (
	"context"
	"fmt"

	"gerai/internal/order"
)

// InsertClaim notes that a customer found an order again by its codes; the first
// time counts.
func (t *Tx) InsertClaim(ctx context.Context, id order.ID) error {
	if _, err := t.exec(ctx, `INSERT INTO claims (order_id, at_ms) VALUES ($1, $2) ON CONFLICT (order_id) DO NOTHING`, string(id), at(t.now)); err != nil {
		return fmt.Errorf("note claim of order %s: %w", id, err)
	}
	return nil
}

var sqlClaimed = request(`SELECT order_id FROM claims WHERE order_id = $1`)

// Claimed reports whether an order was opened by its codes before.
func (r reads) Claimed(ctx context.Context, id order.ID) (bool, error) {
	_, found, err := queryOptional(ctx, r.q, scanString, sqlClaimed, string(id))
	return found, err
}
