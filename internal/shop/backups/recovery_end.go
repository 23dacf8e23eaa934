package backups

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

// endByRule ends a recovery when all was read and has its place.
func (s *Service) endByRule(ctx context.Context, m backup.Recovery) error {
	_, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, m *backup.Recovery) error {
		sums, err := tx.RecoverySums(ctx, m.Since)
		if err != nil || openRows(sums) > 0 || !m.AllRead() {
			return err
		}
		return s.end(ctx, tx, m, sums, actor.Server, "")
	})
	return err
}

// EndRecovery ends the recovery before its rule does: a person knows that nothing more is
// to come. typed is the name of the backup. Errors: Invalid at "typed" and "reason",
// Conflict "recovery.none", "recovery.open" while money has no place, "recovery.unread"
// while the gateway's list was not read up to the restore.
func (s *Service) EndRecovery(ctx context.Context, by actor.Actor, typed, reason string) error {
	why, err := ledger.Reason(reason)
	if err != nil {
		return err
	}
	m, err := s.LookAtRecovery(ctx)
	if err != nil {
		return err
	}
	if m.Stands() && ledger.Confirmed(typed, m.Backup) == nil {
		if _, err := s.noteActs(ctx, m); err != nil && !errors.Is(err, errOver) { // what is not listed now is undone
			return fmt.Errorf("end recovery: %w", err)
		}
	}
	_, err = s.change(ctx, by, m.Since, func(tx *store.Tx, m *backup.Recovery) error {
		if err := ledger.Confirmed(typed, m.Backup); err != nil {
			return err
		}
		sums, err := tx.RecoverySums(ctx, m.Since)
		if err != nil {
			return err
		}
		if err := m.MayEnd(openRows(sums)); err != nil {
			return err
		}
		return s.end(ctx, tx, m, sums, by, why)
	})
	if errors.Is(err, errOver) {
		return backup.ErrNoRecovery
	}
	if err != nil {
		return fmt.Errorf("end recovery: %w", err)
	}
	return nil
}

// openRows is how many payments and refunds have no place.
func openRows(sums []store.RecoverySum) (n int64) {
	for _, x := range sums {
		if x.State == backup.FoundOpen && x.Kind != backup.FoundUser { // a user waits for a person, the recovery for money
			n += x.N
		}
	}
	return n
}

func (s *Service) end(ctx context.Context, tx *store.Tx, m *backup.Recovery, sums []store.RecoverySum, by actor.Actor, why string) error {
	m.EndedAt, m.EndedBy, m.Reason = tx.Now(), by.AuditName, why
	detail := map[string]any{"backup": m.Backup, "reason": why}
	for _, x := range sums {
		detail[x.Kind+"_"+x.State] = x.N
	}
	tx.Audit("recovery.end", "backup:"+m.Backup, detail)
	if _, err := tx.CloseAlert(ctx, alertRecovery, aboutRecovery); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.Log.InfoContext(ctx, "recovery ended", "backup", m.Backup, "by", by.AuditName) })
	return nil
}
