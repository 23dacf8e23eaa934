package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"gerai/internal/fault"
)

// poolerCure is what a person can do about a transaction pooler.
const poolerCure = "a transaction pooler such as PgBouncer answers at GERAI_DATABASE, and prepared statements do not live through it (42P05): " +
	"connect to PostgreSQL directly, use pool_mode = session, or add default_query_exec_mode=exec to the URL"

// poolerLooks is how often a second connection is compared with the first.
const poolerLooks = 5

// Pooled reports whether a pooler gives every transaction another server
// connection. PostgreSQL tells a client the number of its own process; a pooler
// tells a number of its own, and lends the process of one client to the next.
func (s *Store) Pooled(ctx context.Context) (bool, error) {
	if !s.db.postgres {
		return false, nil
	}
	pooled := false
	err := s.rawConn(ctx, func(first *pgx.Conn) error {
		mine, err := backend(ctx, first)
		if err != nil || mine == first.PgConn().PID() {
			return err
		}
		return s.rawConn(ctx, func(second *pgx.Conn) error {
			for range poolerLooks {
				theirs, err := backend(ctx, second)
				if err != nil {
					return err
				}
				if mine, err = backend(ctx, first); err != nil {
					return err
				}
				pooled = pooled || mine == theirs
			}
			return nil
		})
	})
	if err != nil {
		return false, fmt.Errorf("look for a pooler: %w", err)
	}
	return pooled, nil
}

func (s *Store) rawConn(ctx context.Context, fn func(*pgx.Conn) error) (err error) {
	c, err := s.db.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	return c.Raw(func(driver any) error { return fn(driver.(*stdlib.Conn).Conn()) })
}

// backend is the number of the process that answers. It is asked without a
// prepared statement, which a pooler may not keep.
func backend(ctx context.Context, c *pgx.Conn) (pid uint32, err error) {
	err = c.QueryRow(ctx, `SELECT pg_backend_pid()`, pgx.QueryExecModeSimpleProtocol).Scan(&pid)
	return pid, err
}

// fitsPooler refuses a transaction pooler for a connection that prepares
// statements. Errors: Config "store.pooler".
func (s *Store) fitsPooler(ctx context.Context) error {
	if !s.db.prepares {
		return nil
	}
	pooled, err := s.Pooled(ctx)
	if err != nil || !pooled {
		return err
	}
	return fault.Wrap(fault.Config, "store.pooler", errors.New(poolerCure))
}
