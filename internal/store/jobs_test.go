package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/voucher"
)

func attempt(o order.Order) order.Attempt {
	return order.Attempt{ID: "a" + string(o.ID), OrderID: o.ID, No: 1, Method: "qris", Amount: o.Total, Reference: string(o.Code) + "-1", Key: "k" + string(o.ID), State: order.Open, GatewayID: "pr-" + string(o.ID), QR: "qr", ExpiresAt: o.ExpiresAt, CreatedAt: o.CreatedAt}
}

func payment(o order.Order) order.Payment {
	return order.Payment{Gateway: "g", Key: string(o.ID), OrderID: o.ID, Amount: o.Total, Currency: "IDR", PaidAt: o.CreatedAt, RecordedAt: o.CreatedAt}
}

func soldVoucher(o order.Order, i int) store.Voucher {
	return store.Voucher{ID: "v" + string(o.ID), OrderID: o.ID, SiteID: "s1", PlanID: "p1", RouterID: fmt.Sprintf("r%d", i%20), Username: o.Username, State: voucher.Sold, SoldAt: o.CreatedAt}
}

func job(o order.Order, now time.Time) jobs.New {
	return jobs.New{Kind: jobs.OrderActivate, Queue: jobs.RouterQueue("r1"), Subject: string(o.ID), DueAt: now}
}

func enqueue(f *storetest.Fixture, subject string, due time.Time) {
	f.Helper()
	f.Write(func(tx *store.Tx) error {
		return tx.Enqueue(ctx, jobs.New{Kind: jobs.OrderActivate, Queue: "q", Subject: subject, DueAt: due})
	})
}

func lease(f *storetest.Fixture, queue string) (j jobs.Job, found bool) {
	f.Helper()
	f.Write(func(tx *store.Tx) (err error) {
		j, found, err = tx.LeaseJob(ctx, queue, f.Clock.Now(), f.Clock.Now().Add(12*time.Second))
		return err
	})
	return j, found
}

func TestAWaitingJobAbsorbsARunningOneDoesNot(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		now := f.Clock.Now()
		enqueue(f, "a", now.Add(time.Minute))
		enqueue(f, "a", now)                // earlier: counts
		enqueue(f, "a", now.Add(time.Hour)) // later: absorbed
		j, found := lease(f, "q")
		if !found || j.Subject != "a" || j.Fence != 1 {
			t.Fatal(j, found)
		}
		if _, found := lease(f, "q"); found {
			t.Fatal("claimed twice")
		}
		enqueue(f, "a", now) // the bell rings while it runs
		if again, found := lease(f, "q"); !found || again.ID == j.ID {
			t.Fatal("the bell was not heard")
		}
		due, err := f.DueQueues(ctx, now)
		if err != nil || len(due) != 0 {
			t.Fatal(due, err)
		}
		if at, found, err := f.NextDue(ctx, now); err != nil || !found || !at.Equal(now.Add(12*time.Second)) {
			t.Fatal(at, found, err)
		}
	})
}

func TestLeasesAndFences(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		enqueue(f, "a", f.Clock.Now())
		dead, _ := lease(f, "q")
		f.Clock.Add(11 * time.Second)
		if _, found := lease(f, "q"); found {
			t.Fatal("taken before the lease ended")
		}
		f.Clock.Add(2 * time.Second)
		alive, found := lease(f, "q")
		if !found || alive.ID != dead.ID || alive.Fence != dead.Fence+1 {
			t.Fatal(alive, found)
		}
		f.Write(func(tx *store.Tx) error {
			for name, write := range map[string]func(jobs.Job) (bool, error){
				"finish": func(j jobs.Job) (bool, error) { return tx.FinishJob(ctx, j) },
				"kill":   func(j jobs.Job) (bool, error) { return tx.KillJob(ctx, j, "x") },
				"retry":  func(j jobs.Job) (bool, error) { return tx.RetryJob(ctx, j, f.Clock.Now(), "x", true) },
			} {
				if done, err := write(dead); done || err != nil {
					t.Errorf("%s by the dead worker: %v %v", name, done, err)
				}
			}
			done, err := tx.RetryJob(ctx, alive, f.Clock.Now().Add(time.Second), "router away", false)
			if !done {
				t.Error("the owner could not")
			}
			return err
		})
		f.Clock.Add(time.Second)
		third, found := lease(f, "q")
		if !found || third.Snoozes != 1 || third.Attempts != 0 {
			t.Fatal(third, found)
		}
		f.Write(func(tx *store.Tx) error {
			done, err := tx.FinishJob(ctx, third)
			if !done {
				t.Error("not finished")
			}
			return err
		})
		f.Clock.Add(25 * time.Hour)
		f.Write(func(tx *store.Tx) error {
			n, err := tx.CleanJobs(ctx, f.Clock.Now().Add(-24*time.Hour), 10)
			if n != 1 {
				t.Errorf("cleaned %d", n)
			}
			return err
		})
	})
}

