package runner

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/cache"
	"gerai/internal/jobs"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// started is a runner whose loop runs, and what its handler is given.
type started struct {
	*Runner
	f     *storetest.Fixture
	tries chan jobs.Job
	goOn  chan error
}

func start(t *testing.T, f *storetest.Fixture) started {
	s := started{f: f, tries: make(chan jobs.Job, 99), goOn: make(chan error)}
	s.Runner = New(Options{Store: f.Store, Clock: f.Clock, Bus: cache.NewMemory(f.Clock), Topic: "jobs", PerRouter: 1, Poll: time.Hour,
		Handlers: map[jobs.Kind]Handler{jobs.OrderActivate: func(_ context.Context, j jobs.Job) error {
			s.tries <- j
			return <-s.goOn
		}}})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() { cancel(); close(s.goOn); f.Must(<-ended) })
	testenv.Eventually(t, time.Minute, func() (bool, string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.stop != nil, "it does not run"
	})
	return s
}

var queue = jobs.RouterQueue("r1")

func due(f *storetest.Fixture, subject string) jobs.New {
	return jobs.New{Kind: jobs.OrderActivate, Queue: queue, Subject: subject, DueAt: f.Clock.Now()}
}

// queue queues a job as the ledger does; failed has the transaction roll back.
func (s started) queue(subject string, failed error) (direct bool) {
	s.f.Helper()
	err := s.f.InTx(context.Background(), actor.Named("test"), func(tx *store.Tx) error {
		place, free := s.Reserve(queue)
		if !free {
			return errors.Join(tx.Enqueue(context.Background(), due(s.f, subject)), failed)
		}
		j, fresh, err := tx.StartJob(context.Background(), due(s.f, subject), tx.Now().Add(place.Lease))
		if !fresh {
			place.Release()
			return err
		}
		direct = true
		tx.AfterRollback(place.Release)
		tx.AfterCommit(func() { place.Start(j) })
		return failed
	})
	if !errors.Is(err, failed) {
		s.f.Fatal(err)
	}
	return direct
}

func (s started) next() jobs.Job {
	s.f.Helper()
	select {
	case j := <-s.tries:
		return j
	case <-time.After(time.Minute):
		s.f.Fatal("no job begins")
	}
	return jobs.Job{}
}

func (s started) left(subject string) bool {
	left, err := s.f.HasJob(context.Background(), jobs.OrderActivate, subject)
	s.f.Must(err)
	return left
}

// A job that finds a place free begins without a claim; one that finds none waits, and those
// that wait come before those that come later.
func TestJobsBeginWithoutAClaim(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		s := start(t, f)
		if s.queue("undone", errors.New("no")); s.left("undone") {
			t.Fatal("the job of a transaction that was rolled back is there")
		}
		if !s.queue("a", nil) {
			t.Fatal("the place of a transaction that was rolled back is not free")
		}
		if j := s.next(); j.Subject != "a" || j.Fence != 1 || j.Queue != queue {
			t.Fatalf("%+v", j)
		}
		if s.queue("b", nil) || s.queue("c", nil) {
			t.Fatal("more places than there are")
		}
		f.Clock.Add(time.Second)
		s.ring()
		s.goOn <- nil
		if j := s.next(); j.Subject != "b" {
			t.Fatalf("%+v", j)
		}
		if s.queue("d", nil) {
			t.Fatal("a later job goes before one that waits")
		}
		for _, want := range []string{"c", "d"} {
			s.goOn <- nil
			if j := s.next(); j.Subject != want {
				t.Fatalf("%+v, want %s", j, want)
			}
		}
		s.goOn <- nil
		testenv.Eventually(t, time.Minute, func() (bool, string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.queues[queue].running == 0 && !s.queues[queue].behind, "no place becomes free"
		})
		if !s.queue("e", nil) || s.next().Subject != "e" {
			t.Fatal("the free place is not taken")
		}
		s.goOn <- nil
		testenv.Eventually(t, time.Minute, func() (bool, string) {
			return !s.left("a") && !s.left("b") && !s.left("c") && !s.left("d") && !s.left("e"), "a job is left"
		})
	})
}

