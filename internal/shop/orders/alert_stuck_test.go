package orders_test

import (
	"fmt"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
)

// However many orders wait, the oldest one is not overlooked.
func TestAlarmLooksAtEveryWaitingOrder(t *testing.T) {
	t.Parallel()
	k := shoptest.New(t)
	o := k.BuyAndPay(shoptest.RouterDown)
	k.Clock.Add(3 * time.Minute)
	err := k.Store.InTx(ctx, actor.Named("test"), func(tx *store.Tx) error {
		for n := range 500 {
			young := k.Order(o)
			young.ID, young.Nonce, young.Username = order.ID(tx.NewID()), k.NextNonce(), fmt.Sprintf("young%d", n)
			young.Code, young.Token = order.Code(fmt.Sprintf("%08d", n)), order.Token(fmt.Sprintf("%040d", n))
			young.CreatedAt, young.ExpiresAt, young.ActivateAt = tx.Now(), tx.Now().Add(time.Hour), tx.Now()
			if err := tx.InsertOrder(ctx, young); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Shop.Watchdog(ctx); err != nil {
		t.Fatal(err)
	}
	k.WantAlert("stuck")
}