func TestRetryMeetsAWaitingTwin(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		enqueue(f, "a", f.Clock.Now())
		j, _ := lease(f, "q")
		enqueue(f, "a", f.Clock.Now().Add(time.Hour))
		f.Write(func(tx *store.Tx) error {
			done, err := tx.RetryJob(ctx, j, f.Clock.Now().Add(time.Second), "x", false)
			if !done {
				t.Error("not settled")
			}
			return err
		})
		f.Clock.Add(time.Second)
		if twin, found := lease(f, "q"); !found || twin.ID == j.ID {
			t.Fatal("the twin did not take the earlier time")
		}
		if _, found := lease(f, "q"); found {
			t.Fatal("two jobs for one subject")
		}
	})
}

func TestEachJobIsClaimedOnce(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		const n = 200
		for i := range n {
			enqueue(f, fmt.Sprint(i), f.Clock.Now())
		}
		var mu sync.Mutex
		seen := map[string]int{}
		var all sync.WaitGroup
		for range 16 {
			all.Add(1)
			go func() {
				defer all.Done()
				for {
					j, found := lease(f, "q")
					if !found {
						return
					}
					mu.Lock()
					seen[j.Subject]++
					mu.Unlock()
				}
			}()
		}
		all.Wait()
		if len(seen) != n {
			t.Fatalf("%d of %d", len(seen), n)
		}
		for subject, times := range seen {
			if times != 1 {
				t.Errorf("%s claimed %d times", subject, times)
			}
		}
	})
}

func TestRescueAll(t *testing.T) {
	f := storetest.Open(t, "sqlite:"+t.TempDir()+"/x.db")
	for _, subject := range []string{"a", "b"} {
		enqueue(f, subject, f.Clock.Now())
		lease(f, "q")
	}
	enqueue(f, "b", f.Clock.Now())
	f.Write(func(tx *store.Tx) error { _, err := tx.RescueAll(ctx); return err })
	for range 2 {
		if _, found := lease(f, "q"); !found {
			t.Fatal("not rescued")
		}
	}
	if _, found := lease(f, "q"); found {
		t.Fatal("doubled")
	}
}

// A bell that rang while its job ran starts a second one; both die together.
func TestRescueAllOfTwins(t *testing.T) {
	f := storetest.Open(t, "sqlite:"+t.TempDir()+"/x.db")
	for range 2 {
		enqueue(f, "a", f.Clock.Now())
		lease(f, "q")
	}
	f.Write(func(tx *store.Tx) error { _, err := tx.RescueAll(ctx); return err })
	if _, found := lease(f, "q"); !found {
		t.Fatal("not rescued")
	}
	if _, found := lease(f, "q"); found {
		t.Fatal("doubled")
	}
}

func TestChecksAndEvents(t *testing.T) {
	storetest.ForEach(t, func(t *testing.T, f *storetest.Fixture) {
		o := f.Insert()
		now := f.Clock.Now()
		f.Write(func(tx *store.Tx) error { return tx.SaveOrderAndPoll(ctx, o, now.Add(time.Minute)) })
		f.Write(func(tx *store.Tx) error {
			touched, err := tx.TouchPoll(ctx, o.ID, 7*time.Second)
			if !touched {
				t.Error("not brought forward")
			}
			return err
		})
		for want := range []int{1, 0} {
			f.Write(func(tx *store.Tx) error {
				found, err := tx.PollsDue(ctx, now)
				if err != nil {
					return err
				}
				due, err := tx.LeasePolls(ctx, now, now.Add(30*time.Second), 50)
				if len(due) != 1-want || found != (len(due) > 0) {
					t.Errorf("round %d: %d due, found before: %v", want, len(due), found)
				}
				return err
			})
		}
		f.Write(func(tx *store.Tx) error {
			for i := range 2 {
				fresh, _, err := tx.InsertWebhookEvent(ctx, store.WebhookEvent{Gateway: "g", Key: "k", Body: []byte{0, 255, 1}, State: store.WebhookEventNew, ReceivedAt: now})
				if err != nil || fresh != (i == 0) {
					t.Error(fresh, err)
				}
			}
			for i := range 2 {
				if fresh, err := tx.OpenAlert(ctx, "k", "s", "d"); err != nil || fresh != (i == 0) {
					t.Error(fresh, err)
				}
			}
			return nil
		})
		// What a router said is kept, in whatever code page.
		f.Write(func(tx *store.Tx) error { return tx.RetellAlert(ctx, "k", "s", "1: Kam\xE9ra\x00") })
		if open, err := f.OpenAlerts(ctx); err != nil || len(open) != 1 || open[0].Detail != "1: Kam\uFFFDra" {
			t.Fatal(open, err)
		}
		f.Write(func(tx *store.Tx) error { _, err := tx.CloseAlert(ctx, "k", "s"); return err })
		if open, err := f.OpenAlerts(ctx); err != nil || len(open) != 0 {
			t.Fatal(open, err)
		}
	})
}
