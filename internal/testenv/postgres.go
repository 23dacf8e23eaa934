package testenv

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Postgres creates a database for this test alone and returns its postgres://
// URL. The database is dropped when the test and its subtests are over, with
// whatever connections are still open then.
func Postgres(t testing.TB) string {
	t.Helper()
	server := need(t, envPostgres, "PostgreSQL")
	u, err := url.Parse(server)
	if err != nil || u.Scheme == "" {
		t.Fatalf("%s is not a postgres:// URL", envPostgres) // without the value: it holds a password
	}
	name := "gerai_test_" + strings.ToLower(rand.Text())
	// template0 cannot have visitors, so creations side by side never wait for each other's.
	execute(t, server, "CREATE DATABASE "+name+" TEMPLATE template0")
	t.Cleanup(func() { execute(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

// execute runs one statement on a connection of its own. It makes its own
// context because a test's is over before its cleanup.
func execute(t testing.TB, server, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("connect to %s: %v", envPostgres, err)
	}
	defer conn.Close(ctx)
	if _, err = conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
