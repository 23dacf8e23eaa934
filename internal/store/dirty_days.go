package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/order"
	"gerai/internal/voucher"
)

// Days are summed up no sooner than settleAfter after they ended, and what
// happens to an instant within dirtyAfter needs no mark: the hour between the
// two is far more than a transaction and the clocks of replicas take.
const (
	SumAfter   = 2 * time.Hour
	dirtyAfter = time.Hour
)

// longAgo reports whether something of an order that was placed at an instant, zero where it is
// not known, may be of a day that needs a mark.
func (t *Tx) longAgo(placed time.Time) bool {
	return placed.IsZero() || t.now.Sub(placed) >= dirtyAfter
}

// markDirty notes that something of an instant long gone changed, so that a
// summed day is added up again.
func (t *Tx) markDirty(ctx context.Context, when time.Time) error {
	if when.IsZero() || t.now.Sub(when) < dirtyAfter {
		return nil
	}
	if _, err := t.exec(ctx, `INSERT INTO report_marks (id, at_ms) VALUES ($1, $2)`, t.NewID(), at(when)); err != nil {
		return fmt.Errorf("mark report of %s: %w", when.Format(time.RFC3339), err)
	}
	return nil
}

// markPaymentsDirty marks the days of all payments of an order: one more payment
// may change which of them paid it in full.
func (t *Tx) markPaymentsDirty(ctx context.Context, id order.ID) error {
	money, err := t.Payments(ctx, id)
	for _, p := range money {
		if err == nil {
			err = t.markDirty(ctx, p.PaidAt)
		}
	}
	return err
}

// markMoneyDirty marks the days on which money came or went for an order and for
// those that made its voucher longer: they tell how far the voucher had come.
// One statement, because every activation runs it and hardly any finds something.
func (t *Tx) markMoneyDirty(ctx context.Context, id order.ID) error {
	const theirs = ` IN (SELECT CAST($2 AS TEXT) UNION ALL SELECT o.id FROM orders o WHERE o.extends = $2 AND o.extends <> '') `
	if _, err := t.exec(ctx, `INSERT INTO report_marks (id, at_ms) SELECT $1 || p.gateway || p.key, p.paid_ms FROM payments p WHERE p.order_id`+theirs+`AND p.paid_ms <= $3
		UNION ALL SELECT $1 || f.id, f.done_ms FROM refunds f WHERE f.order_id`+theirs+`AND f.done_ms <= $3`, t.NewID(), string(id), at(t.now.Add(-dirtyAfter))); err != nil {
		return fmt.Errorf("mark money of order %s: %w", id, err)
	}
	return nil
}

// markHandedDirty marks the day on which an order's voucher was handed out: more
// money may change how it counts as paid.
func (t *Tx) markHandedDirty(ctx context.Context, id order.ID) error {
	if _, err := t.exec(ctx, `INSERT INTO report_marks (id, at_ms) SELECT $1, v.sold_ms FROM vouchers v WHERE v.order_id = $2 AND v.sold_ms <= $3`,
		t.NewID(), string(id), at(t.now.Add(-dirtyAfter))); err != nil {
		return fmt.Errorf("mark voucher of order %s: %w", id, err)
	}
	return nil
}

// markLifeDirty marks every day that tells how far a voucher has come: when it was
// sold, and when its money came or went.
func (t *Tx) markLifeDirty(ctx context.Context, v Voucher) error {
	if err := t.markDirty(ctx, v.SoldAt); err != nil || v.OrderID == "" {
		return err
	}
	return t.markMoneyDirty(ctx, v.OrderID)
}

// markBatchDirty marks the days on which vouchers of a batch were sold that are about
// to end before their time, and those of their orders' money, as markMoneyDirty does.
func (t *Tx) markBatchDirty(ctx context.Context, batchID string, states []voucher.State) error {
	args := []any{batchID, at(t.now.Add(-dirtyAfter)), t.NewID()}
	marks := in(&args, states)
	ending := ` v.batch_id = $1 AND v.sold_ms <= $2 AND v.state IN (` + marks + `) `
	theirs := ` IN (SELECT v.order_id FROM vouchers v WHERE` + ending + `UNION ALL SELECT o.id FROM vouchers v JOIN orders o ON o.extends = v.order_id AND o.extends <> '' WHERE` + ending + `) `
	if _, err := t.exec(ctx, `INSERT INTO report_marks (id, at_ms) SELECT $3 || v.id, v.sold_ms FROM vouchers v WHERE`+ending+`
		UNION ALL SELECT $3 || p.gateway || p.key, p.paid_ms FROM payments p WHERE p.order_id`+theirs+`AND p.paid_ms <= $2
		UNION ALL SELECT $3 || f.id, f.done_ms FROM refunds f WHERE f.order_id`+theirs+`AND f.done_ms <= $2`, args...); err != nil {
		return fmt.Errorf("mark sales of batch %s: %w", batchID, err)
	}
	return nil
}
