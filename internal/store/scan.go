package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"gerai/internal/fault"
)

// scanner is a row of either kind.
type scanner interface{ Scan(dest ...any) error }

// queryAll runs a query and scans every row.
func queryAll[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	if !storable(args) {
		return nil, nil
	}
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

// storable reports whether every text can be in the database at all: neither
// engine keeps broken UTF-8 apart, and PostgreSQL refuses it and the NUL
// character with an error that would look like our own fault.
func storable(args []any) bool {
	for _, a := range args {
		if s, ok := a.(string); ok && (!utf8.ValidString(s) || strings.Contains(s, "\x00")) {
			return false
		}
	}
	return true
}

// queryRow runs a query for a row that should be there; missing is the error when it is not.
func queryRow[T any](ctx context.Context, q querier, scan func(scanner) (T, error), missing *fault.Error, query string, args ...any) (T, error) {
	v, found, err := queryOptional(ctx, q, scan, query, args...)
	if err != nil {
		return v, fmt.Errorf("read %s: %w", missing.Code, err)
	}
	if !found {
		return v, missing
	}
	return v, nil
}

// queryOne runs a query that gives one row whatever the tables hold: a count, a sum, a row
// that the statement itself makes. Text that no table can hold counts nothing.
func queryOne[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, error) {
	if !storable(args) {
		var none T
		return none, nil
	}
	v, err := scan(q.QueryRowContext(ctx, query, args...))
	if err != nil {
		return v, fmt.Errorf("read one row: %w", err)
	}
	return v, nil
}

// queryOptional runs a query for at most one row and reports whether there was one.
func queryOptional[T any](ctx context.Context, q querier, scan func(scanner) (T, error), query string, args ...any) (T, bool, error) {
	if !storable(args) {
		var none T
		return none, false, nil
	}
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

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// joinAll is a list as one text, which split reads.
func joinAll[T ~string](values []T) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = string(v)
	}
	return strings.Join(parts, ",")
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
