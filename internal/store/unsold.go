package store

import (
	"context"
	"fmt"
)

var (
	sqlLockPlan   = request(`SELECT id FROM plans WHERE id = $1 /*pg FOR NO KEY UPDATE pg*/`)
	sqlReadyStock = request(`SELECT batch_id, router_id, COUNT(*) FROM vouchers WHERE plan_id = $1 AND state = 'stock' AND made_ms IS NOT NULL
		AND outlet_id IS NULL AND printed_ms IS NULL AND off_ms IS NULL GROUP BY batch_id, router_id`)
	// The plan is hidden from the planner: few orders wait, a plan may have sold a
	// million times.
	sqlPromised = request(`SELECT COUNT(*) FROM orders WHERE status IN ('pending', 'paid') AND plan_id || '' = $1 AND extends = ''`)
)

// ReadyStock is how many vouchers of a batch lie ready on a router.
type ReadyStock struct {
	BatchID, RouterID string
	Count             int
}

// ReadyStock counts a plan's vouchers that lie ready, by batch and router.
func (r reads) ReadyStock(ctx context.Context, planID string) ([]ReadyStock, error) {
	return queryAll(ctx, r.q, func(row scanner) (ReadyStock, error) {
		var s ReadyStock
		err := row.Scan(&s.BatchID, &s.RouterID, &s.Count)
		return s, err
	}, sqlReadyStock, planID)
}

// PromisedStock counts the orders that may still take a voucher of a plan:
// those that wait for money or for delivery.
func (r reads) PromisedStock(ctx context.Context, planID string) (int, error) {
	n, err := queryRow(ctx, r.q, scanInt, "plan.not_found", sqlPromised, planID)
	return int(n), err
}

// LockPlan makes other transactions that lock the plan wait for this one.
func (t *Tx) LockPlan(ctx context.Context, planID string) error {
	if _, _, err := queryOptional(ctx, t.q, scanString, t.s.db.rebind(sqlLockPlan), planID); err != nil {
		return fmt.Errorf("lock plan %s: %w", planID, err)
	}
	return nil
}
