package orders_test

import (
	"reflect"
	"testing"

	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/shop/shoptest"
	"gerai/payments"
)

// What the gateway keeps with a charge is enough to make its order again, and names
// no person.
func TestChargesSayWhatWasSold(t *testing.T) {
	t.Parallel()
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		o := k.Bought()
		more, err := k.Shop.Orders.Extend(ctx, o.Token, orders.AgainIn{Nonce: k.NextNonce(), Client: "203.0.113.9"})
		k.Must(err)
		k.RunAll()
		for _, c := range []struct {
			o      order.Order
			target order.Code
		}{{o, ""}, {more, o.Code}} {
			o := k.Order(c.o)
			charges, err := k.Gateway.Find(ctx, k.Reference(o))
			k.Must(err)
			for _, charge := range charges {
				wantRecorded(t, charge, o, c.target)
			}
			if len(charges) == 0 {
				t.Error("no charge of", o.Code)
			}
		}
	})
}

func wantRecorded(t *testing.T, charge payments.Charge, o order.Order, target order.Code) {
	t.Helper()
	got, ok := order.ParseMetadata(charge.Metadata)
	if want := (order.Recorded{SiteID: o.SiteID, Item: o.Item, Target: target}); !ok || !reflect.DeepEqual(got, want) {
		t.Errorf("the charge says %v\n%+v\nwant %+v", charge.Metadata, got, want)
	}
	for key, value := range charge.Metadata {
		if value == o.Phone || value == o.Username || value == o.Password || value == string(o.Token) {
			t.Errorf("%s gives something away", key)
		}
	}
}
