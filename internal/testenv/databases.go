package testenv

import "testing"

// Databases runs fn on every engine: a fresh SQLite file always, and a fresh
// PostgreSQL database where there is a server.
func Databases(t *testing.T, fn func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, "sqlite:"+t.TempDir()+"/gerai.db") })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}
