package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"gerai/internal/actor"
)

// historyTables are what history is written to, parents first.
var historyTables = []string{"orders", "attempts", "payments", "refunds", "batches", "prints", "vouchers", "events", "alerts"}

// BulkLoad writes a long history in one transaction, part by part, as fast as the
// engine can, and numbers its receipts. Indexes are dropped and created again at the
// end, and a power cut afterwards may lose everything. It is for a database that is
// being generated: no other process can write during the call.
func (s *Store) BulkLoad(ctx context.Context, by actor.Actor, action string, detail map[string]any, zone *time.Location, parts <-chan History) error {
	if err := s.db.turns.take(ctx); err != nil {
		return fmt.Errorf("load history: wait for a turn to write: %w", err)
	}
	defer s.db.turns.release(ctx)
	keys, err := s.sealer(ctx)
	if err != nil {
		return fmt.Errorf("load history: %w", err)
	}
	conn, err := s.db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("load history: %w", err)
	}
	defer conn.Close() //nolint:errcheck // it goes back to the pool
	before, after := s.bulkSettings()
	for _, p := range before {
		if _, err := conn.ExecContext(ctx, p); err != nil {
			return fmt.Errorf("load history: %s: %w", p, err)
		}
	}
	err = s.bulkLoad(ctx, conn, keys, by, action, detail, zone, parts)
	for _, p := range after {
		if _, e := conn.ExecContext(context.WithoutCancel(ctx), p); e != nil {
			err = errors.Join(err, e)
		}
	}
	if err != nil {
		return fmt.Errorf("load history: %w", err)
	}
	return nil
}

// bulkSettings is what makes a connection fast and careless, and careful again.
func (s *Store) bulkSettings() (before, after []string) {
	if s.db.postgres {
		return []string{`SET synchronous_commit = off`, `SET maintenance_work_mem = '256MB'`}, []string{`RESET synchronous_commit`, `RESET maintenance_work_mem`, `ANALYZE`}
	}
	return []string{`PRAGMA synchronous = OFF`, `PRAGMA cache_size = -524288`, `PRAGMA foreign_keys = 0`},
		[]string{`PRAGMA foreign_keys = 1`, `PRAGMA cache_size = -2000`, `PRAGMA synchronous = FULL`, `PRAGMA wal_checkpoint(TRUNCATE)`}
}

func (s *Store) bulkLoad(ctx context.Context, conn *sql.Conn, keys sealer, by actor.Actor, action string, detail map[string]any, zone *time.Location, parts <-chan History) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	t := &Tx{reads: s.readsUnder(tx, keys.keys), tx: tx, s: s, now: s.o.Clock.Now(), actor: by.AuditName, sealer: keys}
	restore, err := t.strip(ctx)
	if err != nil {
		return err
	}
	for h := range parts {
		if s.db.postgres {
			err = copyHistory(ctx, conn, h, keys)
		} else {
			err = t.AddHistory(ctx, h)
		}
		if err != nil {
			return err
		}
	}
	for _, statement := range restore {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	if err := t.numberHistory(ctx, zone); err != nil {
		return err
	}
	t.Audit(action, "shop", detail)
	if err := t.writeAudit(ctx); err != nil {
		return err
	}
	return tx.Commit()
}

