package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gerai/internal/order"
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
	sqlStockUpTo   = request(`SELECT COUNT(*) FROM (SELECT 1 FROM vouchers WHERE plan_id = $1 AND state = 'stock' AND outlet_id IS NULL LIMIT $2) AS counted`)
	sqlStarved     = request(`SELECT ` + orderColumns + ` FROM orders WHERE attention <> '' AND attention = 'out_of_stock' AND (created_ms, id) > ($1, $2) ORDER BY created_ms, id LIMIT $3`)
	sqlStockLevels = request(`SELECT plan_id, low FROM stock_levels ORDER BY plan_id`)
	// Counted by plan, once per page of the panel and once per look of the alarm.
	sqlStock = background(`SELECT plan_id, COUNT(*), SUM(CASE WHEN made_ms IS NULL THEN 1 ELSE 0 END), SUM(CASE WHEN outlet_id IS NOT NULL THEN 1 ELSE 0 END),
		SUM(CASE WHEN made_ms IS NOT NULL AND outlet_id IS NULL AND printed_ms IS NOT NULL THEN 1 ELSE 0 END) FROM vouchers WHERE plan_id = $1 AND state = 'stock' GROUP BY plan_id`)
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
	return queryOptional(ctx, r.q, scanVoucher, sqlNextStock, planID)
}

// ReserveStock takes the plan's next voucher for this transaction.
func (t *Tx) ReserveStock(ctx context.Context, planID string) (Voucher, bool, error) {
	v, found, err := queryOptional(ctx, t.q, scanVoucher, t.s.db.rebind(sqlReserveStock), planID)
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
	v, found, err := queryOptional(ctx, t.q, scanVoucher, t.s.db.rebind(sqlReserveReady), planID, routerID, batchID)
	if err != nil {
		return v, false, fmt.Errorf("claim stock of plan %s: %w", planID, err)
	}
	return v, found, nil
}

// StockUpTo counts a plan's unsold vouchers that no outlet has, at most most of
// them.
func (r reads) StockUpTo(ctx context.Context, planID string, most int) (int, error) {
	n, err := queryRow(ctx, r.q, scanInt, "plan.not_found", sqlStockUpTo, planID, most)
	return int(n), err
}

// StarvedOrders lists paid orders that wait because their plan has no stock,
// oldest first, after one.
func (r reads) StarvedOrders(ctx context.Context, after Cursor, limit int) ([]order.Order, error) {
	return queryAll(ctx, r.q, scanOrder, sqlStarved, after.CreatedAt.UnixMilli(), string(after.ID), limit)
}

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

// VoucherFilter narrows a search; zero values mean "any".
type VoucherFilter struct {
	Sites    []string
	Name     string // user name, in any case
	BatchID  string
	PlanID   string
	OutletID string
	State    voucher.State
	Before   string // voucher id: strictly older
	Limit    int    // at most 200
}

// FindVouchers lists vouchers, newest first. Each list goes down one index for
// each place and state it may find vouchers in, and is merged: the thousandth
// page costs what the first does.
func (r reads) FindVouchers(ctx context.Context, f VoucherFilter) ([]Voucher, error) {
	if f.Limit <= 0 || f.Limit > mostNames {
		f.Limit = mostNames
	}
	sites, err := r.sitesOf(ctx, f)
	if err != nil {
		return nil, err
	}
	states := []voucher.State{f.State}
	if f.State == "" && f.Name == "" {
		states = voucher.States
	}
	var out []Voucher
	for _, site := range sites {
		for _, state := range states {
			query, args := f.statement(site, state)
			found, err := queryAll(ctx, r.q, scanVoucher, query, args...)
			if err != nil {
				return nil, fmt.Errorf("find vouchers: %w", err)
			}
			out = append(out, found...)
		}
	}
	slices.SortFunc(out, func(a, b Voucher) int { return cmp.Compare(b.ID, a.ID) })
	return out[:min(len(out), f.Limit)], nil
}

// sitesOf are the sites whose index a search goes down; one empty name stands
// for a search that another index answers.
func (r reads) sitesOf(ctx context.Context, f VoucherFilter) ([]string, error) {
	if f.Name != "" || f.BatchID != "" || f.OutletID != "" || f.PlanID != "" {
		return []string{""}, nil
	}
	if len(f.Sites) > 0 {
		return f.Sites, nil
	}
	all, err := r.Sites(ctx)
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.ID
	}
	return out, err
}

// statement is the text and the values of one walk.
func (f VoucherFilter) statement(site string, state voucher.State) (string, []any) {
	var q clauses
	if site != "" {
		q.add("site_id = ", site)
	} else {
		q.sites(f.Sites)
	}
	if name := strings.TrimSpace(f.Name); name != "" {
		q.parts = append(q.parts, "username IN ("+in(&q.args, []string{name, strings.ToLower(name), strings.ToUpper(name)})+")")
	}
	for _, c := range []struct{ column, value string }{{"batch_id", f.BatchID}, {"outlet_id", f.OutletID}, {"plan_id", f.PlanID}, {"state", string(state)}} {
		if c.value != "" {
			q.add(c.column+" = ", c.value)
		}
	}
	if f.Before != "" {
		q.add("id < ", f.Before)
	}
	return `SELECT ` + voucherColumns + ` FROM vouchers WHERE ` + q.where() + ` ORDER BY id DESC LIMIT ` + q.arg(f.Limit), q.args
}
