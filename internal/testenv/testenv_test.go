package testenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

// pretend is a test whose verdict is read by another test.
type pretend struct {
	testing.TB
	verdict  string // "", "skip: ..." or "fail: ..."
	cleanups []func()
}

func (p *pretend) Helper()          {}
func (p *pretend) Cleanup(f func()) { p.cleanups = append(p.cleanups, f) }
func (p *pretend) Errorf(format string, args ...any) {
	p.verdict = "fail: " + fmt.Sprintf(format, args...)
}
func (p *pretend) Fatalf(format string, args ...any) { p.Errorf(format, args...); runtime.Goexit() }
func (p *pretend) Skipf(format string, args ...any) {
	p.verdict = "skip: " + fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// verdict runs a test and its cleanups, and says how it ended.
func verdict(t *testing.T, test func(testing.TB)) string {
	t.Helper()
	p := &pretend{TB: t}
	over := make(chan struct{})
	go func() {
		defer close(over)
		defer func() {
			for _, f := range p.cleanups {
				f()
			}
		}()
		test(p)
	}()
	<-over
	return p.verdict
}

func TestMissingWorld(t *testing.T) {
	lenders := map[string]func(testing.TB) string{envPostgres: Postgres, envRedis: Redis, envChromium: Chromium}
	t.Run("copies, and again", func(t *testing.T) {
		t.Setenv(envPostgres, "")
		t.Setenv(envStrict, "")
		for range 2 {
			got := verdict(t, func(t testing.TB) { PostgresLike(t, func(string) error { return nil }) })
			if !strings.HasPrefix(got, "skip: left out: no ") {
				t.Errorf("without a server: %q, want a skip", got)
			}
		}
	})
	for name, lend := range lenders {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "")
			t.Setenv(envStrict, "")
			if got := verdict(t, func(t testing.TB) { lend(t) }); !strings.HasPrefix(got, "skip: left out: no ") || !strings.Contains(got, name) {
				t.Errorf("without a server: %q, want a skip that names the variable", got)
			}
			t.Setenv(envStrict, "1")
			if got := verdict(t, func(t testing.TB) { lend(t) }); !strings.HasPrefix(got, "fail: no ") || !strings.Contains(got, name) {
				t.Errorf("without a server, strict: %q, want a failure that names the variable", got)
			}
		})
	}
}

func TestBrokenWorld(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "chromium")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, value string
		lend        func(testing.TB) string
	}{
		{envPostgres, "not a url", Postgres},
		{envPostgres, "postgres://127.0.0.1:1/postgres?sslmode=disable", Postgres},
		{envRedis, "http://127.0.0.1", Redis},
		{envRedis, "redis://127.0.0.1:1/0", Redis},
		{envChromium, plain, Chromium},
		{envChromium, filepath.Join(plain, "missing"), Chromium},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			t.Setenv(c.name, c.value)
			t.Setenv(envStrict, "") // what is set and does not work fails in any case
			if got := verdict(t, func(t testing.TB) { c.lend(t) }); !strings.HasPrefix(got, "fail: ") {
				t.Errorf("verdict %q, want a failure", got)
			}
		})
	}
}

func TestChromium(t *testing.T) {
	if path := Chromium(t); path != os.Getenv(envChromium) {
		t.Errorf("Chromium() = %q", path)
	}
}

func TestPostgresIsFreshAndDropped(t *testing.T) {
	server := need(t, envPostgres, "PostgreSQL")
	count := func(names ...string) (n int) {
		t.Helper()
		conn, err := pgx.Connect(t.Context(), server)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if err = conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = ANY($1)", names).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var names []string
	t.Run("two", func(t *testing.T) {
		for range 2 {
			conn, err := pgx.Connect(t.Context(), Postgres(t))
			if err != nil {
				t.Fatal(err)
			}
			// Left open on purpose: dropping must not wait for it.
			t.Cleanup(func() { t.Log("still open:", conn.PgConn().PID()) })
			names = append(names, conn.Config().Database)
			if _, err = conn.Exec(t.Context(), "CREATE TABLE mine (id BIGINT)"); err != nil {
				t.Errorf("the database is not fresh: %v", err)
			}
		}
		if n := count(names...); n != 2 || names[0] == names[1] {
			t.Errorf("%d databases of %v, want two", n, names)
		}
	})
	if n := count(names...); n != 0 {
		t.Errorf("%d databases are left of %v", n, names)
	}
}

func TestRedisIsFreshAndFreed(t *testing.T) {
	server := need(t, envRedis, "Redis")
	open := func(t *testing.T, u string) *redis.Client {
		t.Helper()
		o, err := redis.ParseURL(u)
		if err != nil {
			t.Fatal(err)
		}
		c := redis.NewClient(o)
		t.Cleanup(func() { c.Close() })
		return c
	}
	var claims []string
	var owners []any // another test may claim the same numbers right after this one
	t.Run("two", func(t *testing.T) {
		for range 2 {
			u := Redis(t)
			c := open(t, u)
			if n, err := c.DBSize(t.Context()).Result(); err != nil || n != 0 {
				t.Errorf("database %s is not fresh: %d keys, %v", u, n, err)
			}
			if err := c.Set(t.Context(), "mine", "1", time.Minute).Err(); err != nil {
				t.Error(err)
			}
			key := reservationKey(c.Options().DB)
			owner, err := open(t, server).Get(t.Context(), key).Result()
			if err != nil {
				t.Errorf("%s is not claimed: %v", key, err)
			}
			claims, owners = append(claims, key), append(owners, owner)
		}
		if claims[0] == claims[1] || claims[0] == reservationKey(0) || claims[1] == reservationKey(0) {
			t.Errorf("databases are shared: %v", claims)
		}
	})
	claimed, err := open(t, server).MGet(t.Context(), claims...).Result()
	if err != nil {
		t.Fatal(err)
	}
	for i, owner := range claimed {
		if owner == owners[i] {
			t.Errorf("%s is still claimed", claims[i])
		}
	}
}

func TestEventually(t *testing.T) {
	calls := 0
	Eventually(t, time.Minute, func() (bool, string) { calls++; return calls == 4, "not yet" })
	if calls != 4 {
		t.Errorf("%d calls, want 4", calls)
	}
	got := verdict(t, func(t testing.TB) {
		Eventually(t, 20*time.Millisecond, func() (bool, string) { return false, "the order is pending" })
	})
	if got != "fail: not within 20ms: the order is pending" {
		t.Errorf("verdict %q", got)
	}
}
