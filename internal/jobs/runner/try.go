package runner

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/priority"
	"gerai/internal/store"
)

// outcomeWithin is how long writing down what a try came to may take, the alert of a dead job
// included. It may outlast the lease: the write is fenced, and another worker does the job again.
const outcomeWithin = 5 * time.Second

// run does one try and writes down its outcome, also when ctx has ended. stop ends with the
// program, and a long try with it. done is false where the job goes on later.
func (r *Runner) run(ctx, stop context.Context, j jobs.Job) (done bool) {
	started := time.Now()
	entry := r.start(j)
	j.Lease = jobs.NewLease(func() int64 { return r.fence(entry) })
	var err error
	if limit, long := r.Long[j.Kind]; long {
		err = r.callLong(stop, j, entry, limit)
	} else {
		work, cancel := context.WithTimeout(ctx, r.Work)
		err = r.call(work, j)
		cancel()
	}
	j.Fence = r.end(j.ID, entry)
	outcome, cancel := context.WithTimeout(context.WithoutCancel(ctx), outcomeWithin)
	if j.Lease.Finished() {
		r.finished(outcome, j, err)
	} else {
		r.complete(outcome, j, err)
	}
	cancel()
	if r.Done != nil {
		r.Done(j, time.Since(started), err)
	}
	return err == nil
}

// finished moves a job on that its handler ended in a transaction of its own.
func (r *Runner) finished(ctx context.Context, j jobs.Job, err error) {
	r.free(j.Queue)
	if err != nil {
		r.Log.WarnContext(ctx, "job done, but not what follows it", "job", j.ID, "kind", j.Kind, "subject", j.Subject, "error", err)
	}
}

func (r *Runner) call(ctx context.Context, j jobs.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job %s %s panicked: %v\n%s", j.Kind, j.Subject, p, debug.Stack())
		}
	}()
	h, ok := r.Handlers[j.Kind]
	if !ok {
		return &jobs.Give{Err: fmt.Errorf("no handler for %q", j.Kind)}
	}
	return h(priority.With(ctx, jobs.Priority(j.Queue)), j)
}

// complete moves the job's row on. The write is fenced: if this worker lost its lease,
// the new owner decides.
func (r *Runner) complete(ctx context.Context, j jobs.Job, err error) {
	kept := true
	save := func(fn func(tx *store.Tx) (bool, error)) {
		txErr := r.Store.InTx(ctx, actor.Named("runner"), func(tx *store.Tx) (e error) { kept, e = fn(tx); return e })
		if txErr != nil {
			r.Log.ErrorContext(ctx, "job outcome not saved; its lease will run out", "job", j.ID, "kind", j.Kind, "error", txErr)
		}
	}
	now := r.Clock.Now()
	snooze, isSnooze := jobs.AsSnooze(err)
	switch {
	case err == nil:
		r.free(j.Queue)
		save(func(tx *store.Tx) (bool, error) { return tx.FinishJob(ctx, j) })
	case isSnooze:
		if snooze.BlockQueue {
			r.block(j.Queue, snooze.After)
		}
		again := j
		if snooze.Queue != "" {
			again.Queue = snooze.Queue
		}
		save(func(tx *store.Tx) (bool, error) {
			return tx.RetryJob(ctx, again, now.Add(snooze.After), text(err), false)
		})
	case jobs.IsFinal(err):
		r.free(j.Queue)
		r.Log.WarnContext(ctx, "job given up", "job", j.ID, "kind", j.Kind, "subject", j.Subject, "error", err)
		save(func(tx *store.Tx) (bool, error) { return tx.KillJob(ctx, j, text(err)) })
	case j.Attempts+1 >= r.MaxAttempts:
		save(func(tx *store.Tx) (bool, error) { return tx.KillJob(ctx, j, text(err)) })
		if kept && r.OnDead != nil {
			r.OnDead(ctx, j, err)
		}
	default:
		r.Log.WarnContext(ctx, "job failed, will be tried again", "job", j.ID, "kind", j.Kind, "subject", j.Subject, "attempts", j.Attempts+1, "error", err)
		wait := min(time.Second<<min(j.Attempts, 8), time.Minute)
		save(func(tx *store.Tx) (bool, error) { return tx.RetryJob(ctx, j, now.Add(wait), text(err), true) })
	}
	if !kept {
		r.Log.WarnContext(ctx, "job lost its lease", "job", j.ID, "kind", j.Kind, "subject", j.Subject)
	}
}

// text is the failure kept with the row: the end of a chain, bounded.
func text(err error) string {
	const most = 300
	var g *jobs.Give
	if errors.As(err, &g) {
		err = g.Err
	}
	return fault.Clean(err.Error(), most)
}
