package shop_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
)

// Somebody presses "check" on many free orders: money of others is found all
// the same.
func TestChecksLeaveReadsForMoney(t *testing.T) {
	k := shoptest.New(t, shoptest.With(func(o *shop.Options) {
		limits := *o.Limits
		limits.GatewayReads = cache.Limit{Count: 30, Per: time.Minute}
		o.Limits = &limits
	}))
	ctx := context.Background()
	paid := k.Buy("sehari", "qris")
	refused := 0
	for range 40 {
		switch err := k.Shop.Check(ctx, k.Buy("sehari", "qris").Token); {
		case fault.Is(err, fault.Limited):
			refused++
		case err != nil:
			t.Fatal(err)
		}
	}
	if refused == 0 {
		t.Fatal("nothing was refused")
	}
	k.Pay(paid)
	k.Settle()
	if o := k.Order(paid); o.Status != order.Activated {
		t.Fatalf("the paid order is %s", o.Status)
	}
}
