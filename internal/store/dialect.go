package store

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// pgOnly turns the words inside /*pg … pg*/ into SQL on PostgreSQL; SQLite sees
// a comment. There are two uses. Locks on rows: SQLite has one writer at a time,
// and claimers on PostgreSQL would wait for each other and then find nothing.
// And the type of a text that is JSON, which SQLite does not ask for.
var pgOnly = strings.NewReplacer("/*pg ", "", " pg*/", "")

func (d *db) rebind(query string) string {
	if d.postgres {
		return pgOnly.Replace(query)
	}
	return query
}

// unixMillis keeps an instant as BIGINT UTC milliseconds, the zero time as NULL: the
// only form that compares and sorts alike on both engines.
type unixMillis struct{ time.Time }

// Value implements driver.Valuer.
func (s unixMillis) Value() (driver.Value, error) {
	if s.IsZero() {
		return nil, nil
	}
	return s.UnixMilli(), nil
}

// Scan implements sql.Scanner.
func (s *unixMillis) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		s.Time = time.Time{}
	case int64:
		s.Time = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("store: %T is no instant", v)
	}
	return nil
}

func at(t time.Time) unixMillis { return unixMillis{t} }

func ms(d time.Duration) int64 { return d.Milliseconds() }

// span is the duration that ms stored.
func span(stored int64) time.Duration { return time.Duration(stored) * time.Millisecond }

var _ sql.Scanner = (*unixMillis)(nil)

// itemNumber reads one number of a snapshot; 0 where there is no snapshot. Both
// engines read JSON alike once PostgreSQL is told that the text is JSON.
func itemNumber(item, field string) string {
	return `COALESCE(CAST(/*pg CAST( pg*/` + item + `/*pg  AS json) pg*/ ->> '` + field + `' AS BIGINT), 0)`
}

func itemText(item, field string) string {
	return `COALESCE(/*pg CAST( pg*/` + item + `/*pg  AS json) pg*/ ->> '` + field + `', '')`
}

func scanUnixMillis(r scanner) (unixMillis, error) {
	var s unixMillis
	err := r.Scan(&s)
	return s, err
}

func scanUnixMillisOnly(r scanner) (time.Time, error) {
	var s unixMillis
	err := r.Scan(&s)
	return s.Time, err
}
