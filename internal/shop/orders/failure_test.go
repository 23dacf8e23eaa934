package orders_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

// slow is a gateway that answers when the one who asked is gone.
type slow struct {
	payments.Gateway
	gone context.CancelFunc
}

func (s *slow) Create(context.Context, payments.CreateIn) (payments.Charge, error) {
	s.gone()
	return payments.Charge{}, fault.New(fault.Unavailable, "gateway.busy")
}

func (s *slow) Get(context.Context, string) (payments.Charge, error) {
	s.gone()
	return payments.Charge{}, fault.New(fault.Unavailable, "gateway.busy")
}

func TestAFailureIsRecordedAfterItsContextEnded(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a customer who leaves before the charge is made", Test: func(t *testing.T, k *shoptest.Harness) {
			gone, cancel := context.WithCancel(ctx)
			defer cancel()
			k.UseGateway(&slow{k.Gateway, cancel})
			o, err := k.Shop.Orders.Place(gone, k.Form("sehari", "qris"))
			k.Must(err)
			k.UseGateway(k.Gateway)
			a, err := k.Store.Attempt(ctx, o.ID, 1)
			if err != nil || a.Failure != "gateway.busy" {
				t.Errorf("the failure is %q %v", a.Failure, err)
			}
			k.Advance(2 * time.Second)
			if a, err = k.Store.Attempt(ctx, o.ID, 1); err != nil || a.State != order.Open {
				t.Errorf("the background does not go on: the attempt is %s %v", a.State, err)
			}
		}},
		{Name: "a claimed payment that no read confirms until the job's time is over", Test: func(t *testing.T, k *shoptest.Harness) {
			o := k.Buy("sehari", "qris")
			k.Pay(o)
			j := k.LeaseAndDie()
			for claims := false; !claims; {
				ev, err := k.Store.WebhookEvent(ctx, j.Subject)
				k.Must(err)
				if claims = ev.Status == payments.Paid; !claims {
					j = k.LeaseAndDie()
				}
			}
			k.Clock.Add(2 * time.Minute)
			over, cancel := context.WithCancel(ctx)
			defer cancel()
			k.UseGateway(&slow{k.Gateway, cancel})
			err := k.Shop.Orders.ProcessWebhookEvent(over, j)
			if _, waits := jobs.AsSnooze(err); !waits {
				t.Errorf("the message does not wait: %v", err)
			}
			k.WantAlert("gateway_unreadable")
			k.UseGateway(k.Gateway)
		}},
	})
}
