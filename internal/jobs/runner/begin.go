package runner

import (
	"context"
	"errors"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs"
	"gerai/internal/priority"
	"gerai/internal/store"
)

// renewWithin bounds the transaction that lengthens the lease of a job before it begins.
const renewWithin = 5 * time.Second

// begin does a job that a transaction has started. Its lease runs since then, and the commit
// may have taken long: where too little of it is left for a try, it is begun again, and a
// job that another worker has by now is left to that one.
func (r *Runner) begin(stop context.Context, j jobs.Job) {
	if err := r.renew(stop, j); err != nil {
		defer r.work.Done()
		r.Log.WarnContext(stop, "job not begun; its lease will run out", "job", j.ID, "kind", j.Kind, "subject", j.Subject, "error", err)
		if r.leave(j.Queue) {
			r.ring()
		}
		return
	}
	r.do(stop, j)
}

// renew lengthens the lease of a job whose commit took longer than what the lease is longer than a try.
func (r *Runner) renew(stop context.Context, j jobs.Job) error {
	now := r.Clock.Now()
	if now.Sub(j.Created) <= (r.Lease-r.Work)/2 {
		return nil
	}
	ctx, cancel := context.WithTimeout(priority.With(context.WithoutCancel(stop), jobs.Priority(j.Queue)), renewWithin)
	defer cancel()
	return r.Store.InTx(ctx, actor.Named("runner"), func(tx *store.Tx) error {
		kept, err := tx.ExtendJob(ctx, j.ID, j.Fence, now.Add(r.Lease))
		if err == nil && !kept {
			err = errors.New("another worker has it")
		}
		return err
	})
}
