package orders_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/order"
	"gerai/internal/priority"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

// However many orders wait to be placed, a customer who has paid does not wait behind them:
// not on a server, where paid work has connections of its own, and on SQLite for the
// transaction under way at most.
func TestPaidWorkOvertakesWaitingOrders(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		paid := k.BuyOne()
		var all sync.WaitGroup
		waiting := func() int { return k.Store.Waiting(priority.Ordinary) }
		free := make(chan struct{})
		var running atomic.Int64
		const holders = 16 // more than run at once
		for range holders {
			all.Go(func() {
				if err := k.Store.InTx(ctx, actor.Named("test"), func(*store.Tx) error { running.Add(1); <-free; return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		testenv.Eventually(t, 5*time.Second, func() (bool, string) { return int(running.Load())+waiting() == holders, "the writer is free" })
		const orders = 20
		before := waiting()
		placed := make(chan order.Order, orders)
		for range orders {
			form := k.Form("sehari", "qris")
			all.Go(func() {
				o, err := k.Shop.Orders.Place(ctx, form)
				if err != nil {
					t.Error(err)
				}
				placed <- o
			})
		}
		testenv.Eventually(t, 5*time.Second, func() (bool, string) {
			return waiting() == before+orders, "only " + strconv.Itoa(waiting()-before) + " orders wait"
		})
		k.Pay(paid)
		if k.Store.Engine() == "sqlite" {
			told := make(chan error, 1)
			go func() { told <- k.Xendit.Drain(ctx) }()
			testenv.Eventually(t, 5*time.Second, func() (bool, string) {
				return k.Store.Waiting(priority.Urgent) > 0, "the gateway's message does not wait"
			})
			close(free)
			k.Must(<-told)
			all.Wait()
		} else {
			k.RunAll()
			k.Want(paid, order.Activated)
			if n := waiting(); n != before+orders {
				t.Errorf("%d orders went before", before+orders-n)
			}
			close(free)
			all.Wait()
		}
		k.RunAll()
		k.Want(paid, order.Activated)
		// Ids are drawn in the transaction and sort by when that was.
		event := storetest.RawText(t, k.Store.Address(), `SELECT MIN(id) FROM events`)
		close(placed)
		for o := range placed {
			if string(o.ID) < event {
				t.Errorf("order %s was placed before event %s was kept", o.ID, event)
			}
		}
		k.Invariants()
	})
}
