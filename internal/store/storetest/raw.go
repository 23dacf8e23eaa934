package storetest

import (
	"database/sql"
	"strings"
	"testing"
)

// Raw runs a statement on a SQLite database beside the program, for rows that
// the program of today would not write.
func Raw(t testing.TB, database, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(database, "sqlite:")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
