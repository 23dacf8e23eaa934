package runner

import (
	"context"
	"time"

	"gerai/internal/actor"
	"gerai/internal/clock"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

// lookAhead is the pace at which rows are looked for that a clock wrote which
// was set back since.
const lookAhead = time.Second

// pullForward makes due what was scheduled at an instant that is still to come:
// the clock has been set back since, and the row would wait for as long as it
// was ahead. What is not over yet puts itself back with its next try.
func (r *Runner) pullForward(ctx context.Context) error {
	now := r.Clock.Now()
	ahead, err := r.Store.JobsAhead(ctx, now.Add(clock.Skew))
	if err != nil || !ahead {
		return err
	}
	var n int64
	err = r.Store.InTx(ctx, actor.Named("runner"), func(tx *store.Tx) (err error) {
		n, err = tx.PullJobs(ctx, now.Add(clock.Skew))
		return err
	})
	if err == nil {
		r.Log.WarnContext(ctx, "the clock was set back: jobs scheduled ahead of it are due", "jobs", n)
	}
	return err
}

// running is a try under way in this process.
type running struct {
	since time.Time
	fence int64
}

// renews reports whether a claimed job is being done by this process: its lease
// looked over because the clock was set. The try goes on with the new lease.
func (r *Runner) renews(j jobs.Job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := r.active[j.ID]
	if x == nil || time.Since(x.since) > r.Lease {
		return false
	}
	x.fence = j.Fence
	return true
}

func (r *Runner) start(j jobs.Job) *running {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := &running{since: time.Now(), fence: j.Fence}
	r.active[j.ID] = x
	return x
}

// fence is that of the latest lease of a try.
func (r *Runner) fence(x *running) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return x.fence
}

// end forgets a try and returns the fence of its latest lease.
func (r *Runner) end(id string, x *running) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active[id] == x {
		delete(r.active, id)
	}
	return x.fence
}
