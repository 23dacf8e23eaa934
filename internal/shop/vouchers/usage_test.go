package vouchers_test

import (
	"testing"
	"time"

	"gerai/internal/admission"
	"gerai/internal/fault"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/testenv"
)

// Who waits for a router to tell what was used gives way to other acts.
func TestUsageIsWaitedForWithoutAPlace(t *testing.T) {
	k := shoptest.New(t)
	v := k.VoucherOf(k.Bought())
	k.Clock.Add(time.Minute)
	k.Routers["pojok"].SetFaults(routerossim.Faults{DelayMS: 2000})
	acts := admission.New(admission.Rule{AtOnce: 1, Waiting: 1, Patience: time.Minute}, fault.New(fault.Unavailable, "test.busy"), k.Clock)
	visit, leave, err := acts.Enter(ctx, "a")
	k.Must(err)
	served := make(chan error, 1)
	go func() {
		_, done, err := acts.Enter(ctx, "b")
		served <- err
		if err == nil {
			done()
		}
	}()
	testenv.Eventually(t, time.Minute, func() (bool, string) { return acts.Numbers().Waiting == 1, "the other act does not wait" })
	k.Shop.Vouchers.UsageOf(visit, v)
	select {
	case err := <-served:
		k.Must(err)
	default:
		t.Error("the other act waits for the router, too")
	}
	leave()
	if n := acts.Numbers(); n.Working != 0 || n.Waiting != 0 {
		t.Errorf("%+v", n)
	}
}
