package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gerai/internal/money"
	"gerai/internal/report"
)

// SummedDay is a day that is summed up.
type SummedDay struct {
	Day    report.Day
	MadeAt time.Time
	SumID  string // of this sum; the next one of the day has another
}

var (
	sqlSummedDays = request(`SELECT day, made_ms, sum_id FROM report_days WHERE day >= $1 AND day <= $2 AND zone = $3 ORDER BY day`)
	sqlDirtyDays  = request(`SELECT at_ms FROM report_marks WHERE at_ms >= $1 AND at_ms < $2`)
	sqlCells      = request(`SELECT day, kind, site_id, plan_id, method, test, amount, validity_ms, redeem, ends, promotion_id, n FROM report_cells WHERE day >= $1 AND day <= $2 ORDER BY day`)
	sqlFlows      = request(`SELECT day, site_id, router_id, test, numbers FROM report_flows WHERE day >= $1 AND day <= $2 ORDER BY day`)
	sqlFirstOrder = request(`SELECT created_ms FROM orders ORDER BY created_ms, id LIMIT 1`)
	sqlFirstMoney = request(`SELECT paid_ms FROM payments ORDER BY paid_ms LIMIT 1`)
	sqlFirstSold  = request(`SELECT sold_ms FROM vouchers WHERE sold_ms IS NOT NULL ORDER BY sold_ms LIMIT 1`)
	sqlFirstBack  = request(`SELECT done_ms FROM refunds WHERE done_ms IS NOT NULL ORDER BY done_ms LIMIT 1`)
)

// SummedDays lists the days of a range whose sums can be believed: summed in
// this zone and not marked since.
func (r reads) SummedDays(ctx context.Context, from, to report.Day, zone *time.Location) ([]SummedDay, error) {
	all, err := queryAll(ctx, r.q, func(s scanner) (SummedDay, error) {
		var d SummedDay
		var made unixMillis
		err := s.Scan(&d.Day, &made, &d.SumID)
		d.MadeAt = made.Time
		return d, err
	}, sqlSummedDays, string(from), string(to), zone.String())
	if err != nil {
		return nil, fmt.Errorf("summed days: %w", err)
	}
	marks, err := queryAll(ctx, r.q, scanUnixMillisOnly, sqlDirtyDays, at(from.Start(zone)), at(to.End(zone)))
	if err != nil {
		return nil, fmt.Errorf("report marks: %w", err)
	}
	marked := map[report.Day]bool{}
	for _, m := range marks {
		marked[report.DayOf(m, zone)] = true
	}
	out := all[:0]
	for _, d := range all {
		if !marked[d.Day] {
			out = append(out, d)
		}
	}
	return out, nil
}

// Cells reads the summed money of a range of days.
func (r reads) Cells(ctx context.Context, from, to report.Day) ([]report.Cell, error) {
	return queryAll(ctx, r.q, func(s scanner) (report.Cell, error) {
		var c report.Cell
		var amount, validity int64
		err := s.Scan(&c.Day, &c.Kind, &c.SiteID, &c.PlanID, &c.Method, &c.Test, &amount, &validity, &c.Redeem, &c.Ends, &c.PromotionID, &c.N)
		c.Amount, c.Validity = money.Rupiah(amount), time.Duration(validity)*time.Millisecond
		return c, err
	}, sqlCells, string(from), string(to))
}

// Flows reads the summed orders of a range of days.
func (r reads) Flows(ctx context.Context, from, to report.Day) ([]report.Flow, error) {
	return queryAll(ctx, r.q, func(s scanner) (report.Flow, error) {
		var f report.Flow
		var text string
		if err := s.Scan(&f.Day, &f.SiteID, &f.RouterID, &f.Test, &text); err != nil {
			return f, err
		}
		return f, json.Unmarshal([]byte(text), &f.Numbers)
	}, sqlFlows, string(from), string(to))
}

// FirstMoment is the earliest instant of an order, a payment, a refund or a sold
// voucher; known is false on an empty database.
func (r reads) FirstMoment(ctx context.Context) (first time.Time, known bool, err error) {
	for _, q := range []string{sqlFirstOrder, sqlFirstMoney, sqlFirstBack, sqlFirstSold} {
		when, found, err := queryOptional(ctx, r.q, scanUnixMillisOnly, q)
		if err != nil {
			return first, known, fmt.Errorf("first moment: %w", err)
		}
		if found && (!known || when.Before(first)) {
			first, known = when, true
		}
	}
	return first, known, nil
}

// SumUpDay adds up one day and keeps the sums. Dirty marks read before adding up are
// deleted; one written during it stays and makes the day be added up again.
func (t *Tx) SumUpDay(ctx context.Context, day report.Day, zone *time.Location) error {
	// The row is also the lock between replicas.
	if _, err := t.exec(ctx, `INSERT INTO report_days (day, zone, made_ms, sum_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (day) DO UPDATE SET zone = excluded.zone, made_ms = excluded.made_ms, sum_id = excluded.sum_id`, string(day), zone.String(), at(t.now), t.NewID()); err != nil {
		return fmt.Errorf("sum up %s: %w", day, err)
	}
	if _, err := t.exec(ctx, `DELETE FROM report_marks WHERE at_ms >= $1 AND at_ms < $2`, at(day.Start(zone)), at(day.End(zone))); err != nil {
		return fmt.Errorf("sum up %s: %w", day, err)
	}
	cells, err := t.DayCells(ctx, day, zone, t.now)
	if err != nil {
		return err
	}
	flows, err := t.DayFlows(ctx, day, zone)
	if err != nil {
		return err
	}
	return t.keepSums(ctx, day, cells, flows)
}

func (t *Tx) keepSums(ctx context.Context, day report.Day, cells []report.Cell, flows []report.Flow) error {
	for _, old := range []string{`DELETE FROM report_cells WHERE day = $1`, `DELETE FROM report_flows WHERE day = $1`} {
		if _, err := t.exec(ctx, old, string(day)); err != nil {
			return fmt.Errorf("keep sums of %s: %w", day, err)
		}
	}
	rows := make([][]any, 0, len(cells))
	for _, c := range cells {
		rows = append(rows, []any{string(day), string(c.Kind), c.SiteID, c.PlanID, string(c.Method), c.Test, int64(c.Amount), ms(c.Validity), string(c.Redeem), c.Ends, c.PromotionID, c.N})
	}
	if err := t.bulk(ctx, "report_cells", "day, kind, site_id, plan_id, method, test, amount, validity_ms, redeem, ends, promotion_id, n", rows); err != nil {
		return fmt.Errorf("keep sums of %s: %w", day, err)
	}
	rows = rows[:0]
	for _, f := range flows {
		text, err := json.Marshal(f.Numbers)
		if err != nil {
			return err
		}
		rows = append(rows, []any{string(day), f.SiteID, f.RouterID, f.Test, string(text)})
	}
	if err := t.bulk(ctx, "report_flows", "day, site_id, router_id, test, numbers", rows); err != nil {
		return fmt.Errorf("keep sums of %s: %w", day, err)
	}
	return nil
}

// DropSums throws all sums away; reports are slow until they are made again.
func (t *Tx) DropSums(ctx context.Context) error {
	for _, old := range []string{`DELETE FROM report_days`, `DELETE FROM report_cells`, `DELETE FROM report_flows`, `DELETE FROM report_marks`} {
		if _, err := t.exec(ctx, old); err != nil {
			return fmt.Errorf("forget sums: %w", err)
		}
	}
	return nil
}
