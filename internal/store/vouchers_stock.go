package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gerai/internal/voucher"
)

var (
	sqlNextStock    = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE plan_id = $1 AND state = 'stock' AND made_ms IS NOT NULL AND outlet_id IS NULL AND printed_ms IS NULL AND off_ms IS NULL ORDER BY id LIMIT 1`)
	sqlReserveStock = request(sqlNextStock + ` /*pg FOR UPDATE SKIP LOCKED pg*/`)
	// One step to the next batch that has a voucher lying ready.
	sqlNextReady = request(`SELECT batch_id FROM vouchers WHERE plan_id = $1 AND router_id = $2 AND batch_id > $3 AND state = 'stock' AND made_ms IS NOT NULL
		AND outlet_id IS NULL AND printed_ms IS NULL AND off_ms IS NULL ORDER BY batch_id LIMIT 1`)
	sqlReserveReady = request(`SELECT ` + voucherColumns + ` FROM vouchers WHERE plan_id = $1 AND router_id = $2 AND batch_id = $3 AND state = 'stock' AND made_ms IS NOT NULL
		AND outlet_id IS NULL AND printed_ms IS NULL AND off_ms IS NULL ORDER BY id LIMIT 1 /*pg FOR UPDATE SKIP LOCKED pg*/`)
	// Counts no further than it has to.
	sqlStockUpTo = request(`SELECT COUNT(*) FROM (SELECT 1 FROM vouchers WHERE plan_id = $1 AND state = 'stock' AND outlet_id IS NULL LIMIT $2) AS counted`)
	// Counted by plan, once per page of the panel and once per look of the watchdog.
	sqlStock = background(`SELECT plan_id, COUNT(*), SUM(CASE WHEN made_ms IS NULL THEN 1 ELSE 0 END), SUM(CASE WHEN outlet_id IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN made_ms IS NOT NULL AND outlet_id IS NULL AND printed_ms IS NOT NULL THEN 1 ELSE 0 END) FROM vouchers WHERE plan_id = $1 AND state = 'stock' GROUP BY plan_id`)
	sqlReadyStock = request(`SELECT batch_id, router_id, COUNT(*) FROM vouchers WHERE plan_id = $1 AND state = 'stock' AND made_ms IS NOT NULL
		AND outlet_id IS NULL AND printed_ms IS NULL AND off_ms IS NULL GROUP BY batch_id, router_id`)
)

// Stock is how many unsold vouchers a plan has, and where they are.
type Stock struct {
	PlanID  string
	Total   int
	Unmade  int // not on the router yet
	Outlets int // with outlets
	Printed int // on paper, at the counter
}

// Free is how many can be sold at the counter without paper.
func (s Stock) Free() int { return s.Total - s.Unmade - s.Outlets - s.Printed }

// StockOf counts a plan's unsold vouchers.
func (r reads) StockOf(ctx context.Context, planID string) (Stock, error) {
	s, _, err := queryOptional(ctx, r.q, func(row scanner) (Stock, error) {
		var s Stock
		err := row.Scan(&s.PlanID, &s.Total, &s.Unmade, &s.Outlets, &s.Printed)
		return s, err
	}, sqlStock, planID)
	s.PlanID = planID
	return s, err
}

// NextStock is the voucher that a counter sale of the plan would take.
func (r reads) NextStock(ctx context.Context, planID string) (Voucher, bool, error) {
	return queryOptional(ctx, r.q, r.scanVoucher, sqlNextStock, planID)
}

// ReserveStock takes the plan's next voucher for this transaction.
func (t *Tx) ReserveStock(ctx context.Context, planID string) (Voucher, bool, error) {
	v, found, err := queryOptional(ctx, t.q, t.scanVoucher, t.s.db.rebind(sqlReserveStock), planID)
	if err != nil {
		return v, false, fmt.Errorf("claim stock of plan %s: %w", planID, err)
	}
	return v, found, nil
}

// NextReady is the plan's next batch, after one, that has a voucher lying ready
// on a router.
func (r reads) NextReady(ctx context.Context, planID, routerID, after string) (batchID string, found bool, err error) {
	return queryOptional(ctx, r.q, scanString, sqlNextReady, planID, routerID, after)
}

// ReserveReady takes a batch's next voucher that lies ready for this transaction.
func (t *Tx) ReserveReady(ctx context.Context, planID, routerID, batchID string) (Voucher, bool, error) {
	v, found, err := queryOptional(ctx, t.q, t.scanVoucher, t.s.db.rebind(sqlReserveReady), planID, routerID, batchID)
	if err != nil {
		return v, false, fmt.Errorf("claim stock of plan %s: %w", planID, err)
	}
	return v, found, nil
}

// StockUpTo counts a plan's unsold vouchers that no outlet has, at most most of
// them.
func (r reads) StockUpTo(ctx context.Context, planID string, most int) (int, error) {
	n, err := queryOne(ctx, r.q, scanInt, sqlStockUpTo, planID, most)
	return int(n), err
}

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
			name, password, err := t.sealer.voucher(v)
			if err != nil {
				return fmt.Errorf("seal voucher %s: %w", v.ID, err)
			}
			args = append(args, v.ID, v.SiteID, v.PlanID, v.RouterID, name, string(voucher.Stock), v.BatchID, v.No, password)
		}
		if _, err := t.exec(ctx, `INSERT INTO vouchers (`+stockColumns+`) VALUES `+values.String(), args...); err != nil {
			return fmt.Errorf("insert %d vouchers of batch %s: %w", len(part), part[0].BatchID, err)
		}
	}
	return nil
}

// RenameStock gives a voucher another name unless it was printed or shown; false: it
// was.
func (t *Tx) RenameStock(ctx context.Context, v Voucher) (bool, error) {
	name, password, err := t.sealer.voucher(v)
	if err != nil {
		return false, fmt.Errorf("seal voucher %s: %w", v.ID, err)
	}
	return t.touched(ctx, `UPDATE vouchers SET username = $2, password = $3 WHERE id = $1 AND state = 'stock' AND made_ms IS NULL AND printed_ms IS NULL AND outlet_id IS NULL`,
		v.ID, name, password)
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
