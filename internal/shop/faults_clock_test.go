package shop_test

import (
	"fmt"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
)

var jumps = []time.Duration{10 * time.Minute, 2 * time.Hour, 7 * time.Hour, 24 * time.Hour, 60 * time.Hour}

// However far the clock was ahead or behind, what waits when it is set right
// goes on within a minute.
func TestClockSetRight(t *testing.T) {
	for _, jump := range jumps {
		for _, sign := range []time.Duration{1, -1} {
			off := sign * jump
			t.Run(fmt.Sprint(off), func(t *testing.T) {
				t.Parallel()
				both(t, func(t *testing.T, k *shoptest.Kit) {
					k.Clock.Add(off)
					k.Routers["pojok"].SetFaults(down)
					a := one(k)
					k.Pay(a)
					k.Advance(20 * time.Second)
					k.Want(a, order.Paid)
					k.Xendit.SetFaults(xenditsim.Faults{DropWebhooks: true})
					b := one(k)
					k.Pay(b)
					k.Settle()
					k.Want(b, order.Pending)
					k.Clock.Add(-off)
					k.Routers["pojok"].SetFaults(routerossim.Faults{})
					c := one(k)
					k.Pay(c)
					k.Advance(time.Minute)
					for _, o := range []order.Order{a, b, c} {
						k.Want(o, order.Activated)
					}
					k.Invariants()
				})
			})
		}
	}
}
