package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"gerai/internal/backup"
	"gerai/internal/fault"
)

// CopyTo writes the SQLite database as it is at this moment into a new file that only its
// owner may read, beside whatever writes. One statement reads it in one go: the interface
// that copies step by step starts over with every commit of another connection.
// Errors: Unavailable "backup.full" and "backup.place_away".
func (s *Store) CopyTo(ctx context.Context, path string) (err error) {
	source, ok := strings.CutPrefix(s.o.Database, "sqlite:")
	if !ok {
		return errors.New("store: only a SQLite database can be copied as a file")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return backup.Placed(err)
	}
	if err := f.Close(); err != nil {
		return backup.Placed(err)
	}
	// A connection of its own: readers of pages do not wait for it.
	db, err := sql.Open("sqlite", sqliteDSN(source, ""))
	if err != nil {
		return fmt.Errorf("copy database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if full(err) {
			return backup.ErrFull.With(err)
		}
		return fmt.Errorf("copy database: %w", err)
	}
	return nil
}

// sqliteFull is SQLITE_FULL, for which the driver has no name.
const sqliteFull = 13

func full(err error) bool {
	var e interface{ Code() int }
	return errors.As(err, &e) && e.Code()&0xff == sqliteFull
}

// AtSnapshot runs fn while one state of the PostgreSQL database is held, which other
// programs can read under the snapshot's name, and tells what is in it. Errors: Config
// "backup.pooler" behind a transaction pooler, which would take what a dump sets for
// its session to others.
func (s *Store) AtSnapshot(ctx context.Context, fn func(ctx context.Context, snapshot string, c backup.Contents) error) error {
	if !s.db.postgres {
		return errors.New("store: a SQLite database has no snapshots")
	}
	if pooled, err := s.Pooled(ctx); err != nil || pooled {
		if err == nil {
			err = fault.Wrap(fault.Config, "backup.pooler", errors.New("a transaction pooler answers at GERAI_DATABASE"))
		}
		return err
	}
	tx, err := s.db.reports.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("hold a snapshot: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // it wrote nothing
	if _, err := tx.ExecContext(ctx, `SET LOCAL idle_in_transaction_session_timeout = 0`); err != nil {
		return fmt.Errorf("hold a snapshot: %w", err)
	}
	name, err := queryOne(ctx, tx, scanString, `SELECT pg_export_snapshot()`)
	if err != nil {
		return fmt.Errorf("hold a snapshot: %w", err)
	}
	c, err := contents(ctx, tx, true)
	if err != nil {
		return err
	}
	return fn(ctx, name, c)
}
