package store

import (
	"context"
	"fmt"
	"slices"

	"gerai/internal/backup"
)

// Tables of the engines' own are no part of a database's contents.
const (
	sqlTablesSQLite   = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`
	sqlTablesPostgres = `SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename`
	versions          = "goose_db_version"
)

// Contents counts what the database holds.
func (s *Store) Contents(ctx context.Context) (backup.Contents, error) {
	return contents(ctx, s.db.read, s.db.postgres)
}

func contents(ctx context.Context, q querier, postgres bool) (c backup.Contents, err error) {
	c = backup.Contents{Engine: backup.SQLite, Tables: map[string]int64{}}
	if postgres {
		c.Engine = backup.Postgres
	}
	names, err := tables(ctx, q, postgres)
	if err != nil {
		return c, err
	}
	for _, name := range names {
		if c.Tables[name], err = queryOne(ctx, q, scanInt, `SELECT COUNT(*) FROM "`+name+`"`); err != nil {
			return c, fmt.Errorf("count %s: %w", name, err)
		}
	}
	if _, migrated := c.Tables[versions]; !migrated {
		return c, nil
	}
	if c.Schema, err = queryOne(ctx, q, scanInt, `SELECT COALESCE(MAX(version_id), 0) FROM `+versions+` WHERE is_applied`); err != nil {
		return c, fmt.Errorf("read schema version: %w", err)
	}
	if _, kept := c.Tables["audit_head"]; !kept {
		return c, nil
	}
	c.Audit, err = queryRow(ctx, q, func(r scanner) (h backup.AuditHead, err error) { return h, r.Scan(&h.Seq, &h.Hash) }, ErrNoAuditHead, `SELECT seq, hash FROM audit_head WHERE id = 1`)
	return c, err
}

func tables(ctx context.Context, q querier, postgres bool) ([]string, error) {
	query := sqlTablesSQLite
	if postgres {
		query = sqlTablesPostgres
	}
	names, err := queryAll(ctx, q, scanString, query)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	return names, nil
}

// Examine looks for damage in a copy of the database. Errors: Refused
// "backup.damaged".
func (s *Store) Examine(ctx context.Context) (backup.Checks, error) {
	if s.db.postgres {
		return backup.Checks{Integrity: backup.CheckByServer, ForeignKeys: backup.CheckByServer}, nil
	}
	if err := s.check(ctx, `PRAGMA integrity_check(10)`); err != nil {
		return backup.Checks{}, err
	}
	type orphan struct{ table, parent string }
	orphans, err := queryAll(ctx, s.db.read, func(r scanner) (o orphan, err error) {
		var row, key any
		return o, r.Scan(&o.table, &row, &o.parent, &key)
	}, `PRAGMA foreign_key_check`)
	if err != nil {
		return backup.Checks{}, fmt.Errorf("check foreign keys: %w", err)
	}
	if len(orphans) > 0 {
		return backup.Checks{}, backup.ErrDamaged.With(fmt.Errorf("%d rows point at nothing, the first from %s to %s", len(orphans), orphans[0].table, orphans[0].parent))
	}
	return backup.Checks{Integrity: backup.CheckOK, ForeignKeys: backup.CheckOK}, nil
}

// ExamineAgain looks for damaged pages in a file whose bytes were examined before. It does
// not hold every row against every index, which takes ten times as long. Errors: Refused
// "backup.damaged".
func (s *Store) ExamineAgain(ctx context.Context) error {
	if s.db.postgres {
		return nil
	}
	return s.check(ctx, `PRAGMA quick_check(10)`)
}

func (s *Store) check(ctx context.Context, pragma string) error {
	found, err := queryAll(ctx, s.db.read, scanString, pragma)
	if err != nil {
		return fmt.Errorf("check integrity: %w", err)
	}
	if len(found) != 1 || found[0] != backup.CheckOK {
		return backup.ErrDamaged.With(fmt.Errorf("integrity check: %q", found))
	}
	return nil
}

// ownAccord are tables in which a shop that starts writes, whether it has anything yet or not.
var ownAccord = []string{versions, "settings", "audit_head", "jobs", "alerts", "backup_runs", "backup_files", "processes", "report_days", "report_cells", "report_flows", "report_marks"}

// Vacant reports whether a database holds no shop: no table, or rows only where every
// shop that starts has some.
func (s *Store) Vacant(ctx context.Context) (bool, error) {
	names, err := tables(ctx, s.db.read, s.db.postgres)
	if err != nil {
		return false, err
	}
	for _, name := range names {
		if slices.Contains(ownAccord, name) {
			continue
		}
		n, err := queryOne(ctx, s.db.read, scanInt, `SELECT COUNT(*) FROM (SELECT 1 FROM "`+name+`" LIMIT 1) AS any_row`)
		if err != nil {
			return false, fmt.Errorf("look into %s: %w", name, err)
		}
		if n > 0 {
			return false, nil
		}
	}
	return true, nil
}
