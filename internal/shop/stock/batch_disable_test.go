package stock_test

import (
	"context"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/hotspot"
	"gerai/internal/shop/shoptest"
	"gerai/internal/shop/stock"
	"gerai/internal/voucher"
)

// between lets something happen after we asked a router to end vouchers and
// before it does.
type between struct {
	hotspot.Driver
	do func()
}

func (b *between) DisableUsers(ctx context.Context, r hotspot.Router, names []string) []error {
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return b.Driver.DisableUsers(ctx, r, names)
}

// A voucher that lives again stays on although its batch's end was on the way.
func TestOneLivesAgainWhileItsBatchEnds(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "the router lets it in", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			v := k.StockVoucher(b, 1)
			_, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:admin"), stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang"})
			k.Must(err)
			job := k.LeaseAndDie()
			k.Shop.Stock.Hotspot = &between{Driver: k.Shop.Hotspot, do: func() {
				k.Must(k.Shop.Vouchers.EnableVoucher(ctx, k.SwitchForm(v, "")))
				k.RunAll()
				k.WantVoucher(v, voucher.Stock, false)
			}}
			k.Must(k.Shop.Stock.DisableBatchJob(ctx, job))
			k.RunAll()
			k.WantVoucher(v, voucher.Stock, false)
			if k.Disabled("pojok", v.Username) || !k.Disabled("pojok", k.StockVoucher(b, 2).Username) {
				t.Fatal("the last word does not hold")
			}
		}},
	})
}

// What was decided before a restore waits until the shop knows what happened since: the batch
// may have been switched on again, the refund rejected.
func TestDecisionsBeforeARestoreWait(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "a batch that ends", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 2)
			user := k.StockVoucher(b, 1).Username
			k.Routers["pojok"].SetFaults(shoptest.RouterDown)
			_, err := k.Shop.Stock.DisableBatch(ctx, actor.Named("staff:admin"), stock.DisableIn{BatchID: b.ID, Typed: b.Code, Reason: "hilang"})
			k.Must(err)
			heldBack(k, user)
		}},
		{Name: "a refund that switches off", Test: func(t *testing.T, k *shoptest.Harness) {
			siti, admin := k.OnShift("siti"), k.Staff("admin")
			o := k.Bought()
			k.Routers["pojok"].SetFaults(shoptest.RouterDown)
			k.Must(k.Shop.Refunds.ApproveRefund(ctx, shoptest.DecisionForm(k.RequestRefund(o, siti, o.Total), admin)))
			heldBack(k, o.Username)
		}},
	})
}

// heldBack restores the shop, lets the router answer again, and fails unless a user is kept
// out only once the recovery has ended.
func heldBack(k *shoptest.Harness, user string) {
	k.Helper()
	k.Advance(5 * time.Second)
	k.Hold(true)
	k.Routers["pojok"].SetFaults(shoptest.RouterUp)
	k.Must(k.Shop.Routers.CheckRouters(ctx))
	k.Advance(time.Minute)
	if k.Disabled("pojok", user) {
		k.Fatal("kept out while the recovery stands")
	}
	k.Hold(false)
	k.Advance(time.Minute)
	if !k.Disabled("pojok", user) {
		k.Fatal("let in after the recovery")
	}
}
