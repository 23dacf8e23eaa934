package runner

import (
	"context"
	"testing"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// A queue that is blocked must not keep the runner polling it.
func TestNextLook(t *testing.T) {
	ctx := context.Background()
	f := storetest.Open(t, "sqlite:"+t.TempDir()+"/x.db")
	r := New(Options{Store: f.Store, Clock: f.Clock, Poll: time.Minute})
	now := f.Clock.Now()
	look := func(name string, want time.Duration) {
		t.Helper()
		if err := r.dispatch(ctx, now); err != nil {
			t.Fatal(err)
		}
		if got := r.nextLook(ctx, now); got != want {
			t.Errorf("%s: looks again after %s, want %s", name, got, want)
		}
	}
	enqueue := func(queue string, after time.Duration) {
		t.Helper()
		f.Write(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, jobs.New{Kind: jobs.OrderActivate, Queue: queue, Subject: queue, DueAt: now.Add(after)})
		})
	}
	look("nothing to do", time.Minute)
	queue := jobs.RouterQueue("away")
	r.enter(queue)
	r.leave(queue)
	enqueue(queue, 0)
	r.block(queue, 8*time.Second)
	look("a router is away", 8*time.Second)
	enqueue(jobs.QueueGateway, 5*time.Second)
	look("work comes before it is back", 5*time.Second)
	r.free(queue)
	for r.enter(queue) { // all places taken, each will ring
	}
	look("a queue is full", 5*time.Second)
}
