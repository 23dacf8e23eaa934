package backups

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gerai/internal/actor"
	"gerai/internal/backup"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

const (
	alertRecovery = "recovery"
	// aboutRecovery is the subject of the job and of the alert: there is one recovery.
	aboutRecovery = "recovery"
	// markTime bounds the read of the mark where something is about to end.
	markTime = 2 * time.Second
)

// recovering remembers the mark: something that is about to end asks often.
type recovering struct {
	mu    sync.Mutex
	known bool
	mark  backup.Recovery
}

func (r *recovering) keep(m backup.Recovery) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.known, r.mark = true, m
}

func (r *recovering) kept() (m backup.Recovery, known bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mark, r.known
}

// Recovering reports whether nothing may end because the shop was restored and does not
// know yet what was paid for. It holds until the mark was read once; a mark that was read
// is read again by Recover, and none ever appears in a shop that runs.
func (s *Service) Recovering() bool {
	m, known := s.restore.kept()
	if known {
		return m.Stands()
	}
	ctx, cancel := context.WithTimeout(context.Background(), markTime)
	defer cancel()
	m, err := s.LookAtRecovery(ctx)
	return err != nil || m.Stands()
}

// LookAtRecovery reads the mark of the last restore and remembers it; the zero value where
// there was none.
func (s *Service) LookAtRecovery(ctx context.Context) (backup.Recovery, error) {
	m, err := s.Store.LastRecovery(ctx)
	if err == nil {
		s.restore.keep(m)
	}
	return m, err
}

// Recover enqueues the job of a recovery that stands, and opens its alert. Every replica may call it: jobs of one kind and subject are one.
func (s *Service) Recover(ctx context.Context) error {
	if m, known := s.restore.kept(); known && !m.Stands() {
		return nil
	}
	m, err := s.LookAtRecovery(ctx)
	if err != nil || !m.Stands() {
		return err
	}
	if waits, err := s.Store.HasJob(ctx, jobs.RecoveryRun, aboutRecovery); err != nil || waits {
		return err
	}
	err = s.Store.InTx(ctx, actor.Server, func(tx *store.Tx) error {
		if _, err := tx.OpenAlert(ctx, alertRecovery, aboutRecovery, m.Backup); err != nil {
			return err
		}
		return s.ledger.Enqueue(ctx, tx, jobs.New{Kind: jobs.RecoveryRun, Queue: jobs.QueueStatement, Subject: aboutRecovery, DueAt: tx.Now()})
	})
	if err != nil {
		return fmt.Errorf("go on with the recovery: %w", err)
	}
	return nil
}

// errOver: the recovery ended, or the shop was restored once more, while a part was done.
var errOver = errors.New("the recovery is over")

// change edits the mark while it stands. Errors: errOver.
func (s *Service) change(ctx context.Context, by actor.Actor, since time.Time, fn func(tx *store.Tx, m *backup.Recovery) error) (m backup.Recovery, err error) {
	err = s.Store.InTx(ctx, by, func(tx *store.Tx) error {
		if m, err = tx.LockRecovery(ctx); err != nil {
			return err
		}
		if !m.Stands() || !m.Since.Equal(since) {
			return errOver
		}
		if err := fn(tx, &m); err != nil {
			return err
		}
		return tx.PutRecovery(ctx, m)
	})
	if err == nil {
		s.restore.keep(m)
	}
	return m, err
}
