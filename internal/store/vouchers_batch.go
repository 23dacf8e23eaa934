package store

import (
	"context"
	"fmt"

	"gerai/internal/voucher"
)

var (
	sqlUnmade           = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE batch_id = $1 AND made_ms IS NULL AND state <> 'disabled' ORDER BY no LIMIT $2`)
	sqlDisabledOnRouter = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE batch_id = $1 AND state = 'disabled' AND made_ms IS NOT NULL AND off_ms IS NULL ORDER BY no LIMIT $2`)
	sqlSerial           = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE batch_id = $1 AND no BETWEEN $2 AND $3 ORDER BY no LIMIT $4`)
	sqlBatchCounts      = request(`SELECT state, COUNT(*) FROM vouchers WHERE batch_id = $1 GROUP BY state`)
	sqlBatchUnmade      = request(`SELECT COUNT(*), COALESCE(SUM(CASE WHEN state = 'disabled' THEN 1 ELSE 0 END), 0) FROM vouchers WHERE batch_id = $1 AND made_ms IS NULL`)
)

// UnmadeVouchers lists vouchers that their router has not got yet.
func (r reads) UnmadeVouchers(ctx context.Context, batchID string, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, r.scanVoucher, sqlUnmade, batchID, limit)
}

// StillEnabledOnRouter lists disabled vouchers that their router still lets in.
func (r reads) StillEnabledOnRouter(ctx context.Context, batchID string, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, r.scanVoucher, sqlDisabledOnRouter, batchID, limit)
}

// BatchVouchers lists a batch's vouchers by number, from first to last.
func (r reads) BatchVouchers(ctx context.Context, batchID string, first, last, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, r.scanVoucher, sqlSerial, batchID, first, last, limit)
}

// MarkMade notes that the router has the vouchers.
func (t *Tx) MarkMade(ctx context.Context, ids []string) error {
	return t.eachPart(ctx, ids, `UPDATE vouchers SET made_ms = $1 WHERE made_ms IS NULL AND id IN `)
}

// MarkDisabledOnRouter notes that the router lets the vouchers in no more; those that live
// again stay as they are.
func (t *Tx) MarkDisabledOnRouter(ctx context.Context, ids []string) error {
	return t.eachPart(ctx, ids, `UPDATE vouchers SET off_ms = $1 WHERE off_ms IS NULL AND state = 'disabled' AND id IN `)
}

// MarkMissing notes that the router has lost the vouchers; they are made again.
func (t *Tx) MarkMissing(ctx context.Context, ids []string) error {
	return t.eachPart(ctx, ids, `UPDATE vouchers SET made_ms = NULL WHERE made_ms <= $1 AND state IN ('stock', 'active') AND id IN `)
}

// eachPart runs an update over ids in bounded parts; $1 is now.
func (t *Tx) eachPart(ctx context.Context, ids []string, update string) error {
	for len(ids) > 0 {
		part := ids[:min(len(ids), mostNames)]
		ids = ids[len(part):]
		args := []any{at(t.now)}
		marks := in(&args, part)
		if _, err := t.exec(ctx, update+`(`+marks+`)`, args...); err != nil {
			return fmt.Errorf("mark %d vouchers: %w", len(part), err)
		}
	}
	return nil
}

// DropUnmade ends the vouchers that a cancelled batch has not made.
func (t *Tx) DropUnmade(ctx context.Context, batchID string) (int64, error) {
	return t.exec(ctx, `UPDATE vouchers SET state = 'disabled', ended_ms = $2 WHERE batch_id = $1 AND made_ms IS NULL AND state = 'stock'`, batchID, at(t.now))
}

// DisableBatch ends a batch's vouchers that are in one of the states.
func (t *Tx) DisableBatch(ctx context.Context, batchID string, states []voucher.State) (int64, error) {
	if err := t.markBatchDirty(ctx, batchID, states); err != nil {
		return 0, err
	}
	args := []any{batchID, at(t.now)}
	marks := in(&args, states)
	n, err := t.exec(ctx, `UPDATE vouchers SET state = 'disabled', ended_ms = $2 WHERE batch_id = $1 AND state IN (`+marks+`)`, args...)
	if err != nil {
		return 0, fmt.Errorf("disable batch %s: %w", batchID, err)
	}
	return n, nil
}

// Counts are a batch's vouchers by state; Unmade ones its router has yet to
// get, Never ones ended before it had them.
type Counts struct {
	By            map[voucher.State]int
	Unmade, Never int
}

// BatchCounts counts a batch's vouchers.
func (r reads) BatchCounts(ctx context.Context, id string) (Counts, error) {
	c := Counts{By: map[voucher.State]int{}}
	_, err := queryAll(ctx, r.q, func(s scanner) (voucher.State, error) {
		var state voucher.State
		var n int
		err := s.Scan(&state, &n)
		c.By[state] = n
		return state, err
	}, sqlBatchCounts, id)
	if err != nil {
		return c, fmt.Errorf("count batch %s: %w", id, err)
	}
	_, err = queryOne(ctx, r.q, func(s scanner) (int, error) {
		var all int
		err := s.Scan(&all, &c.Never)
		c.Unmade = all - c.Never
		return all, err
	}, sqlBatchUnmade, id)
	return c, err
}

// MarkPrinted notes when unsold vouchers were first put on paper.
func (t *Tx) MarkPrinted(ctx context.Context, batchID string, first, last int) error {
	_, err := t.exec(ctx, `UPDATE vouchers SET printed_ms = $4 WHERE batch_id = $1 AND no BETWEEN $2 AND $3 AND printed_ms IS NULL AND state = 'stock' AND made_ms IS NOT NULL`,
		batchID, first, last, at(t.now))
	if err != nil {
		return fmt.Errorf("mark printed vouchers of batch %s: %w", batchID, err)
	}
	return nil
}
