package httpx

import (
	"context"
	"sync"
	"time"
)

// requestContext is the context of one request. It ends with its deadline, its parent,
// the database where the request needs one, and the answer. The timer and the links for
// that are made when something waits for the end: a page that comes from memory waits for
// nothing, and they would be much of what it costs.
type requestContext struct {
	parent   context.Context
	alive    context.Context // done while the database does not answer; nil: not needed
	deadline time.Time

	mu    sync.Mutex
	full  context.Context // nil until something waits for the end
	stop  func()
	ended bool
}

// Deadline implements context.Context.
func (r *requestContext) Deadline() (time.Time, bool) {
	if at, ok := r.parent.Deadline(); ok && at.Before(r.deadline) {
		return at, true
	}
	return r.deadline, true
}

// Done implements context.Context.
func (r *requestContext) Done() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full == nil {
		full, cancel := context.WithDeadline(r.parent, r.deadline)
		r.full, r.stop = full, cancel
		switch {
		case r.ended:
			cancel()
		case r.alive != nil && r.alive.Done() != nil:
			unlink := context.AfterFunc(r.alive, cancel)
			r.stop = func() {
				unlink()
				cancel()
			}
		}
	}
	return r.full.Done()
}

// Err implements context.Context.
func (r *requestContext) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.full != nil:
		return r.full.Err()
	case r.ended, r.alive != nil && r.alive.Err() != nil:
		return context.Canceled
	case r.parent.Err() != nil:
		return r.parent.Err()
	case !time.Now().Before(r.deadline):
		return context.DeadlineExceeded
	}
	return nil
}

// Value implements context.Context.
func (r *requestContext) Value(key any) any {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full != nil {
		return r.full.Value(key)
	}
	return r.parent.Value(key)
}

// end cancels the context.
func (r *requestContext) end() {
	r.mu.Lock()
	r.ended = true
	stop := r.stop
	r.mu.Unlock()
	if stop != nil {
		stop()
	}
}
