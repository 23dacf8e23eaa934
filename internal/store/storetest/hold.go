package storetest

import (
	"context"
	"strings"
	"sync"
	"testing"
)

// HoldWrites keeps the program from writing orders until release: reads are answered, and
// who writes waits. A test releases them before the program gives up waiting.
func HoldWrites(t testing.TB, database string) (release func()) {
	t.Helper()
	db := raw(t, database)
	one, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begin := `BEGIN; LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE`
	if strings.HasPrefix(database, "sqlite:") {
		begin = `BEGIN IMMEDIATE`
	}
	if _, err := one.ExecContext(t.Context(), begin); err != nil {
		t.Fatal(err)
	}
	release = sync.OnceFunc(func() {
		if _, err := one.ExecContext(context.Background(), `ROLLBACK`); err != nil {
			t.Error(err)
		}
		if err := one.Close(); err != nil {
			t.Error(err)
		}
		closeRaw(t, db)
	})
	t.Cleanup(release)
	return release
}
