package backups

import (
	"context"
	"errors"
	"fmt"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/fault"
	"gerai/internal/shop/internal/ledger"
	"gerai/internal/store"
)

var (
	errNoRecovery = fault.New(fault.Conflict, "recovery.none")
	// errMoneyOpen: a payment or refund since the backup has no place yet.
	errMoneyOpen = fault.New(fault.Conflict, "recovery.open")
	// errNotRead: the gateway's list has not been read to the restore once.
	errNotRead = fault.New(fault.Conflict, "recovery.unread")
)

// endByRule ends a recovery when all was read and has its place.
func (s *Service) endByRule(ctx context.Context, m backup.Recovery) error {
	_, err := s.change(ctx, actor.Server, m.Since, func(tx *store.Tx, m *backup.Recovery) error {
		if open, err := openRows(ctx, tx, *m); err != nil || open > 0 || !m.AllRead() {
			return err
		}
		return s.end(ctx, tx, m, actor.Server, "")
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
	_, err = s.change(ctx, by, m.Since, func(tx *store.Tx, m *backup.Recovery) error {
		if err := ledger.Confirmed(typed, m.Backup); err != nil {
			return err
		}
		open, err := openRows(ctx, tx, *m)
		switch {
		case err != nil:
			return err
		case open > 0:
			return errMoneyOpen
		case m.ReadTo.Before(m.Since):
			return errNotRead
		}
		return s.end(ctx, tx, m, by, why)
	})
	if errors.Is(err, errOver) {
		return errNoRecovery
	}
	if err != nil {
		return fmt.Errorf("end recovery: %w", err)
	}
	return nil
}

// openRows is how many payments and refunds have no place.
func openRows(ctx context.Context, tx *store.Tx, m backup.Recovery) (n int64, err error) {
	sums, err := tx.RecoverySums(ctx, m.Since)
	for _, x := range sums {
		if x.State == backup.FoundOpen {
			n += x.N
		}
	}
	return n, err
}

func (s *Service) end(ctx context.Context, tx *store.Tx, m *backup.Recovery, by actor.Actor, why string) error {
	m.EndedAt, m.EndedBy, m.Reason = tx.Now(), by.AuditName, why
	sums, err := tx.RecoverySums(ctx, m.Since)
	if err != nil {
		return err
	}
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
