package store

import (
	"context"
	"strconv"
	"strings"
)

// Parameters of one statement. PostgreSQL takes 65,535 and wants few round
// trips; SQLite has none, and its driver looks up each parameter among all of
// them.
const (
	manyMarks = 8000
	fewMarks  = 192
)

// bulk writes many rows of one table with few statements.
func (t *Tx) bulk(ctx context.Context, table, columns string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	most := fewMarks
	if t.s.db.postgres {
		most = manyMarks
	}
	width := len(rows[0])
	head, size := "INSERT INTO "+table+" ("+columns+") VALUES ", max(1, most/width)
	full := head + t.tuples(size, width)
	args := make([]any, 0, size*width)
	for len(rows) > 0 {
		part := rows[:min(len(rows), size)]
		rows, args = rows[len(part):], args[:0]
		for _, r := range part {
			args = append(args, r...)
		}
		text := full
		if len(part) < size {
			text = head + t.tuples(len(part), width)
		}
		if _, err := t.tx.ExecContext(ctx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// tuples is "($1, $2), ($3, $4)". SQLite's driver compares names of parameters
// letter by letter and marks without a name at once.
func (t *Tx) tuples(rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		if !t.s.db.postgres {
			b.WriteByte('?')
			continue
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteByte(')')
	return b.String()
}
