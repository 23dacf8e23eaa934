package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
)

// resealRows is how many rows one transaction seals: a running shop waits for no more. Tests
// seal fewer.
var resealRows = 500

// resealed is told of each transaction that sealed rows, for tests.
var resealed = func() {}

// Resealed counts what was sealed, by table.
type Resealed map[string]int

// Total is all of it.
func (n Resealed) Total() (total int) {
	for _, rows := range n {
		total += rows
	}
	return total
}

func (n Resealed) add(more Resealed) {
	for table, rows := range more {
		n[table] += rows
	}
}

// detail is what the audit trail says of it.
func (n Resealed) detail() map[string]any {
	out := map[string]any{}
	for table, rows := range n {
		if rows > 0 {
			out[table] = rows
		}
	}
	return out
}

// reseal brings every row under the key in force, in small transactions: what is done
// stays done when it is ended in the middle, and the next call goes on.
func (s *Store) reseal(ctx context.Context) (Resealed, error) {
	n := Resealed{}
	for _, table := range sealedTables {
		if err := s.resealTable(ctx, table, n); err != nil {
			return n, fmt.Errorf("seal %s: %w", table.name, err)
		}
	}
	return n, nil
}

func (s *Store) resealTable(ctx context.Context, table sealedTable, n Resealed) error {
	if _, any, err := queryOptional(ctx, s.q, scanInt, `SELECT 1 FROM `+table.name+` LIMIT 1`); err != nil || !any {
		return err
	}
	told, after, seen := s.o.Clock.Now(), "", 0
	for {
		var read, changed int
		err := s.InTx(ctx, actor.Server, func(tx *Tx) (err error) {
			var last string
			if read, changed, last, err = tx.resealPart(ctx, table, after); err == nil && read > 0 {
				after = last
			}
			return err
		})
		if err != nil {
			return err
		}
		resealed()
		n[table.name] += changed
		seen += read
		if read < resealRows {
			return nil
		}
		if now := s.o.Clock.Now(); now.Sub(told) > 5*time.Second {
			told = now
			s.o.Log.InfoContext(ctx, "sealing", "table", table.name, "rows", seen)
		}
	}
}

// sealedRow is a row as it is in the database and as it should be.
type sealedRow struct {
	id  string
	was []*string
	now []*string
}

// resealPart seals the rows after an id, at most resealRows of them.
func (t *Tx) resealPart(ctx context.Context, table sealedTable, after string) (read, changed int, last string, err error) {
	rows, err := queryAll(ctx, t.q, func(row scanner) (sealedRow, error) {
		x := sealedRow{was: make([]*string, len(table.columns))}
		into := []any{&x.id}
		for i := range x.was {
			into = append(into, &x.was[i])
		}
		err := row.Scan(into...)
		x.now = slices.Clone(x.was)
		return x, err
	}, t.rebind(`SELECT `+table.id+`, `+strings.Join(table.columns, ", ")+` FROM `+table.name+` WHERE `+table.id+` > $1 ORDER BY `+table.id+` LIMIT $2 /*pg FOR NO KEY UPDATE pg*/`), after, resealRows)
	if err != nil || len(rows) == 0 {
		return 0, 0, "", err
	}
	var stale []sealedRow
	for _, x := range rows {
		if err := table.fresh(t.sealer, x.id, x.now); err != nil {
			return 0, 0, "", err
		}
		if !slices.EqualFunc(x.was, x.now, equalValue) {
			stale = append(stale, x)
		}
	}
	return len(rows), len(stale), rows[len(rows)-1].id, t.writeSealed(ctx, table, stale)
}

func equalValue(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

// writeSealed writes rows with one statement.
func (t *Tx) writeSealed(ctx context.Context, table sealedTable, rows []sealedRow) error {
	if len(rows) == 0 {
		return nil
	}
	set := make([]string, len(table.columns))
	for i, column := range table.columns {
		set[i] = fmt.Sprintf("%s = v.column%d", column, i+2)
	}
	args := make([]any, 0, len(rows)*(1+len(table.columns)))
	for _, x := range rows {
		args = append(args, x.id)
		for _, v := range x.now {
			args = append(args, v)
		}
	}
	_, err := t.exec(ctx, `UPDATE `+table.name+` SET `+strings.Join(set, ", ")+` FROM (VALUES `+t.tuples(len(rows), 1+len(table.columns))+`) AS v WHERE `+table.name+`.`+table.id+` = v.column1`, args...)
	return err
}
