package store

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/backup"
	"gerai/internal/fault"
)

// restoringMark is a schema that is there while a PostgreSQL database is being restored:
// until the shop is marked as restored, nothing may start on it.
const restoringMark = "gerai_restoring"

var errRestoring = fault.New(fault.Config, "store.restoring")

// Restoring reports whether a restore into this database has not ended. A file gets its
// name when all of it is done.
func (s *Store) Restoring(ctx context.Context) (bool, error) {
	if !s.db.postgres {
		return false, nil
	}
	half, err := queryOne(ctx, s.db.read, func(r scanner) (half bool, err error) { return half, r.Scan(&half) },
		`SELECT to_regnamespace('`+restoringMark+`') IS NOT NULL`)
	if err != nil {
		return false, fmt.Errorf("look for a restore: %w", err)
	}
	return half, nil
}

// BeginRestore empties a PostgreSQL database without a shop and marks it, so that no
// program starts on half of one.
func (s *Store) BeginRestore(ctx context.Context) (err error) {
	if !s.db.postgres {
		return errors.New("store: a file is restored beside its name")
	}
	tx, err := s.db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin restore: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	names, err := tables(ctx, tx, true)
	if err != nil {
		return err
	}
	statements := []string{`CREATE SCHEMA IF NOT EXISTS ` + restoringMark}
	for _, name := range names {
		statements = append(statements, `DROP TABLE IF EXISTS "`+name+`" CASCADE`)
	}
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("begin restore: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("begin restore: %w", err)
	}
	return nil
}

// EndRestore marks the shop as restored, and nothing keeps programs from starting on it.
func (t *Tx) EndRestore(ctx context.Context, m backup.Recovery) error {
	if err := t.PutRecovery(ctx, m); err != nil {
		return err
	}
	if err := t.endRuns(ctx); err != nil { // the backup was copied while it was being made
		return err
	}
	if !t.s.db.postgres {
		return nil
	}
	_, err := t.exec(ctx, `DROP SCHEMA IF EXISTS `+restoringMark)
	return err
}

// OwnFile keeps every shop off a SQLite file that need not be there, until release.
// Errors: Config "store.in_use".
func OwnFile(ctx context.Context, path string) (release func() error, err error) {
	return lockFile(ctx, path+".lock")
}
