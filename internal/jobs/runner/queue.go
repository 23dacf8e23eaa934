package runner

import (
	"time"

	"gerai/internal/clock"
	"gerai/internal/jobs"
)

// enter takes a place on the queue if one is free now.
func (r *Runner) enter(queue string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queues[queue]
	if q == nil {
		q = &queueState{}
		r.queues[queue] = q
	}
	most := r.PerQueue
	if jobs.IsRouterQueue(queue) {
		most = r.PerRouter
	}
	if q.probing || jobs.IsBulkQueue(queue) {
		most = 1
	}
	if q.running >= most || clock.Elapsed(r.Clock) < q.blocked {
		return false
	}
	q.running++
	return true
}

func (r *Runner) leave(queue string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queues[queue].running--
}

// block holds the whole queue back for a while, measured by the time that
// passes and not by the clock: the other side is away, so no other job of it
// would fare better. Afterwards one job probes before the rest follows.
func (r *Runner) block(queue string, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queues[queue]
	q.probing = true
	q.blocked = max(q.blocked, clock.Elapsed(r.Clock)+wait)
}

// nextFree is how long it takes until the first queue that is held back goes
// on.
func (r *Runner) nextFree() (first time.Duration, any bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := clock.Elapsed(r.Clock)
	for _, q := range r.queues {
		if q.blocked > now && (!any || q.blocked-now < first) {
			first, any = q.blocked-now, true
		}
	}
	return first, any
}

func (r *Runner) free(queue string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queues[queue]
	q.probing, q.blocked = false, 0
}

func (r *Runner) ring() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}