// numberHistory gives every paid order of a history its receipt, as if it had
// been issued when the money came: by year, in the order they were paid.
func (t *Tx) numberHistory(ctx context.Context, zone *time.Location) error {
	brand, err := t.Brand(ctx)
	if err != nil {
		return err
	}
	first, paid, err := queryOptional(ctx, t.q, scanUnixMillisOnly, `SELECT paid_ms FROM orders WHERE paid_ms IS NOT NULL ORDER BY paid_ms LIMIT 1`)
	if err != nil || !paid {
		return err
	}
	for year := first.In(zone).Year(); year <= t.now.In(zone).Year(); year++ {
		const theirs = ` FROM orders o WHERE o.paid_ms >= $1 AND o.paid_ms < $2 AND (o.cancelled_ms IS NULL OR o.forced_ms IS NOT NULL)`
		from, until := at(time.Date(year, 1, 1, 0, 0, 0, 0, zone)), at(time.Date(year+1, 1, 1, 0, 0, 0, 0, zone))
		n, err := queryOne(ctx, t.q, scanInt, `SELECT COUNT(*)`+theirs, from, until)
		if err != nil || n == 0 {
			return err
		}
		if _, err := t.exec(ctx, `INSERT INTO receipt_years (year, last) VALUES ($1, $2)`, year, n); err != nil {
			return fmt.Errorf("number receipts of %d: %w", year, err)
		}
		percent := int64(max(brand.TaxPercent, 0))
		if _, err := t.exec(ctx, `INSERT INTO receipts (order_id, year, no, tax_percent, tax, issued_ms)
			SELECT o.id, CAST($3 AS BIGINT), ROW_NUMBER() OVER (ORDER BY o.paid_ms, o.id), CAST($4 AS BIGINT),
			(2 * o.total * CAST($4 AS BIGINT) + 100 + CAST($4 AS BIGINT)) / (2 * (100 + CAST($4 AS BIGINT))), o.paid_ms`+theirs, from, until, year, percent); err != nil {
			return fmt.Errorf("number receipts of %d: %w", year, err)
		}
	}
	return nil
}

// strip takes away indexes, and what PostgreSQL checks row by row, and returns
// the statements that bring them back.
func (t *Tx) strip(ctx context.Context) (restore []string, err error) {
	var names []any
	marks := make([]string, len(historyTables))
	for i, name := range historyTables {
		names, marks[i] = append(names, name), fmt.Sprintf("$%d", i+1)
	}
	in := strings.Join(marks, ", ")
	query := `SELECT 'DROP INDEX ' || name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (` + in + `)`
	if t.s.db.postgres {
		query = `SELECT 'ALTER TABLE ' || c.relname || ' DROP CONSTRAINT ' || k.conname, 'ALTER TABLE ' || c.relname || ' ADD CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
			FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = current_schema()::regnamespace AND k.contype IN ('f', 'u') AND c.relname IN (` + in + `)
			UNION ALL SELECT 'DROP INDEX ' || i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = current_schema() AND i.tablename IN (` + in + `)
			AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = i.indexname)`
	}
	type pair struct{ drop, make string }
	all, err := queryAll(ctx, t.q, func(r scanner) (pair, error) {
		var p pair
		err := r.Scan(&p.drop, &p.make)
		return p, err
	}, query, names...)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if _, err := t.tx.ExecContext(ctx, p.drop); err != nil {
			return nil, fmt.Errorf("%s: %w", p.drop, err)
		}
		restore = append(restore, p.make)
	}
	return restore, nil
}

// copyHistory sends one part as PostgreSQL takes it fastest, inside the
// transaction that the connection is in.
func copyHistory(ctx context.Context, conn *sql.Conn, h History, keys sealer) error {
	return conn.Raw(func(raw any) error {
		pg, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("%T is no connection to PostgreSQL", raw)
		}
		for _, part := range h.parts(keys) {
			rows, err := part.rows()
			if err != nil {
				return err
			}
			for _, row := range rows {
				for i, v := range row {
					if s, ok := v.(driver.Valuer); ok {
						if row[i], err = s.Value(); err != nil {
							return err
						}
					}
				}
			}
			columns := strings.FieldsFunc(part.columns, func(r rune) bool { return strings.ContainsRune(", \n\t", r) })
			if _, err := pg.Conn().CopyFrom(ctx, pgx.Identifier{part.table}, columns, pgx.CopyFromRows(rows)); err != nil {
				return fmt.Errorf("copy into %s: %w", part.table, err)
			}
		}
		return nil
	})
}
