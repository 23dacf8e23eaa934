package store

import (
	"context"
	"database/sql"

	"gerai/internal/priority"
)

// readers are connections that read outside of transactions, apart by how urgent the work
// is: a page does not wait for a report, nor paid work for pages.
type readers struct{ urgent, read, reports *sql.DB }

// of are the connections for a context's work.
func (r readers) of(ctx context.Context) *sql.DB {
	switch priority.Of(ctx) {
	case priority.Urgent:
		return r.urgent
	case priority.Report:
		return r.reports
	}
	return r.read
}

// QueryContext implements querier.
func (r readers) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.of(ctx).QueryContext(ctx, query, args...)
}

// QueryRowContext implements querier.
func (r readers) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return r.of(ctx).QueryRowContext(ctx, query, args...)
}
