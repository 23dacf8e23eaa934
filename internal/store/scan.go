package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gerai/internal/fault"
)

// scanner is a row of either kind.
type scanner interface{ Scan(dest ...any) error }

// list runs a query and scans every row.
func list[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// one runs a query for at most one row; none is NotFound with the code.
func one[T any](ctx context.Context, q querier, scan func(scanner) (T, error), code, query string, args ...any) (T, error) {
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, fault.New(fault.NotFound, code)
	}
	if err != nil {
		return v, fmt.Errorf("read %s: %w", code, err)
	}
	return v, nil
}

// maybe runs a query for at most one row and reports whether there was one.
func maybe[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, bool, error) {
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, err
}

func scanString(r scanner) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

func scanInt(r scanner) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}
