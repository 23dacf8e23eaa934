package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"gerai/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema up to date and returns how many steps it took.
// Replicas may call it at once: one works, the others wait. Errors: Config
// "store.newer" when the schema is newer than this program.
func (s *Store) Migrate(ctx context.Context) (int, error) {
	p, err := s.provider()
	if err != nil {
		return 0, err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return 0, fmt.Errorf("read schema version: %w", err)
	}
	if current > target {
		return 0, fault.Wrap(fault.Config, "store.newer", fmt.Errorf("schema %d, program knows %d", current, target))
	}
	if pooled, err := s.Pooled(ctx); err != nil || pooled {
		// The lock that lets one replica migrate belongs to a connection, which a pooler lends out.
		if err == nil && current < target {
			err = fault.Wrap(fault.Config, "store.pooler", errors.New("a transaction pooler such as PgBouncer answers at GERAI_DATABASE, and migrations need one connection: "+
				"run 'gerai migrate' with the address of PostgreSQL itself or with pool_mode = session"))
		}
		if err == nil {
			err = s.sealOld(ctx)
		}
		if err == nil {
			err = s.checkKeys(ctx)
		}
		return 0, err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	if err := s.sealOld(ctx); err != nil {
		return len(done), fmt.Errorf("migrate: %w", err)
	}
	if err := s.checkKeys(ctx); err != nil {
		return len(done), err
	}
	return len(done), nil
}

// Current reports whether the schema is exactly what this program knows.
func (s *Store) Current(ctx context.Context) (bool, error) {
	p, err := s.provider()
	if err != nil {
		return false, err
	}
	current, target, err := p.GetVersions(ctx)
	if err != nil || current != target {
		return false, err
	}
	return s.sealedAll(ctx)
}

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{}
	if s.db.postgres {
		dialect = goose.DialectPostgres
		// Try each second for a minute: replicas start together.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60), lock.WithUnlockTimeout(1, 10))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, s.db.write, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// migrateDown undoes every step, for tests.
func (s *Store) migrateDown(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, 0)
	return err
}

const commitTimeout = 15 * time.Second
