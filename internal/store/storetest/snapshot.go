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
	asKept  int64 // the version that is what Keep remembered, 0 for none
	tables  []string
	read    int64                // the version that last is of
	last    map[string]string    // digests by table
	digests map[string]*sql.Stmt // by table
}

// TakeSnapshot starts watching a migrated database as SQLite returns it.
func TakeSnapshot(t testing.TB, database string) *Snapshot {
	t.Helper()
	path := strings.TrimPrefix(database, "sqlite:")
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		t.Fatal(err)
	}
	w := &Snapshot{TB: t, kept: filepath.Join(t.TempDir(), "kept.db"), digests: map[string]*sql.Stmt{}}
	if w.conn, err = db.Conn(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, s := range w.digests {
			_ = s.Close()
		}
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
	now := w.now()
	changed := now != w.version
	w.version = now
	return changed
}

// now is SQLite's own count of what others committed.
func (w *Snapshot) now() (version int64) {
	w.Helper()
	w.query("PRAGMA data_version", func(rows *sql.Rows) error { return rows.Scan(&version) })
	return version
}

// Tables are a digest of every table's rows.
func (w *Snapshot) Tables(except ...string) map[string]string {
	w.Helper()
	if now := w.now(); now != w.read {
		w.read, w.last = now, map[string]string{}
	}
	out := map[string]string{}
	for _, name := range w.tables {
		if slices.Contains(except, name) {
			continue
		}
		if digest, known := w.last[name]; known {
			out[name] = digest
			continue
		}
		var rows int
		var text sql.NullString
		if err := w.digest(name).QueryRowContext(context.Background()).Scan(&rows, &text); err != nil { //nolint:sqlclosecheck // kept for the next snapshot, closed with the connection
			w.Fatal(name, err)
		}
		out[name] = fmt.Sprintf("%d rows %x", rows, sha256.Sum256([]byte(text.String)))
		w.last[name] = out[name]
	}
	return out
}

// digest is the prepared statement that returns a table as one text, every value as SQL
// writes it. SQLite puts it together: under the race detector it is much faster at that
// than what scans values here.
func (w *Snapshot) digest(table string) *sql.Stmt {
	w.Helper()
	if s := w.digests[table]; s != nil {
		return s
	}
	var columns []string
	w.query("SELECT name FROM pragma_table_info('"+table+"') ORDER BY cid", func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		columns = append(columns, "quote("+name+")")
		return err
	})
	s, err := w.conn.PrepareContext(context.Background(), "SELECT COUNT(*), GROUP_CONCAT("+strings.Join(columns, " || ',' || ")+", ';') FROM "+table)
	if err != nil {
		w.Fatal(table, err)
	}
	w.digests[table] = s
	return s
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
	w.asKept = w.now()
}

// Restore brings back what Keep remembered.
func (w *Snapshot) Restore() {
	w.Helper()
	if w.Changed(); w.version == w.asKept {
		return // nothing was committed since
	}
	w.copy(func(c copier) (*sqlite.Backup, error) { return c.NewRestore(w.kept) })
	w.Changed()
	w.asKept, w.read = w.version, 0 // its own writing does not count
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
