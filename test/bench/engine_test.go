package bench

import (
	"net"
	"os"
	"slices"
	"testing"
	"time"

	"gerai/internal/testenv"
)

// engine is a database to measure on.
type engine struct {
	name   string
	shared bool // PostgreSQL and Redis, otherwise a file
}

func engines(testing.TB) []engine {
	out := []engine{{name: "SQLite"}}
	if os.Getenv("GERAI_TEST_POSTGRES") != "" && os.Getenv("GERAI_TEST_REDIS") != "" {
		out = append(out, engine{"PostgreSQL + Redis", true})
	}
	return out
}

// database makes an empty one, that goes with the test.
func (e engine) database(t testing.TB) string {
	t.Helper()
	if e.shared {
		return testenv.Postgres(t)
	}
	return "sqlite:" + t.TempDir() + "/past.db"
}

// fresh is a database with a shop of a few orders.
func (e engine) fresh(t testing.TB) string {
	t.Helper()
	database := e.database(t)
	seedInto(t, database, benchKey, smallShop, 40)
	return database
}

// redis is the URL of a Redis of this test alone, "" where the engine has none.
func (e engine) redis(t testing.TB) string {
	t.Helper()
	if !e.shared {
		return ""
	}
	return testenv.Redis(t)
}

// args are those of a demo on a fresh database.
func (e engine) args(t testing.TB) []string {
	t.Helper()
	if !e.shared {
		return anyPorts
	}
	return append(slices.Clone(anyPorts), "--database", e.database(t), "--redis", e.redis(t))
}

// durable measures what the engine can commit on this machine.
func (e engine) durable(t testing.TB, span time.Duration) durableLimit {
	t.Helper()
	if e.shared {
		return durablePostgres(t, e.database(t), span)
	}
	return durableSQLite(t, span)
}

var anyPorts = []string{"--addr", "127.0.0.1:0", "--sim-addr", "127.0.0.1:0", "--routeros-addr", "127.0.0.1:0", "--log-level", "error"}

func free(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
