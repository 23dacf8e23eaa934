package orders_test

import (
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

const viewLife = time.Second

// A view is kept for a second at most, and no change made in this process is missed.
func TestViewsAreKeptForAMoment(t *testing.T) {
	t.Parallel()
	k := shoptest.New(t)
	o := k.BuyOne()
	status := func() order.Status {
		t.Helper()
		v, err := k.Shop.Orders.View(ctx, o.Token)
		if err != nil || !v.Now.Equal(k.Clock.Now()) {
			t.Fatal(v.Now, err)
		}
		return v.Order.Status
	}
	if got := status(); got != order.Pending {
		t.Fatal(got)
	}
	// A change that is announced in this process shows at once.
	k.Pay(o)
	k.RunAll()
	if got := status(); got != order.Activated {
		t.Fatal(got)
	}
	// What changes without an announcement of the order shows when the view is a second old.
	c, err := k.Store.Catalogue(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c.Sites[0].Name = "Warnet Baru"
	if err := k.Shop.Catalogue.ApplyCatalogue(ctx, actor.Named("test"), c); err != nil {
		t.Fatal(err)
	}
	for after, want := range []bool{false, true} {
		k.Clock.Add([]time.Duration{viewLife - time.Millisecond, time.Millisecond}[after])
		if v, err := k.Shop.Orders.View(ctx, o.Token); err != nil || (v.Site.Name == c.Sites[0].Name) != want {
			t.Fatal("the name of the hotspot:", v.Site.Name, err)
		}
	}
	if _, err := k.Shop.Orders.View(ctx, "x"); fault.CodeOf(err) != "order.not_found" {
		t.Fatal(err)
	}
}
