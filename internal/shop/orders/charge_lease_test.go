package orders_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/payments"
)

// timed is a gateway that notes how long it may take for a creation.
type timed struct {
	payments.Gateway
	given []time.Duration
}

func (g *timed) Create(ctx context.Context, in payments.CreateIn) (payments.Charge, error) {
	end, bounded := ctx.Deadline()
	if !bounded {
		end = time.Now().Add(time.Hour)
	}
	g.given = append(g.given, time.Until(end))
	return g.Gateway.Create(ctx, in)
}

// The first call to the gateway ends before the lease of the attempt, which began before
// the commit: afterwards another caller may ask as well.
func TestTheFirstCallEndsBeforeItsLease(t *testing.T) {
	for name, c := range map[string]struct{ commit, most time.Duration }{
		"at once":                          {0, 1500 * time.Millisecond},
		"a slow commit":                    {1900 * time.Millisecond, 600 * time.Millisecond},
		"a commit that outlasts the lease": {10 * time.Second, 1500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			slow, k := false, (*shoptest.Harness)(nil)
			k = shoptest.New(t, shoptest.Traced(func(what string) {
				if what == store.Commit && slow {
					slow = false
					k.Clock.Add(c.commit)
				}
			}))
			g := &timed{Gateway: k.Gateway}
			k.UseGateway(g)
			slow = true
			o := k.Buy("sehari", "qris")
			if len(g.given) != 1 || g.given[0] > c.most {
				t.Errorf("the gateway was given %v, at most %s is left of the lease", g.given, c.most)
			}
			if a, err := k.Store.Attempt(ctx, o.ID, 1); err != nil || a.State != order.Open {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}
