package orders_test

import (
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
)

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
