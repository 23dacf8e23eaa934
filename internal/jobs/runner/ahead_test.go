package runner

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/jobs"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// A clock set back while a job runs ends its lease early; the process that runs
// it goes on with it and does not begin it a second time.
func TestRunningJobOutlivesAClockSetBack(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		ctx := context.Background()
		begun, finish := make(chan struct{}, 2), make(chan struct{})
		r := New(Options{Store: f.Store, Clock: f.Clock, Handlers: map[jobs.Kind]Handler{jobs.OrderActivate: func(context.Context, jobs.Job) error {
			begun <- struct{}{}
			<-finish
			return nil
		}}})
		f.Write(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, jobs.New{Kind: jobs.OrderActivate, Queue: jobs.QueueDefault, Subject: "o", DueAt: f.Clock.Now()})
		})
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(r.dispatch(ctx, f.Clock.Now()))
		<-begun
		f.Clock.Step(-7 * time.Hour)
		f.Clock.Add(time.Second)
		must(r.dispatch(ctx, f.Clock.Now()))
		close(finish)
		r.work.Wait()
		if left, err := f.HasJob(ctx, jobs.OrderActivate, "o"); err != nil || left {
			t.Fatal("the outcome was not kept", err)
		}
		if len(begun) > 0 {
			t.Fatal("begun twice")
		}
	})
}

// Two replicas whose clocks are seven hours apart do each other's work, and no
// job of the one ahead waits for the other's clock.
func TestReplicasWithDifferentClocks(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		ctx := context.Background()
		ahead := clock.NewFixed(f.Clock.Now().Add(7 * time.Hour))
		var done atomic.Int64
		build := func(c clock.Clock) *Runner {
			return New(Options{Store: f.Store, Clock: c, Handlers: map[jobs.Kind]Handler{jobs.OrderActivate: func(context.Context, jobs.Job) error {
				done.Add(1)
				return nil
			}}})
		}
		first, second := build(ahead), build(f.Clock)
		f.Write(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, jobs.New{Kind: jobs.OrderActivate, Queue: jobs.QueueDefault, Subject: "o", DueAt: f.Clock.Now()})
		})
		j, found, err := first.lease(ctx, jobs.QueueDefault) // and dies
		if err != nil || !found {
			t.Fatal(j, err)
		}
		f.Clock.Add(13 * time.Second)
		testenv.Eventually(t, 5*time.Second, func() (bool, string) {
			_, err := second.RunDue(ctx)
			return err == nil && done.Load() == 1, "the job of the replica ahead waits"
		})
	})
}
