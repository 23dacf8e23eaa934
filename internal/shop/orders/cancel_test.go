package orders_test

import (
	"strings"
	"testing"

	"gerai/internal/actor"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// The audit trail has the network address of a cancellation, and what was cancelled.
func TestACancelledOrderTellsFromWhere(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		o := k.BuyOne()
		if err := k.Shop.Orders.Cancel(store.WithOrigin(ctx, store.Origin{Address: "10.0.0.9", Session: "abcd"}), actor.Named("staff:siti"), o.ID, "salah pesan"); err != nil {
			t.Fatal(err)
		}
		rows, err := k.Store.AuditOf(ctx, "order:"+string(o.ID))
		if err != nil {
			t.Fatal(err)
		}
		if last := rows[len(rows)-1].Detail; !strings.Contains(last, `"from":"10.0.0.9"`) || !strings.Contains(last, `"was":"pending"`) {
			t.Error(last)
		}
	})
}
