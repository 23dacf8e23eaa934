package store

import (
	"context"
	"fmt"
	"time"

	"gerai/internal/actor"
)

// sealOld seals what an older program wrote, once in the life of a database: until it is
// done nothing may be sold. It may be ended at any moment and goes on at the next
// start; replicas that start together share the work.
func (s *Store) sealOld(ctx context.Context) error {
	if done, err := s.sealedAll(ctx); err != nil || done {
		return err
	}
	var n Resealed
	if err := s.withCache(ctx, func() (err error) {
		if n, err = s.reseal(ctx, alone()); err != nil {
			return err
		}
		return s.sealOldPasses(ctx)
	}); err != nil {
		return err
	}
	if n.Total() > 0 {
		s.o.Log.InfoContext(ctx, "what the database must not give away is sealed", "rows", n.Total())
	}
	if err := s.signOldAudit(ctx, n); err != nil {
		return fmt.Errorf("sign the audit trail: %w", err)
	}
	if _, lived, err := queryOptional(ctx, s.q, scanInt, `SELECT 1 FROM orders LIMIT 1`); err != nil {
		return err
	} else if lived {
		s.wipe(ctx)
	}
	return s.noteSealed(ctx)
}

// signOldAudit has a chain of plain hashes be signed from its end on. The first row that
// is signed says so, and with it everything before it.
func (s *Store) signOldAudit(ctx context.Context, n Resealed) error {
	seq, _, err := s.AuditEnd(ctx)
	if err != nil || seq == 0 {
		return err
	}
	return s.InTx(ctx, actor.Server, func(tx *Tx) error {
		tx.beginAudit = true
		tx.Audit("secrets.reseal", "secrets", n.detail())
		return nil
	})
}

// wipeTime bounds how long the engine may take to rewrite its files.
const wipeTime = 30 * time.Minute

// wipe takes what was sealed out of the files, where the engine has kept it: SQLite
// overwrites what it deletes and keeps it in its log, PostgreSQL keeps old rows until
// a table is rewritten. A failure costs only that.
func (s *Store) wipe(ctx context.Context) {
	statements := []string{`PRAGMA wal_checkpoint(TRUNCATE)`}
	if s.db.postgres {
		statements = nil
		for _, table := range sealedTables {
			statements = append(statements, `VACUUM (FULL, ANALYZE) `+table.name)
		}
		statements = append(statements, `VACUUM (FULL, ANALYZE) passes`)
	}
	ctx, cancel := context.WithTimeout(ctx, wipeTime)
	defer cancel()
	for _, statement := range statements {
		if _, err := s.db.write.ExecContext(ctx, statement); err != nil {
			s.o.Log.WarnContext(ctx, "old rows stay in the files of the database", "statement", statement, "error", err)
		}
	}
}
