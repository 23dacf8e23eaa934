package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/voucher"
)

var (
	sqlUnmade           = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE batch_id = $1 AND made_ms IS NULL AND state <> 'disabled' ORDER BY no LIMIT $2`)
	sqlDisabledOnRouter = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE batch_id = $1 AND state = 'disabled' AND made_ms IS NOT NULL AND off_ms IS NULL ORDER BY no LIMIT $2`)
	sqlSerial           = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE batch_id = $1 AND no BETWEEN $2 AND $3 ORDER BY no LIMIT $4`)
)

// UnmadeVouchers lists vouchers that their router has not got yet.
func (r reads) UnmadeVouchers(ctx context.Context, batchID string, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, scanVoucher, sqlUnmade, batchID, limit)
}

// StillEnabledOnRouter lists disabled vouchers that their router still lets in.
func (r reads) StillEnabledOnRouter(ctx context.Context, batchID string, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, scanVoucher, sqlDisabledOnRouter, batchID, limit)
}

// BatchVouchers lists a batch's vouchers by number, from first to last.
func (r reads) BatchVouchers(ctx context.Context, batchID string, first, last, limit int) ([]Voucher, error) {
	return queryAll(ctx, r.q, scanVoucher, sqlSerial, batchID, first, last, limit)
}

// NamesInUse says which of the names some voucher or order has.
func (r reads) NamesInUse(ctx context.Context, names []string) (map[string]bool, error) {
	used := map[string]bool{}
	for len(names) > 0 {
		part := names[:min(len(names), mostNames)]
		names = names[len(part):]
		var args []any
		marks := in(&args, part)
		found, err := queryAll(ctx, r.q, scanString, `SELECT username FROM vouchers WHERE username IN (`+marks+`) UNION SELECT username FROM orders WHERE username IN (`+marks+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("names in use: %w", err)
		}
		for _, name := range found {
			used[name] = true
		}
	}
	return used, nil
}

const stockColumns = `id, site_id, plan_id, router_id, username, state, batch_id, no, password`

// InsertStock writes vouchers of a batch; their names must be free.
func (t *Tx) InsertStock(ctx context.Context, vouchers []Voucher) error {
	const columns, rows = 9, 50
	for len(vouchers) > 0 {
		part := vouchers[:min(len(vouchers), rows)]
		vouchers = vouchers[len(part):]
		var values strings.Builder
		var args []any
		for i, v := range part {
			if i > 0 {
				values.WriteString(", ")
			}
			values.WriteByte('(')
			for c := range columns {
				if c > 0 {
					values.WriteString(", ")
				}
				fmt.Fprintf(&values, "$%d", i*columns+c+1)
			}
			values.WriteByte(')')
			args = append(args, v.ID, v.SiteID, v.PlanID, v.RouterID, v.Username, string(voucher.Stock), v.BatchID, v.No, v.Password)
		}
		if _, err := t.exec(ctx, `INSERT INTO vouchers (`+stockColumns+`) VALUES `+values.String(), args...); err != nil {
			return fmt.Errorf("insert %d vouchers of batch %s: %w", len(part), part[0].BatchID, err)
		}
	}
	return nil
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

// RenameStock gives a voucher another name unless it was printed or shown; false: it
// was.
func (t *Tx) RenameStock(ctx context.Context, v Voucher) (bool, error) {
	return t.touched(ctx, `UPDATE vouchers SET username = $2, password = $3 WHERE id = $1 AND state = 'stock' AND made_ms IS NULL AND printed_ms IS NULL AND outlet_id IS NULL`,
		v.ID, v.Username, v.Password)
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

// AssignStock assigns unsold vouchers from first to last to an outlet, or returns them
// to the counter with "". Vouchers of another outlet stay there.
func (t *Tx) AssignStock(ctx context.Context, batchID string, first, last int, outletID string) (int64, error) {
	free := `outlet_id IS NULL`
	if outletID == "" {
		free = `outlet_id IS NOT NULL`
	}
	n, err := t.exec(ctx, `UPDATE vouchers SET outlet_id = $4 WHERE batch_id = $1 AND no BETWEEN $2 AND $3 AND state = 'stock' AND made_ms IS NOT NULL AND `+free,
		batchID, first, last, orNull(outletID))
	if err != nil {
		return 0, fmt.Errorf("assign vouchers of batch %s: %w", batchID, err)
	}
	return n, nil
}

// ActivateStock notes the first login of a voucher that was sold on paper.
func (t *Tx) ActivateStock(ctx context.Context, v Voucher, when, until time.Time) (bool, error) {
	moved, err := t.touched(ctx, `UPDATE vouchers SET state = 'active', sold_ms = $2, first_login_ms = $2, valid_until_ms = $3 WHERE id = $1 AND state = 'stock'`,
		v.ID, at(when), at(until))
	if err != nil {
		return false, fmt.Errorf("activate stock voucher %s: %w", v.ID, err)
	}
	if moved { // it may have been online for hours before we looked
		err = t.markDirty(ctx, when)
	}
	return moved, err
}

// SellStock gives a voucher of the stock to an order. false: it is not for sale, or not
// any more. Errors: Conflict "order.changed" when the order has another voucher by now.
func (t *Tx) SellStock(ctx context.Context, v Voucher) (bool, error) {
	sold, err := t.touched(ctx, `UPDATE vouchers SET state = 'sold', order_id = $2, sold_ms = $3, valid_until_ms = $4, sold_by = $5
		WHERE id = $1 AND state = 'stock' AND made_ms IS NOT NULL AND outlet_id IS NULL`, v.ID, string(v.OrderID), at(v.SoldAt), at(v.ValidUntil), v.SoldBy)
	if brokenRule(err) != "" {
		return false, ErrOrderChanged
	}
	if err != nil {
		return false, fmt.Errorf("sell voucher %s: %w", v.ID, err)
	}
	if sold { // its money may have come long before
		err = t.markMoneyDirty(ctx, v.OrderID)
	}
	return sold, err
}
