package storetest

import (
	"database/sql"
	"strings"
	"testing"
)

// Raw runs a statement on a database beside the program, for rows that the program of
// today would not write.
func Raw(t testing.TB, database, statement string) {
	t.Helper()
	db := raw(t, database)
	defer closeRaw(t, db)
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// RawText is what a query on a database beside the program finds in its first row and
// column, "" where it finds none.
func RawText(t testing.TB, database, query string) string {
	t.Helper()
	db := raw(t, database)
	defer closeRaw(t, db)
	var text sql.NullString
	if err := db.QueryRowContext(t.Context(), query).Scan(&text); err != nil && err != sql.ErrNoRows {
		t.Fatal(err)
	}
	return text.String
}

func raw(t testing.TB, database string) *sql.DB {
	t.Helper()
	driver, source := "pgx", database
	if path, isFile := strings.CutPrefix(database, "sqlite:"); isFile {
		driver, source = "sqlite", "file:"+path+"?_pragma=busy_timeout(5000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func closeRaw(t testing.TB, db *sql.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
