// Package testenv gives tests the servers they need: a fresh PostgreSQL database, a Redis, a browser.
// Nothing that the product runs may live here.
// Tests of every room call it; the script that runs all tests sets the variables it reads.
package testenv

import (
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"net/url"
	"os"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // creates and drops the databases
)

// missing skips a test, or fails it where everything must be proven.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("GERAI_TEST_STRICT") == "1" {
		t.Fatal("missing: " + what)
	}
	t.Skip("left out: " + what)
}

// Postgres returns the URL of a fresh, empty database on the server that
// GERAI_TEST_POSTGRES names. It is dropped when the test ends.
func Postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("GERAI_TEST_POSTGRES")
	if server == "" {
		missing(t, "no PostgreSQL (GERAI_TEST_POSTGRES)")
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, 8)
	rand.Read(raw)
	name := "gerai_" + hex.EncodeToString(raw)
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatalf("create test database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	u.Path = "/" + name
	return u.String()
}

// Databases are the engines a test runs on: a fresh SQLite file always, and a
// fresh PostgreSQL database where there is a server.
func Databases(t *testing.T, fn func(t *testing.T, database string)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, "sqlite:"+t.TempDir()+"/gerai.db") })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// Redis returns the URL of a Redis server. Tests share it: keep to a prefix of
// your own.
func Redis(t testing.TB) string {
	t.Helper()
	u := os.Getenv("GERAI_TEST_REDIS")
	if u == "" {
		missing(t, "no Redis (GERAI_TEST_REDIS)")
	}
	return u
}

// Chromium returns the path of a browser.
func Chromium(t testing.TB) string {
	t.Helper()
	path := os.Getenv("GERAI_TEST_CHROMIUM")
	if path == "" {
		missing(t, "no browser (GERAI_TEST_CHROMIUM)")
	}
	return path
}

// Eventually asks again and again until done, and fails with the last reason
// after limit. It is for waiting on other processes; inside one process wait
// for a signal instead.
func Eventually(t testing.TB, limit time.Duration, ask func() (done bool, why string)) {
	t.Helper()
	deadline := time.After(limit)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		done, why := ask()
		if done {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("not within %s: %s", limit, why)
		case <-tick.C:
		}
	}
}