// A worker that dies after the commit that gave it a job loses it like any other: another
// one has it when the lease is over.
func TestAJobBegunWithoutAClaimIsLeased(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		s := start(t, f)
		s.queue("a", nil)
		first := s.next()
		var again jobs.Job
		take := func() (found bool) {
			f.Write(func(tx *store.Tx) (err error) {
				again, found, err = tx.LeaseJob(t.Context(), queue, tx.Now(), tx.Now().Add(s.Lease))
				return err
			})
			return found
		}
		f.Clock.Add(s.Lease - time.Second)
		if take() {
			t.Fatal("taken before its lease is over")
		}
		f.Clock.Add(2 * time.Second)
		if !take() || again.ID != first.ID || again.Fence != 2 {
			t.Fatalf("%+v", again)
		}
		s.goOn <- nil
		testenv.Eventually(t, time.Minute, func() (bool, string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.queues[queue].running == 0, "the try does not end"
		})
		if !s.left("a") {
			t.Fatal("a worker that lost its lease ended the job")
		}
	})
}

// The lease of a job that a transaction started counts from the commit, however long that
// took; a job that another worker took in that time is left to it.
func TestTheLeaseOfAStartedJobCountsFromItsCommit(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		s := start(t, f)
		take := func() (found bool) {
			f.Write(func(tx *store.Tx) (err error) {
				_, found, err = tx.LeaseJob(t.Context(), queue, tx.Now(), tx.Now().Add(s.Lease))
				return err
			})
			return found
		}
		queued := func(subject string, meanwhile func()) {
			f.Write(func(tx *store.Tx) error {
				place, free := s.Reserve(queue)
				if !free {
					t.Fatal("no place is free")
				}
				j, _, err := tx.StartJob(t.Context(), due(f, subject), tx.Now().Add(place.Lease))
				tx.AfterCommit(func() { meanwhile(); place.Start(j) })
				return err
			})
		}
		queued("slow", func() { f.Clock.Add(s.Lease - time.Second) })
		s.next()
		f.Clock.Add(s.Lease - time.Second)
		if take() {
			t.Error("its lease was over before the try could be")
		}
		s.goOn <- nil
		testenv.Eventually(t, time.Minute, func() (bool, string) { return !s.left("slow"), "it is not done" })
		free := func() (bool, string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.queues[queue].running == 0, "its place is not free"
		}
		testenv.Eventually(t, time.Minute, free)
		queued("taken", func() {
			f.Clock.Add(s.Lease + time.Second)
			if !take() {
				t.Error("a lease that is over holds the job")
			}
		})
		testenv.Eventually(t, time.Minute, free)
		select {
		case j := <-s.tries:
			t.Errorf("begun although another worker has it: %+v", j)
		default:
		}
	})
}

// A use case ends its job in its own transaction, unless the lease was lost.
func TestAJobEndsWithItsWork(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		lost, broken := false, error(nil)
		commits := 0
		r := New(Options{Store: f.Store, Clock: f.Clock, Handlers: map[jobs.Kind]Handler{jobs.OrderActivate: func(ctx context.Context, j jobs.Job) error {
			if lost {
				f.Clock.Add(time.Hour)
				f.Write(func(tx *store.Tx) error {
					_, _, err := tx.LeaseJob(ctx, queue, tx.Now(), tx.Now().Add(time.Minute))
					return err
				})
			}
			f.Write(func(tx *store.Tx) error {
				commits++
				j.Fence = j.Lease.Fence()
				kept, err := tx.FinishJob(ctx, j)
				if kept {
					tx.AfterCommit(j.Lease.Finish)
				}
				return err
			})
			return broken
		}}})
		for i, c := range []struct {
			lost   bool
			broken error
		}{{}, {broken: errors.New("after the work")}, {lost: true}} {
			lost, broken = c.lost, c.broken
			subject := fmt.Sprint(i)
			f.Write(func(tx *store.Tx) error { return tx.Enqueue(t.Context(), due(f, subject)) })
			if _, err := r.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			lines, err := f.JobsOf(t.Context(), subject)
			f.Must(err)
			want := "done"
			if c.lost {
				want = "running" // the one that has it now
			}
			if len(lines) != 1 || lines[0].State != want || lines[0].Attempts != 0 {
				t.Errorf("%d: %+v, want %s", i, lines, want)
			}
		}
	})
}
