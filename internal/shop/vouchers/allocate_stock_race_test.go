package vouchers_test

import (
	"sync"
	"testing"
	"time"

	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/voucher"
)

// Fifty orders at once, thirty vouchers: none is shared, the rest are made.
func TestDeliveryRace(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{{Name: "fifty orders at once never share a voucher", Test: func(t *testing.T, k *shoptest.Harness) {
		b := k.Stocked("sehari", "pojok", 30)
		k.Xendit.SetFaults(xenditQuiet)
		var orders []order.Order
		for range 50 {
			o := k.BuyOne()
			k.Pay(o)
			if _, err := k.Shop.Orders.Reconcile(ctx, o.ID, ""); err != nil {
				t.Fatal(err)
			}
			orders = append(orders, o)
		}
		var all sync.WaitGroup
		for _, o := range orders {
			for range 2 { // and each by two workers, as after a lost lease
				all.Add(1)
				go func() {
					defer all.Done()
					err := k.Shop.Vouchers.Activate(ctx, jobs.Job{Kind: jobs.OrderActivate, Subject: string(o.ID)})
					if err != nil && !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.Limited) && !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				}()
			}
		}
		all.Wait()
		k.Advance(20 * time.Second)
		buyers := map[string]int{}
		for _, o := range orders {
			buyers[k.Want(o, order.Activated).Username]++
		}
		if len(buyers) != 50 {
			t.Fatalf("%d names for 50 orders", len(buyers))
		}
		n, err := k.Store.BatchCounts(ctx, b.ID)
		if err != nil || n.By[voucher.Sold] != 30 || len(k.Users("pojok")) != 20 {
			t.Fatal(n.By, len(k.Users("pojok")), err)
		}
	}}}, preferStock)
}

// A process that dies before, while or after a voucher is taken.
func TestDeliveryCrashes(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "killed with the job in hand", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 3)
			k.Xendit.SetFaults(xenditQuiet)
			o := k.BuyOne()
			k.Pay(o)
			_, err := k.Shop.Orders.Reconcile(ctx, o.ID, "")
			k.Must(err)
			if j := k.LeaseAndDie(); j.Kind != jobs.OrderActivate {
				t.Fatal(j.Kind)
			}
			k.Want(o, order.Paid)
			k.WantStock("sehari", 3)
			k.Advance(15 * time.Second)
			if k.Want(o, order.Activated).Username != k.StockVoucher(b, 1).Username {
				t.Fatal("not from stock")
			}
			k.WantStock("sehari", 2)
		}},
		{Name: "killed between taking and showing", Test: func(t *testing.T, k *shoptest.Harness) {
			b := k.Stocked("sehari", "pojok", 3)
			k.Xendit.SetFaults(xenditQuiet)
			o := k.BuyOne()
			k.Pay(o)
			_, err := k.Shop.Orders.Reconcile(ctx, o.ID, "")
			k.Must(err)
			j := k.LeaseAndDie()
			k.Must(k.Shop.Vouchers.Activate(ctx, j)) // committed; its job never hears of it
			taken := k.Want(o, order.Activated).Username
			k.Advance(15 * time.Second) // the next worker does the job again
			if now := k.Want(o, order.Activated).Username; now != taken || taken != k.StockVoucher(b, 1).Username {
				t.Fatal(now, taken)
			}
			k.WantStock("sehari", 2)
			if page, err := k.Shop.Orders.View(ctx, o.Token); err != nil || page.Voucher.Username != taken {
				t.Fatal(err)
			}
		}},
		{Name: "the order changes while it is taken", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Stocked("sehari", "pojok", 2)
			k.Xendit.SetFaults(xenditQuiet)
			o := k.BuyOne()
			k.Pay(o)
			_, err := k.Shop.Orders.Reconcile(ctx, o.ID, "")
			k.Must(err)
			// Whatever commits in between, the loser starts over with fresh facts.
			done := make(chan error, 2)
			go func() { done <- k.Shop.Vouchers.Activate(ctx, jobs.Job{Subject: string(o.ID)}) }()
			go func() { _, err := k.Shop.Orders.Reconcile(ctx, o.ID, k.GatewayID(o)); done <- err }()
			k.Must(<-done)
			k.Must(<-done)
			k.RunAll()
			k.Want(o, order.Activated)
			k.WantStock("sehari", 1)
		}},
	}, preferStock)
}

// xenditQuiet leaves the work to the test: no message arrives.
var xenditQuiet = xenditsim.Faults{DropWebhooks: true}
