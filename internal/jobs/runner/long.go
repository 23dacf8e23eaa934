package runner

import (
	"context"
	"errors"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

// errLost ends a long try whose job another worker has taken.
var errLost = errors.New("the lease of the job was lost")

// callLong does a try that may take longer than a lease.
func (r *Runner) callLong(stop context.Context, j jobs.Job, entry *running, limit time.Duration) error {
	bounded, cancel := context.WithTimeout(stop, limit)
	defer cancel()
	work, lose := context.WithCancelCause(bounded)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.extend(work, j, entry, lose)
	}()
	err := r.call(work, j)
	lose(nil)
	<-ended
	return err
}

// extend lengthens the lease until the try ends, and ends the try when it was lost.
func (r *Runner) extend(ctx context.Context, j jobs.Job, entry *running, lose context.CancelCauseFunc) {
	tick := time.NewTicker(r.Lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		kept := false
		err := r.Store.InTx(ctx, actor.Named("runner"), func(tx *store.Tx) (err error) {
			kept, err = tx.ExtendJob(ctx, j.ID, r.prolong(entry), r.Clock.Now().Add(r.Lease))
			return err
		})
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			r.Log.WarnContext(ctx, "lease of a long job not extended", "job", j.ID, "kind", j.Kind, "error", err)
		case !kept:
			lose(errLost)
			return
		}
	}
}

// prolong notes that a try is alive and returns the fence of its latest lease.
func (r *Runner) prolong(entry *running) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	entry.since = time.Now()
	return entry.fence
}
