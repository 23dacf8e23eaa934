package runner

import (
	"context"
	"time"

	"gerai/internal/clock"
	"gerai/internal/jobs"
	"gerai/internal/store"
)

// state is what is known of a queue. The caller holds mu.
func (r *Runner) state(queue string) *queueState {
	q := r.queues[queue]
	if q == nil {
		q = &queueState{}
		r.queues[queue] = q
	}
	return q
}

// room is how many places of a queue are free now. The caller holds mu.
func (r *Runner) room(queue string, q *queueState) int {
	most := r.PerQueue
	if jobs.IsRouterQueue(queue) {
		most = r.PerRouter
	}
	if q.probing || jobs.IsBulkQueue(queue) {
		most = 1
	}
	if clock.Elapsed(r.Clock) < q.blocked {
		return 0
	}
	return max(0, most-q.running)
}

// enter takes a place on the queue if one is free now.
func (r *Runner) enter(queue string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.state(queue)
	if r.room(queue, q) == 0 {
		return false
	}
	q.running++
	return true
}

// leave frees a place and reports whether jobs may wait for it.
func (r *Runner) leave(queue string) (behind bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.queues[queue]
	q.running--
	return q.behind
}

// claim is how many places of a queue are held for jobs to be leased.
type claim struct {
	queue  string
	places int
}

// places takes every free place of the queues that have a job due.
func (r *Runner) places(queues []store.JobQueue, now time.Time) (claims []claim) {
	r.mu.Lock()
	defer r.mu.Unlock()
	due := map[string]bool{}
	for _, x := range queues {
		if x.Due.After(now) {
			continue
		}
		due[x.Name] = true
		q := r.state(x.Name)
		if n := r.room(x.Name, q); n > 0 {
			q.running += n
			claims = append(claims, claim{x.Name, n})
		}
	}
	for name, q := range r.queues {
		q.behind = due[name]
	}
	return claims
}

// giveBack frees the places that found no job: such a queue has no job waiting, unless the
// claim failed.
func (r *Runner) giveBack(claims []claim, leased []jobs.Job, failed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	used := map[string]int{}
	for _, j := range leased {
		used[j.Queue]++
	}
	for _, c := range claims {
		q := r.queues[c.queue]
		q.running -= c.places - used[c.queue]
		q.behind = failed || used[c.queue] >= c.places
	}
}

// reserveUntil has Reserve give places for jobs that end with stop.
func (r *Runner) reserveUntil(stop context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop = stop
}

func (r *Runner) stopReserving() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stop = nil
}

// Reserve holds a place at a queue for a job that is about to be queued. Jobs that wait for
// a place come first, and one that probes a queue that was blocked comes from the queue.
func (r *Runner) Reserve(queue string) (jobs.Place, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop == nil {
		return jobs.Place{}, false
	}
	q := r.state(queue)
	if q.behind || q.probing || jobs.IsBulkQueue(queue) || r.room(queue, q) == 0 {
		q.behind = true // from now on the one that is about to be queued
		return jobs.Place{}, false
	}
	q.running++
	r.work.Add(1)
	stop := r.stop
	return jobs.Place{
		Lease: r.Lease,
		Start: func(j jobs.Job) { go r.begin(stop, j) },
		Release: func() {
			defer r.work.Done()
			if r.leave(queue) {
				r.ring()
			}
		},
	}, true
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
