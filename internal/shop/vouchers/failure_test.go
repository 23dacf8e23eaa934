package vouchers_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

// The time of a job, or the customer who asked, is often gone when a router's failure is to be
// written down.
func TestAFailureIsRecordedAfterItsContextEnded(t *testing.T) {
	runRaces(t, []raceRow{
		{"a router that holds an activation until its time is over", func(t *testing.T, k *shoptest.Harness, r *race) {
			o := k.BuyOne()
			k.Pay(o)
			k.Reconcile(o)
			over, cancel := context.WithCancel(ctx)
			defer cancel()
			at(&r.ensure, cancel)
			err := k.Shop.Vouchers.Activate(over, jobs.Job{Kind: jobs.OrderActivate, Subject: string(o.ID)})
			if waits, ok := jobs.AsSnooze(err); !ok || !waits.BlockQueue {
				t.Errorf("the queue of the router does not wait: %v", err)
			}
			states, err := k.Store.RouterStates(ctx)
			k.Must(err)
			for _, s := range states {
				if s.ID == "pojok" && s.Failure == "" {
					t.Error("the router's failure is not recorded")
				}
			}
			k.WantAlert("router_down")
			k.Advance(time.Minute)
			k.Want(o, order.Activated)
		}},
		{"a customer who leaves before a router gives a pass", func(t *testing.T, k *shoptest.Harness, r *race) {
			k.Resell(withPasses)
			o, h := k.BuyOne(), phone(k, 1)
			gone, cancel := context.WithCancel(ctx)
			defer cancel()
			at(&r.pass, cancel)
			if _, err := k.Shop.Vouchers.GrantPass(gone, o.Token, h); !fault.Is(err, fault.Unavailable) {
				t.Error(err)
			}
			if p, found, err := k.Store.Pass(ctx, o.ID); found || err != nil {
				t.Errorf("a pass that was not given counts: %+v %v", p, err)
			}
			k.Advance(time.Minute)
			wantPass(t, k, o, h)
		}},
	})
}
