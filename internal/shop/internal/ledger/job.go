package ledger

import (
	"context"

	"gerai/internal/jobs"
	"gerai/internal/store"
)

// Workers do the jobs of this process.
type Workers interface {
	// Reserve takes a place at a queue, false where none is free or other jobs wait for it.
	Reserve(queue string) (jobs.Place, bool)
}

// Enqueue queues a job. One that is due begins once the transaction commits: where this
// process has a place free, its worker has the job from the start, and none has to claim
// it; otherwise the runners are woken.
func (s *Ledger) Enqueue(ctx context.Context, tx *store.Tx, j jobs.New) error {
	if j.DueAt.After(tx.Now()) {
		return tx.Enqueue(ctx, j)
	}
	if started, err := s.start(ctx, tx, j); started || err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, j); err != nil {
		return err
	}
	tx.AfterCommit(func() { s.wake(j.Queue) })
	return nil
}

func (s *Ledger) start(ctx context.Context, tx *store.Tx, n jobs.New) (bool, error) {
	if s.Workers == nil {
		return false, nil
	}
	place, free := s.Workers.Reserve(n.Queue)
	if !free {
		return false, nil
	}
	j, fresh, err := tx.StartJob(ctx, n, tx.Now().Add(place.Lease))
	if err != nil || !fresh {
		place.Release()
		return false, err
	}
	tx.AfterRollback(place.Release)
	tx.AfterCommit(func() { place.Start(j) })
	return true, nil
}

// Finish ends the job under way in a transaction that ends its work, so that the runner need
// not. A worker that has lost its lease ends nothing: what it writes is kept, and the one that
// has the job now finds it done.
func (s *Ledger) Finish(ctx context.Context, tx *store.Tx, j jobs.Job) error {
	if j.Lease == nil {
		return nil
	}
	j.Fence = j.Lease.Fence()
	kept, err := tx.FinishJob(ctx, j)
	if err == nil && kept {
		tx.AfterCommit(j.Lease.Finish)
	}
	return err
}
