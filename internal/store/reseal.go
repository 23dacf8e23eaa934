package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
)

// resealRows is how many rows one statement seals. Tests seal fewer.
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

// reseal brings every row under the key in force, in bounded transactions: what is done
// stays done when it is ended in the middle, and the next call goes on.
func (s *Store) reseal(ctx context.Context, p pace) (Resealed, error) {
	n := Resealed{}
	for _, table := range sealedTables {
		if err := s.resealTable(ctx, table, p, n); err != nil {
			return n, fmt.Errorf("seal %s: %w", table.name, err)
		}
	}
	return n, nil
}

func (s *Store) resealTable(ctx context.Context, table sealedTable, p pace, n Resealed) error {
	if _, any, err := queryOptional(ctx, s.q, scanInt, `SELECT 1 FROM `+table.name+` LIMIT 1`); err != nil || !any {
		return err
	}
	told, after, seen := s.o.Clock.Now(), "", 0
	for {
		var part resealedPart
		began := clock.Elapsed(s.o.Clock)
		err := s.InTx(ctx, actor.Server, func(tx *Tx) (err error) {
			part, err = tx.resealParts(ctx, table, after, p.rows)
			return err
		})
		took := clock.Elapsed(s.o.Clock) - began
		if err != nil && ctx.Err() == nil && took >= commitTimeout && p.shorten() {
			continue
		}
		if err != nil {
			return err
		}
		resealed()
		n[table.name] += part.changed
		if seen += part.read; part.read < p.rows {
			return nil
		}
		after = part.last
		p.adapt(took)
		if now := s.o.Clock.Now(); now.Sub(told) > 5*time.Second {
			told = now
			s.o.Log.InfoContext(ctx, "sealing", "table", table.name, "rows", seen)
		}
	}
}

// resealedPart is what one transaction or statement did.
type resealedPart struct {
	read, changed int
	last          string // id of the last row
}

// resealParts seals so many rows after an id.
func (t *Tx) resealParts(ctx context.Context, table sealedTable, after string, rows int) (all resealedPart, err error) {
	all.last = after
	for all.read < rows {
		most := min(resealRows, rows-all.read)
		part, err := t.resealPart(ctx, table, all.last, most)
		if err != nil {
			return all, err
		}
		all.read, all.changed = all.read+part.read, all.changed+part.changed
		if part.read < most {
			break
		}
		all.last = part.last
	}
	return all, nil
}

// sealedRow is a row as it is in the database and as it should be.
type sealedRow struct {
	id  string
	was []*string
	now []*string
}

// resealPart seals the rows after an id, at most so many, with one statement.
func (t *Tx) resealPart(ctx context.Context, table sealedTable, after string, most int) (resealedPart, error) {
	rows, err := queryAll(ctx, t.q, func(row scanner) (sealedRow, error) {
		x := sealedRow{was: make([]*string, len(table.columns))}
		into := []any{&x.id}
		for i := range x.was {
			into = append(into, &x.was[i])
		}
		err := row.Scan(into...)
		x.now = slices.Clone(x.was)
		return x, err
	}, t.rebind(`SELECT `+table.id+`, `+strings.Join(table.columns, ", ")+` FROM `+table.name+` WHERE `+table.id+` > $1 ORDER BY `+table.id+` LIMIT $2 /*pg FOR NO KEY UPDATE pg*/`), after, most)
	if err != nil || len(rows) == 0 {
		return resealedPart{}, err
	}
	var stale []sealedRow
	for _, x := range rows {
		if err := table.fresh(t.sealer, x.id, x.now); err != nil {
			return resealedPart{}, err
		}
		if !slices.EqualFunc(x.was, x.now, equalValue) {
			stale = append(stale, x)
		}
	}
	return resealedPart{len(rows), len(stale), rows[len(rows)-1].id}, t.writeSealed(ctx, table, stale)
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
