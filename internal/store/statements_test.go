package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
)

// keeping is a pool with one connection and a table of three rows.
func keeping(t *testing.T) *sql.DB {
	t.Helper()
	pool, err := openPool(sqliteDSN(filepath.Join(t.TempDir(), "kept.db"), ""))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	pool.SetMaxOpenConns(1)
	for _, statement := range []string{`CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`, `INSERT INTO things VALUES (1, 'a'), (2, 'b'), (3, 'c')`} {
		if _, err := pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

// kept is how many statements the pool's connection keeps.
func kept(t *testing.T, pool *sql.DB) (n int) {
	t.Helper()
	c, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Raw(func(driver any) error { n = driver.(*conn).kept.Len(); return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

func nameOf(t *testing.T, pool *sql.DB, id int) (name string) {
	t.Helper()
	if err := pool.QueryRowContext(t.Context(), `SELECT name FROM things WHERE id = $1`, id).Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestStatementsAreKept(t *testing.T) {
	pool := keeping(t)
	before := kept(t, pool)
	for id, want := range map[int]string{1: "a", 2: "b", 3: "c"} {
		if got := nameOf(t, pool, id); got != want {
			t.Errorf("%d is %q", id, got)
		}
	}
	if n := kept(t, pool); n != before+1 {
		t.Errorf("%d statements kept, %d before", n, before)
	}
	for change, want := range map[string]int{`CREATE INDEX names ON things (name)`: 2, `ALTER TABLE things ADD COLUMN note TEXT`: 3} {
		was := columnsOf(t, pool)
		if _, err := pool.ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
		if now := columnsOf(t, pool); now != max(was, want) {
			t.Errorf("%d columns after %s", now, change)
		}
	}
}

func columnsOf(t *testing.T, pool *sql.DB) int {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), `SELECT * FROM things`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil || !rows.Next() || rows.Err() != nil {
		t.Fatal(err, rows.Err())
	}
	return len(columns)
}

// The same text runs inside of itself: each has its own rows.
func TestAStatementRunsInsideOfItself(t *testing.T) {
	pool := keeping(t)
	tx, err := pool.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	const all = `SELECT id, name FROM things WHERE id >= $1 ORDER BY id`
	got := ""
	each := func(from int, do func(id int, name string)) {
		rows, err := tx.QueryContext(t.Context(), all, from)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var id int
			var name string
			if err := rows.Scan(&id, &name); err != nil {
				t.Fatal(err)
			}
			do(id, name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	each(1, func(id int, name string) {
		got += name + ":"
		each(id+1, func(_ int, inner string) { got += inner })
		got += " "
	})
	if got != "a:bc b:c c: " {
		t.Errorf("%q", got)
	}
}

// What failed, or was left in the middle, leaves nothing to the next call.
func TestAFailedStatementLeavesNothing(t *testing.T) {
	pool := keeping(t)
	const insert = `INSERT INTO things VALUES ($1, $2)`
	for range 2 {
		if _, err := pool.ExecContext(t.Context(), insert, 1, "again"); err == nil {
			t.Fatal("a second row with the same key")
		}
	}
	if _, err := pool.ExecContext(t.Context(), insert, 4, "d"); err != nil {
		t.Error(err)
	}
	if name := nameOf(t, pool, 4); name != "d" {
		t.Error(name)
	}
	const endless = `WITH RECURSIVE n (i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) SELECT i FROM n`
	ctx, cancel := context.WithCancel(t.Context())
	rows, err := pool.QueryContext(ctx, endless, 1, 1_000_000_000)
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	defer rows.Close()
	cancel()
	for more := true; more; { // until it notices
		more = rows.Next()
	}
	if err := rows.Err(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := rows.Close(); err != nil {
		t.Error(err)
	}
	var n int
	if err := pool.QueryRowContext(t.Context(), endless, 7, 8).Scan(&n); err != nil || n != 7 {
		t.Error(n, err)
	}
}

// However many texts there are, a connection keeps so many and the last ones.
func TestKeptStatementsAreBounded(t *testing.T) {
	pool := keeping(t)
	for i := range 2 * keptStatements {
		var got int
		if err := pool.QueryRowContext(t.Context(), fmt.Sprintf(`SELECT %d + CAST($1 AS BIGINT)`, i), 1).Scan(&got); err != nil || got != i+1 {
			t.Fatal(got, err)
		}
		nameOf(t, pool, 1)
	}
	if n := kept(t, pool); n != keptStatements {
		t.Errorf("%d kept, want %d", n, keptStatements)
	}
	if _, err := pool.ExecContext(t.Context(), `DROP TABLE things`); err != nil {
		t.Error("a kept statement locks its table:", err)
	}
}
