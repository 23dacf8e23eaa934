package store

import (
	"context"
	"strconv"
	"strings"
)

// mostMarks bounds the parameters of one statement; PostgreSQL takes 65,535,
// SQLite 32,766. Few large statements are parsed less often than many small
// ones, very large ones are bound no faster.
const mostMarks = 8000

// bulk writes many rows of one table with few statements.
func (t *Tx) bulk(ctx context.Context, table, columns string, rows [][]any) error {
	for len(rows) > 0 {
		width := len(rows[0])
		part := rows[:min(len(rows), max(1, mostMarks/width))]
		rows = rows[len(part):]
		args := make([]any, 0, len(part)*width)
		for _, r := range part {
			args = append(args, r...)
		}
		if _, err := t.exec(ctx, "INSERT INTO "+table+" ("+columns+") VALUES "+tuples(len(part), width), args...); err != nil {
			return err
		}
	}
	return nil
}

// tuples is "($1, $2), ($3, $4)".
func tuples(rows, width int) string {
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
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteByte(')')
	return b.String()
}
