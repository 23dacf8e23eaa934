package store

import (
	"context"
	"fmt"

	"gerai/internal/money"
	"gerai/internal/reconcile"
	"gerai/internal/report"
)

// ReconciliationFilter narrows a list of rows; zero values mean any.
type ReconciliationFilter struct {
	From, To report.Day // of the day that the money counts on, both included
	Month    reconcile.Month
	Kind     reconcile.Kind
	State    reconcile.State
	Owner    string // an account, or "-" for rows without an owner
	Open     bool   // those that need a person
	Before   ReconciliationCursor
	Limit    int
}

// ReconciliationCursor is a place in a list: rows by day, the newest first.
type ReconciliationCursor struct {
	Day report.Day
	ID  string
}

func (f ReconciliationFilter) clauses() clauses {
	var c clauses
	for _, x := range []struct {
		condition, value string
	}{{"r.day >= ", string(f.From)}, {"r.day <= ", string(f.To)}, {"r.month = ", string(f.Month)}, {"r.kind = ", string(f.Kind)}, {"r.state = ", string(f.State)}} {
		if x.value != "" {
			c.add(x.condition, x.value)
		}
	}
	switch f.Owner {
	case "":
	case "-":
		c.parts = append(c.parts, "r.owner_id IS NULL")
	default:
		c.add("r.owner_id = ", f.Owner)
	}
	if f.Open {
		c.parts = append(c.parts, needsPerson)
	}
	return c
}

// ReconciliationRows lists rows, the newest day first.
func (r reads) ReconciliationRows(ctx context.Context, f ReconciliationFilter) ([]ReconciliationRow, error) {
	c := f.clauses()
	if f.Before.ID != "" {
		c.parts = append(c.parts, "(r.day, r.id) < ("+c.arg(string(f.Before.Day))+", "+c.arg(f.Before.ID)+")")
	}
	rows, err := queryAll(ctx, r.q, scanReconciliationRow, rowQuery+c.where()+` ORDER BY r.day DESC, r.id DESC LIMIT `+c.arg(f.Limit), c.args...)
	if err != nil {
		return nil, fmt.Errorf("list reconciliation: %w", err)
	}
	return rows, nil
}

// EachReconciliation calls fn for every row of a filter, the newest day first.
func (r reads) EachReconciliation(ctx context.Context, f ReconciliationFilter, fn func(ReconciliationRow) error) error {
	f.Limit = rowsPerPage
	for {
		page, err := r.ReconciliationRows(ctx, f)
		if err != nil {
			return err
		}
		for _, x := range page {
			if err := fn(x); err != nil {
				return err
			}
		}
		if len(page) < rowsPerPage {
			return nil
		}
		last := page[len(page)-1]
		f.Before = ReconciliationCursor{Day: last.Day, ID: last.ID}
	}
}

// ReconciliationTotals adds the rows of a filter up.
func (r reads) ReconciliationTotals(ctx context.Context, f ReconciliationFilter) (reconcile.Totals, error) {
	c := f.clauses()
	parts, err := queryAll(ctx, r.q, func(s scanner) (reconcile.Totals, error) {
		var x reconcile.Row
		var there, here, fee, expected, n, open int64
		err := s.Scan(&x.Kind, &x.State, &x.Method, &x.Settled, &there, &here, &fee, &expected, &n, &open)
		x.There, x.Here, x.Fee, x.FeeExpected = money.Rupiah(there), money.Rupiah(here), money.Rupiah(fee), money.Rupiah(expected)
		t := x.Totals()
		t.Rows, t.Open = n, open
		return t, err
	}, `SELECT r.kind, r.state, r.method, r.settlement, CAST(SUM(r.there) AS BIGINT), CAST(SUM(r.here) AS BIGINT), CAST(SUM(r.fee) AS BIGINT), CAST(SUM(r.fee_expected) AS BIGINT), COUNT(*),
		SUM(CASE WHEN`+needsPerson+`THEN 1 ELSE 0 END) FROM reconciliation_rows r WHERE `+c.where()+` GROUP BY 1, 2, 3, 4`, c.args...)
	if err != nil {
		return reconcile.Totals{}, fmt.Errorf("add reconciliation up: %w", err)
	}
	var out reconcile.Totals
	for _, p := range parts {
		out = out.Plus(p)
	}
	return out, nil
}
