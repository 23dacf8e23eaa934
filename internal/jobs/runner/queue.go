package runner

import (
	"time"

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
	if q.running >= most || r.Clock.Now().Before(q.blocked) {
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

// block holds the whole queue back: the other side is away, so no other job of
// it would fare better. Afterwards one job probes before the rest follows.
func (r *Runner) block(queue string, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queues[queue]
	q.probing = true
	if until.After(q.blocked) {
		q.blocked = until
	}
}

// nextFree is when the first queue that is held back after now goes on.
func (r *Runner) nextFree(now time.Time) (first time.Time, any bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.queues {
		if q.blocked.After(now) && (!any || q.blocked.Before(first)) {
			first, any = q.blocked, true
		}
	}
	return first, any
}

func (r *Runner) free(queue string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queues[queue]
	q.probing, q.blocked = false, time.Time{}
}

func (r *Runner) ring() {
	select {
	case r.bell <- struct{}{}:
	default:
	}
}
