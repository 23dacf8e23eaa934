package runner

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/jobs"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

const longKind jobs.Kind = jobs.BackupRun

// A long try keeps its job over many leases, from every other runner; when the program
// stops, it ends and the job waits.
func TestLongJobs(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		bus := cache.NewMemory(clock.System{})
		var tries atomic.Int32
		began := make(chan struct{}, 9)
		work := func(ctx context.Context, _ jobs.Job) error {
			tries.Add(1)
			began <- struct{}{}
			<-ctx.Done()
			return &jobs.Snooze{After: time.Hour, Err: context.Cause(ctx)}
		}
		run := func() (stop func()) {
			s, err := store.Open(t.Context(), store.Options{Database: f.Database, Keys: f.Keys, Clock: clock.System{}, Beside: true})
			f.Must(err)
			r := New(Options{Store: s, Bus: bus, Topic: "jobs", Clock: clock.System{}, Lease: 300 * time.Millisecond, Poll: 20 * time.Millisecond,
				Handlers: map[jobs.Kind]Handler{longKind: work}, Long: map[jobs.Kind]time.Duration{longKind: time.Minute}})
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan error, 1)
			go func() { ended <- r.Run(ctx) }()
			return func() { cancel(); f.Must(errors.Join(<-ended, s.Close())) }
		}
		f.Write(func(tx *store.Tx) error {
			return tx.Enqueue(t.Context(), jobs.New{Kind: longKind, Queue: jobs.QueueBackup, Subject: "server", DueAt: tx.Now()})
		})
		first, second := run(), run()
		<-began
		<-time.After(1500 * time.Millisecond) // five leases: nothing tells that a job was not tried again
		first()
		second()
		if n := tries.Load(); n != 1 {
			t.Errorf("it was tried %d times", n)
		}
		due, found, err := f.NextDue(t.Context(), time.Now())
		if err != nil || !found || time.Until(due) < 50*time.Minute {
			t.Error(due, found, err)
		}
	})
}

// A try whose job was taken by another worker ends.
func TestLongJobThatIsLost(t *testing.T) {
	f := storetest.Open(t, storetest.SQLite(t))
	ended := make(chan error, 1)
	r := New(Options{Store: f.Store, Clock: f.Clock, Lease: 60 * time.Millisecond, Long: map[jobs.Kind]time.Duration{longKind: time.Minute},
		Handlers: map[jobs.Kind]Handler{longKind: func(ctx context.Context, _ jobs.Job) error {
			f.Clock.Add(time.Second)
			f.Write(func(tx *store.Tx) error {
				_, _, err := tx.LeaseJob(ctx, jobs.QueueBackup, tx.Now(), tx.Now().Add(time.Hour))
				return err
			})
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return nil
		}}})
	f.Write(func(tx *store.Tx) error {
		return tx.Enqueue(t.Context(), jobs.New{Kind: longKind, Queue: jobs.QueueBackup, Subject: "server", DueAt: tx.Now()})
	})
	if _, err := r.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, errLost) {
		t.Error(err)
	}
}
