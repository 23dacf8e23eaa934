package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"modernc.org/sqlite"
)

// Snapshot watches a SQLite database from outside: it sees whether anything was
// committed, which tables changed, and can bring an earlier state back.
type Snapshot struct {
	testing.TB
	conn    *sql.Conn
	version int64
	kept    string
	tables  []string
}

// TakeSnapshot starts watching a migrated database as SQLite returns it.
func TakeSnapshot(t testing.TB, database string) *Snapshot {
	t.Helper()
	path := strings.TrimPrefix(database, "sqlite:")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	w := &Snapshot{TB: t, kept: filepath.Join(t.TempDir(), "kept.db")}
	if w.conn, err = db.Conn(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.conn.Close(); err != nil {
			t.Error(err)
		}
		_ = db.Close()
	})
	w.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		w.tables = append(w.tables, name)
		return err
	})
	w.Changed()
	return w
}

// Changed reports whether anything was committed since the last call.
func (w *Snapshot) Changed() bool {
	w.Helper()
	var now int64
	w.query("PRAGMA data_version", func(rows *sql.Rows) error { return rows.Scan(&now) })
	changed := now != w.version
	w.version = now
	return changed
}

// Tables are a digest of every table's rows.
func (w *Snapshot) Tables(except ...string) map[string]string {
	w.Helper()
	out := map[string]string{}
	for _, name := range w.tables {
		if slices.Contains(except, name) {
			continue
		}
		sum, n := sha256.New(), 0
		w.query("SELECT * FROM "+name, func(rows *sql.Rows) error {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			values, into := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			if err := rows.Scan(into...); err != nil {
				return err
			}
			n++
			_, err = fmt.Fprintf(sum, "%q\n", values)
			return err
		})
		out[name] = fmt.Sprintf("%d rows %x", n, sum.Sum(nil)[:6])
	}
	return out
}

// Differ lists the tables that two digests disagree about.
func Differ(before, after map[string]string) (out []string) {
	for name := range before {
		if before[name] != after[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Keep remembers the database as it is now.
func (w *Snapshot) Keep() {
	w.Helper()
	w.copy(func(c copier) (*sqlite.Backup, error) { return c.NewBackup(w.kept) })
}

// Restore brings back what Keep remembered.
func (w *Snapshot) Restore() {
	w.Helper()
	w.copy(func(c copier) (*sqlite.Backup, error) { return c.NewRestore(w.kept) })
	w.Changed()
}

// copier is what the driver's connection can do beyond SQL.
type copier interface {
	NewBackup(to string) (*sqlite.Backup, error)
	NewRestore(from string) (*sqlite.Backup, error)
}

func (w *Snapshot) copy(open func(copier) (*sqlite.Backup, error)) {
	w.Helper()
	err := w.conn.Raw(func(driver any) error {
		b, err := open(driver.(copier))
		if err != nil {
			return err
		}
		if _, err := b.Step(-1); err != nil {
			return err
		}
		return b.Finish()
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *Snapshot) query(text string, row func(*sql.Rows) error) {
	w.Helper()
	rows, err := w.conn.QueryContext(context.Background(), text)
	if err != nil {
		w.Fatal(text, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			w.Fatal(text, err)
		}
	}
	if err := rows.Err(); err != nil {
		w.Fatal(text, err)
	}
}
