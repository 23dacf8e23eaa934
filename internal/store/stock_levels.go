package store

import (
	"context"
	"fmt"
)

var sqlStockLevels = request(`SELECT plan_id, low FROM stock_levels ORDER BY plan_id`)

// StockLevels reads the stock level of each plan that has one.
func (r reads) StockLevels(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	_, err := queryAll(ctx, r.q, func(row scanner) (string, error) {
		var plan string
		var low int
		err := row.Scan(&plan, &low)
		out[plan] = low
		return plan, err
	}, sqlStockLevels)
	return out, err
}

// PutStockLevel sets a plan's level; zero removes it.
func (t *Tx) PutStockLevel(ctx context.Context, planID string, low int) error {
	var err error
	if low == 0 {
		_, err = t.exec(ctx, `DELETE FROM stock_levels WHERE plan_id = $1`, planID)
	} else {
		_, err = t.exec(ctx, `INSERT INTO stock_levels (plan_id, low) VALUES ($1, $2) ON CONFLICT (plan_id) DO UPDATE SET low = excluded.low`, planID, low)
	}
	if err != nil {
		return fmt.Errorf("put stock level of plan %s: %w", planID, err)
	}
	return nil
}
