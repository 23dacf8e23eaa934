package testenv

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Postgres creates a database for this test alone and returns its postgres://
// URL. The database is dropped when the test and its subtests are over, with
// whatever connections are still open then.
func Postgres(t testing.TB) string {
	t.Helper()
	// template0 cannot have visitors, so creations side by side never wait for each other's.
	return lend(t, "template0")
}

// PostgresLike is Postgres with a database that prepare has filled. It runs
// once in the process, or once in a run of the suite, see Shared; every further
// database is a copy, so that all hand in the same prepare. The template goes
// with the server.
func PostgresLike(t testing.TB, prepare func(database string) error) string {
	t.Helper()
	need(t, envPostgres, "PostgreSQL") // before the once, which a test left out in the middle would use up
	template.once.Do(func() {
		var name []byte
		name, template.err = Shared("postgres-template", func(path string) error {
			name, database := create(t, "template0")
			if err := prepare(database); err != nil {
				return err
			}
			return os.WriteFile(path, []byte(name), 0o600)
		})
		template.name = string(name)
	})
	if template.err != nil || template.name == "" {
		t.Fatalf("the template database was not made: %v", template.err)
	}
	return lend(t, template.name)
}

var template struct {
	once sync.Once
	name string
	err  error
}

// lend creates a copy that is dropped when the test is over.
func lend(t testing.TB, from string) string {
	t.Helper()
	name, database := create(t, from)
	t.Cleanup(func() {
		execute(t, need(t, envPostgres, "PostgreSQL"), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	})
	return database
}

func create(t testing.TB, from string) (name, database string) {
	t.Helper()
	server := need(t, envPostgres, "PostgreSQL")
	u, err := url.Parse(server)
	if err != nil || u.Scheme == "" {
		t.Fatalf("%s is not a postgres:// URL", envPostgres) // without the value: it holds a password
	}
	// Copying files beats PostgreSQL's own default, which logs every block of the template.
	name = "gerai_test_" + strings.ToLower(rand.Text())
	execute(t, server, "CREATE DATABASE "+name+" TEMPLATE "+from+" STRATEGY file_copy")
	u.Path = "/" + name
	return name, u.String()
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
