package backups

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/backup"
	"gerai/internal/clock"
	"gerai/internal/pgtool"
	"gerai/internal/store"
)

// copyFile copies a SQLite file. The copy is examined and counted, and not the database:
// it is what will be restored, and it stands still.
func (s *Service) copyFile(ctx context.Context, path string, m *backup.Manifest) (err error) {
	if err := s.Store.CopyTo(ctx, path); err != nil {
		return err
	}
	m.Payload.Name = backup.PayloadSQLite
	m.Contents, m.Checks, err = s.examine(ctx, "sqlite:"+path)
	return err
}

// examine reads a database that is used by no other process.
func (s *Service) examine(ctx context.Context, database string) (c backup.Contents, checks backup.Checks, err error) {
	copied, err := store.Open(ctx, store.Options{Database: database, Keys: s.Keys, Clock: clock.System{}, ReadOnly: true})
	if err != nil {
		return c, checks, err
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	if checks, err = copied.Examine(ctx); err != nil {
		return c, checks, err
	}
	c, err = copied.Contents(ctx)
	return c, checks, err
}

// dump has PostgreSQL write the state that is counted in the same snapshot.
func (s *Service) dump(ctx context.Context, path string, m *backup.Manifest) error {
	err := s.Store.AtSnapshot(ctx, func(ctx context.Context, snapshot string, c backup.Contents) error {
		m.Contents, m.Checks = c, backup.Checks{Integrity: backup.CheckByServer, ForeignKeys: backup.CheckByServer}
		return pgtool.Dump(ctx, s.Store.Address(), snapshot, path)
	})
	if err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	m.Payload.Name = backup.PayloadPostgres
	return nil
}
