package store

import (
	"context"
	"database/sql"
)

// Commit is what Options.Trace is told of a transaction that is about to be committed;
// anything else is the text of a statement.
const Commit = "commit"

// tracing tells of the statements that read.
type tracing struct {
	querier
	tell func(string)
}

// QueryContext implements querier.
func (q tracing) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	q.tell(query)
	return q.querier.QueryContext(ctx, query, args...)
}

// QueryRowContext implements querier.
func (q tracing) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	q.tell(query)
	return q.querier.QueryRowContext(ctx, query, args...)
}

// traced has the statements on q told of, where Options.Trace is set.
func (s *Store) traced(q querier) querier {
	if s.o.Trace == nil {
		return q
	}
	return tracing{q, s.o.Trace}
}

func (s *Store) trace(what string) {
	if s.o.Trace != nil {
		s.o.Trace(what)
	}
}
