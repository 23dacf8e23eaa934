package orders_test

import (
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/jobs/runner"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

func TestTimeFaults(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "F40 F41 F59 a crash after any commit: another worker goes on", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			// Each worker claims one job, does half of nothing and dies.
			for range 6 {
				k.LeaseAndDie()
				k.Clock.Add(13 * time.Second)
			}
			k.Advance(15 * time.Second)
			k.Want(o, order.Activated)
		}},
		{Name: "F57 two workers, one effect", Test: func(t *testing.T, k *shoptest.Harness) {
			var all []order.Order
			for range 20 {
				o := k.BuyOne()
				k.Pay(o)
				all = append(all, o)
			}
			second := k.NewRunner()
			var both sync.WaitGroup
			for _, r := range []*runner.Runner{k.Runner, second} {
				both.Add(1)
				go func() {
					defer both.Done()
					if _, err := r.RunDue(ctx); err != nil {
						t.Error(err)
					}
				}()
			}
			both.Wait()
			k.RunAll()
			for _, o := range all {
				k.Want(o, order.Activated)
				if n := k.AuditCount(o, "order.activate"); n != 1 {
					t.Fatalf("activated %d times", n)
				}
			}
		}},
		{Name: "F58 a worker that stalls past its lease cannot finish the job", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Pay(o)
			stalled := k.LeaseAndDie()
			k.Clock.Add(13 * time.Second)
			k.RunAll()
			k.Want(o, order.Activated)
			err := k.Store.InTx(ctx, actor.Named("stalled"), func(tx *store.Tx) error {
				done, err := tx.FinishJob(ctx, stalled)
				if done {
					t.Error("a lost lease finished a job")
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}},
		{Name: "F61 the clock jumps back and forth", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.BuyOne()
			k.Advance(25 * time.Minute)
			k.Clock.Add(-10 * time.Minute)
			k.Advance(time.Minute)
			k.Want(o, order.Pending)
			k.Clock.Add(20 * time.Minute)
			k.Advance(time.Minute)
			k.Want(o, order.Expired)
			k.Clock.Add(-20 * time.Minute)
			k.Advance(time.Minute)
			k.Want(o, order.Expired)
			k.Pay(o)
			k.Advance(20 * time.Second)
			k.Want(o, order.Activated)
		}},
		{Name: "F61 year's end and leap day", Test: func(t *testing.T, k *shoptest.Harness) {
			for _, day := range []time.Time{time.Date(2026, 12, 31, 16, 59, 30, 0, time.UTC), time.Date(2028, 2, 28, 16, 59, 30, 0, time.UTC)} {
				k.Clock.Set(day)
				o := k.Buy("bulanan", "va:BNI")
				k.Advance(time.Minute)
				k.Pay(o)
				k.RunAll()
				now := k.Want(o, order.Activated)
				if !now.ValidUntil.Equal(now.ActivatedAt.Add(720 * time.Hour)) {
					t.Fatal(now.ValidUntil)
				}
			}
		}},
	})
}

// F56: whatever the interleaving of the expiry sweep and the payment, money
// wins.
func TestF56ExpiryAndPaymentAtOnce(t *testing.T) {
	t.Parallel()
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		const rounds = 100
		for range rounds {
			o := k.BuyOne()
			k.Clock.Add(32*time.Minute + 500*time.Millisecond)
			var both sync.WaitGroup
			both.Add(2)
			go func() {
				defer both.Done()
				if err := k.Shop.SweepAll(ctx); err != nil {
					t.Error(err)
				}
			}()
			go func() {
				defer both.Done()
				k.Pay(o)
				if _, err := k.Shop.Orders.Reconcile(ctx, o.ID, ""); err != nil {
					t.Error(err)
				}
			}()
			both.Wait()
			k.RunAll()
			if now := k.Order(o); now.Status != order.Activated {
				t.Fatalf("%s %v", now.Status, now.Flags)
			}
		}
		k.Invariants()
	})
}
