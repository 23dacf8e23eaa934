package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gerai/internal/clock"
	"gerai/internal/secret"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

// Databases runs fn on every engine as testenv.Databases does, but with the
// schema there already: each engine migrates once in a package's run, or in a run of
// the whole suite, and is copied from then on.
func Databases(t *testing.T, fn func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// Postgres is a migrated PostgreSQL database for this test alone.
func Postgres(t testing.TB) string {
	t.Helper()
	return testenv.PostgresLike(t, migrate)
}

// SQLite is a migrated SQLite file for this test alone.
func SQLite(t testing.TB) string {
	t.Helper()
	text, err := migratedFile()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "gerai.db")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

var migratedFile = sync.OnceValues(func() ([]byte, error) {
	// Closing writes the log back into the one file.
	return testenv.Shared("schema.db", func(path string) error { return migrate("sqlite:" + path) })
})

func migrate(database string) error {
	keys, err := secret.Parse(secret.Generate())
	if err != nil {
		return err
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{Database: database, Keys: keys, Clock: clock.NewFixed(Start)})
	if err != nil {
		return err
	}
	_, err = s.Migrate(ctx)
	return errors.Join(err, s.Close())
}

// Ready migrates a store unless its database was copied from a migrated one.
func Ready(ctx context.Context, s *store.Store) error {
	current, err := s.Current(ctx)
	if err != nil || current {
		return err
	}
	_, err = s.Migrate(ctx)
	return err
}
