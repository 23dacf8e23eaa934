package store

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"gerai/internal/priority"
	"gerai/internal/secret"
	"gerai/internal/voucher"
)

// RawPassword reads a router's password as it lies in the table.
func RawPassword(t *testing.T, s *Store, id string) string {
	t.Helper()
	var sealed string
	if err := s.db.write.QueryRow(`SELECT password_sealed FROM routers WHERE id = $1`, id).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	return sealed
}

// SwapKeys runs an open store under other keys.
func SwapKeys(s *Store, k secret.Keys) {
	s.reads.keys, s.o.Keys = k, k
	s.forgetRing()
}

// Exec runs any statement, as a database client would.
func Exec(t testing.TB, s *Store, statement string, args ...any) {
	t.Helper()
	if _, err := s.db.write.Exec(statement, args...); err != nil {
		t.Fatal(err)
	}
}

// MigrateDown undoes the schema.
func MigrateDown(ctx context.Context, s *Store) error { return s.migrateDown(ctx) }

// MigrateDownTo undoes what came after a version.
func MigrateDownTo(ctx context.Context, s *Store, version int64) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, version)
	return err
}

// Statements are the registered ones: per request, and now and then.
func Statements() (request, background []string) { return perRequest, sometimes }

// Query runs a statement and returns its rows as text.
func Query(t testing.TB, s *Store, query string, args ...any) [][]string {
	t.Helper()
	rows, err := s.db.write.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		cells, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(columns))
		for i, c := range cells {
			line[i] = text(c)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// OrderStatement is the text of a listing.
func OrderStatement(f OrderFilter, site string, ids []string) string {
	query, _ := f.statement(site, ids)
	return query
}

// AuditStatements are the texts of a page of the audit trail.
func AuditStatements(f AuditFilter) (out []string) {
	for _, w := range f.walks() {
		query, _ := f.statement(w, f.floor())
		out = append(out, query)
	}
	return out
}

// Hold runs fn while no other transaction can write.
func Hold(s *Store, fn func()) {
	_ = s.db.turns.take(context.Background()) // it cannot end
	defer s.db.turns.release(context.Background())
	fn()
}

// HoldReaders takes every connection that reads for a level, until release.
func HoldReaders(t *testing.T, s *Store, level priority.Level) (release func()) {
	t.Helper()
	pool := s.db.of(priority.With(t.Context(), level))
	var held []*sql.Conn
	for range pool.Stats().MaxOpenConnections {
		c, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	return func() {
		for _, c := range held {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// VoucherStatement is the text of one walk of a search.
func VoucherStatement(f VoucherFilter, site string, state voucher.State) string {
	query, _ := f.statement(site, state)
	return query
}

// BatchStatement is the text of a listing of batches.
func BatchStatement(site, before string) string {
	query, _ := batchStatement(site, before, 20)
	return query
}

// Text is a statement as its engine gets it.
func Text(s *Store, query string) string { return s.db.rebind(query) }

func text(v any) string {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case string:
		return v
	}
	return ""
}

// MigrateUpTo takes an empty database to a version.
func MigrateUpTo(ctx context.Context, s *Store, version int64) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}

// SealRows has a transaction seal fewer rows.
func SealRows(t *testing.T, n int) {
	rows, most := resealRows, resealMost
	resealRows, resealMost = n, n
	t.Cleanup(func() { resealRows, resealMost = rows, most })
}

// AfterRows calls fn once so many parts were sealed.
func AfterRows(t *testing.T, parts int, fn func()) {
	resealed = func() {
		if parts--; parts == 0 {
			fn()
		}
	}
	t.Cleanup(func() { resealed = func() {} })
}

// ShareFor changes for how long transactions join the one before, 0 for not at all.
func ShareFor(s *Store, d time.Duration) { s.db.sharing = d }

// ExecIn runs any statement in a transaction.
func ExecIn(ctx context.Context, t *Tx, statement string) error {
	_, err := t.exec(ctx, statement)
	return err
}
