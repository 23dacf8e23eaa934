package shop_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/jobs/runner"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
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
			err := k.Store.InTx(ctx, "stalled", func(tx *store.Tx) error {
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

// F17: nothing is acknowledged that is not stored.
func TestF17DatabaseAway(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		o := k.BuyOne()
		k.CloseWebhook()
		k.Pay(o)
		k.RunAll()
		for _, status := range k.Answers() {
			if status < 500 {
				t.Fatalf("answered %d without storing", status)
			}
		}
		k.OpenWebhook()
		k.Advance(time.Minute)
		k.Want(o, order.Activated)
	})
}

func TestClaim(t *testing.T) {
	k := shoptest.New(t)
	o := k.BuyOne()
	claim := k.Shop.Orders.ClaimCode(o.ID)
	token, err := k.Shop.Orders.Claim(ctx, o.Code.Pretty(), claim, "198.51.100.1")
	if err != nil || token != o.Token {
		t.Fatal(token, err)
	}
	wrong := "222222"
	if wrong == claim {
		wrong = "333333"
	}
	_, errWrong := k.Shop.Orders.Claim(ctx, string(o.Code), wrong, "198.51.100.2")
	_, errUnknown := k.Shop.Orders.Claim(ctx, "ZZZZZZZZ", claim, "198.51.100.3")
	if errWrong == nil || errUnknown == nil || errWrong.Error() != errUnknown.Error() {
		t.Fatalf("%v and %v differ", errWrong, errUnknown)
	}
	var limited *fault.Error
	for range 10 {
		_, err = k.Shop.Orders.Claim(ctx, string(o.Code), wrong, "198.51.100.4")
		if errors.As(err, &limited) && limited.Kind == fault.Limited {
			break
		}
	}
	if limited == nil || limited.Kind != fault.Limited {
		t.Fatal("guessing is not limited")
	}
	k.Clock.Add(20 * time.Minute)
	if _, err := k.Shop.Orders.Claim(ctx, string(o.Code), claim, "198.51.100.4"); err != nil {
		t.Fatal("the owner is locked out:", err)
	}
}

// Hundreds of open pages stay under the gateway's budget of reads.
func TestReadBudgetUnderManyPages(t *testing.T) {
	t.Parallel()
	k := shoptest.New(t)
	var tokens []order.Token
	for range 300 {
		tokens = append(tokens, k.BuyOne().Token)
	}
	k.Advance(10 * time.Second)
	before := k.GatewayReads()
	for range 12 { // every page every five seconds, as one without JavaScript asks
		for _, token := range tokens {
			if _, err := k.Shop.Orders.View(ctx, token); err != nil {
				t.Fatal(err)
			}
		}
		k.Advance(5 * time.Second)
	}
	if n := k.GatewayReads() - before; n > 90 {
		t.Fatalf("%d reads in a minute for %d pages", n, len(tokens))
	}
}

// One client that polls many orders cannot spend the budget with which the payments of
// others are found.
func TestReadBudgetUnderManyChecks(t *testing.T) {
	t.Parallel()
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) {
		l := *o.Limits
		l.GatewayReads = cache.Limit{Count: 30, Per: time.Minute}
		o.Limits = &l
	}))
	victim := k.BuyOne()
	var tokens []order.Token
	for range 60 {
		tokens = append(tokens, k.BuyOne().Token)
	}
	k.Clock.Add(10 * time.Second)
	k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
	k.Pay(victim)
	for second := range 60 {
		k.Clock.Add(time.Second)
		for n, token := range tokens {
			if n%6 != second%6 {
				continue
			}
			if err := k.Shop.Orders.PollGateway(ctx, token, "198.51.100.7"); err != nil && !fault.Is(err, fault.Limited) {
				t.Fatal(err)
			}
		}
		if err := k.Shop.SweepAll(ctx); err != nil && !fault.Is(err, fault.Limited) {
			t.Fatal(err)
		}
		k.RunAll()
	}
	k.Want(victim, order.Activated)
}

// However many orders wait, the oldest one is not overlooked.
func TestAlarmLooksAtEveryWaitingOrder(t *testing.T) {
	t.Parallel()
	k := shoptest.New(t)
	o := k.BuyAndPay(shoptest.RouterDown)
	k.Clock.Add(3 * time.Minute)
	err := k.Store.InTx(ctx, "test", func(tx *store.Tx) error {
		for n := range 500 {
			young := k.Order(o)
			young.ID, young.Nonce, young.Username = order.ID(tx.NewID()), k.NextNonce(), fmt.Sprintf("young%d", n)
			young.Code, young.Token = order.Code(fmt.Sprintf("%08d", n)), order.Token(fmt.Sprintf("%040d", n))
			young.CreatedAt, young.ExpiresAt, young.ActivateAt = tx.Now(), tx.Now().Add(time.Hour), tx.Now()
			if err := tx.InsertOrder(ctx, young); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Shop.Watchdog(ctx); err != nil {
		t.Fatal(err)
	}
	k.WantAlert("stuck")
}

func TestDeadJobsRaiseAnAlert(t *testing.T) {
	t.Parallel()
	k := shoptest.New(t)
	err := k.Store.InTx(ctx, "test", func(tx *store.Tx) error {
		return tx.Enqueue(ctx, jobs.New{Kind: jobs.OrderReconcile, Queue: jobs.QueueDefault, Subject: "no-such-order", DueAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 40 {
		k.Advance(30 * time.Second)
	}
	k.WantAlert("job_dead")
}
