package orders_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"gerai/internal/cache"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/sim/xenditsim"
	"gerai/payments/xendit"
)

// budget is a gateway budget per minute, for reads and creations.
func budget(n int) shoptest.Option {
	return shoptest.With(func(o *shop.Options) {
		o.Limits.GatewayReads = cache.Limit{Count: n, Per: time.Minute}
		o.Limits.CreatesPerGateway = cache.Limit{Count: n, Per: time.Minute}
		o.Limits.OrdersPerClient = shop.DefaultLimits.OrdersPerClient
		o.Limits.UnpaidPerClient = shop.DefaultLimits.UnpaidPerClient
	})
}

func buyFrom(t *testing.T, k *shoptest.Harness, client string) order.Order {
	t.Helper()
	in := k.Form("bulanan", "qris")
	in.Client = client
	o, err := k.Shop.Orders.Place(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// open reports whether an order has a code that can be paid.
func hasCode(t *testing.T, k *shoptest.Harness, o order.Order) bool {
	t.Helper()
	now := k.Order(o)
	a, err := k.Store.Attempt(ctx, o.ID, now.AttemptNo)
	if err != nil {
		t.Fatal(err)
	}
	return a.State == order.Open
}

// attack is four addresses that order, look at the page and switch methods as
// often as they may.
func attack(t *testing.T, k *shoptest.Harness, second int) {
	t.Helper()
	for n := range 4 {
		client := fmt.Sprintf("203.0.113.%d", n)
		in := k.Form("bulanan", "qris")
		in.Client = client
		o, err := k.Shop.Orders.Place(ctx, in)
		if fault.Is(err, fault.Limited) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"va:BCA", "va:BNI", "qris", "va:BRI", "va:BSI"} {
			if err := k.Shop.Orders.SwitchMethod(ctx, o.Token, method, client); err != nil && !fault.Is(err, fault.Limited) {
				t.Fatal(err)
			}
		}
		if _, err := k.Shop.Orders.View(ctx, o.Token); err != nil {
			t.Fatal(err)
		}
	}
}

// While four clients order and switch without end, every other customer has a
// code in the answer to the order form: no creation waits before it. After the
// attack nothing of it is left to do within seconds.
func TestFairShares(t *testing.T) {
	for _, c := range []struct{ perMinute, customers int }{{30, 7}, {300, 12}} {
		t.Run(fmt.Sprint(c.perMinute), func(t *testing.T) {
			t.Parallel()
			shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
				served := 0
				for second := range 2 * c.customers {
					attack(t, k, second)
					if second%2 == 1 {
						served++
						if o := buyFrom(t, k, fmt.Sprintf("198.51.100.%d", served)); !hasCode(t, k, o) {
							t.Fatalf("customer %d has no code after %d s of attack", served, second)
						}
					}
					k.Clock.Add(time.Second)
					k.RunAll()
				}
				if n, most := k.Creates(), c.perMinute; n > 2*most {
					t.Errorf("%d creations, the budget is %d a minute", n, most)
				}
				k.Clock.Add(15 * time.Second)
				k.RunAll()
				if n := unfinished(t, k, jobs.ChargeCreate); n != 0 {
					t.Errorf("%d creations of the attack still wait", n)
				}
				before := k.Creates()
				k.Clock.Add(time.Minute)
				k.RunAll()
				if n := k.Creates() - before; n != 0 {
					t.Errorf("%d creations for pages that are closed", n)
				}
			}, budget(c.perMinute))
		})
	}
}

// A hotspot of many people behind one address is one client. It takes part in
// an attack's hour like any other, and in a quiet one it has more than its share.
func TestABusyHotspotBehindOneAddress(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		for n := range 120 {
			if o := buyFrom(t, k, "198.51.100.7"); !hasCode(t, k, o) {
				t.Fatalf("order %d of the minute has no code", n)
			}
		}
		if _, err := k.Shop.Orders.Place(ctx, k.Form("sehari", "qris")); fault.CodeOf(err) != "limit.orders" {
			t.Errorf("order 121: %v", err)
		}
		k.Clock.Add(time.Minute)
		if _, err := k.Shop.Orders.Place(ctx, k.Form("sehari", "qris")); fault.CodeOf(err) != "limit.unpaid" {
			t.Errorf("unpaid order 121: %v", err)
		}
		k.Clock.Add(30 * time.Minute) // at once: what happens until then is not this test's
		k.Advance(time.Minute)
		buyFrom(t, k, "198.51.100.7")
	}, budget(300))
}

// unfinished counts jobs of a kind that wait or run.
func unfinished(t *testing.T, k *shoptest.Harness, kind jobs.Kind) (n int) {
	t.Helper()
	orders := k.Orders()
	for _, o := range orders {
		found, err := k.Store.HasJob(ctx, kind, string(o.ID))
		if err != nil {
			t.Fatal(err)
		}
		if found {
			n++
		}
	}
	return n
}

// Nothing is tried again for a page that is closed; a customer who comes back
// has it tried at once.
func TestChargesForOpenPages(t *testing.T) {
	shoptest.Run(t, []shoptest.Row{
		{Name: "closed, then opened again", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{Status: 503})
			o := k.BuyOne()
			k.Advance(30 * time.Second)
			if n := unfinished(t, k, jobs.ChargeCreate); n != 0 {
				t.Fatalf("%d jobs for a closed page", n)
			}
			k.Xendit.SetFaults(xenditsim.Faults{})
			k.Clock.Add(time.Minute)
			if _, err := k.Shop.Orders.View(ctx, o.Token); err != nil {
				t.Fatal(err)
			}
			k.RunAll()
			if !hasCode(t, k, o) {
				t.Error("no code for the customer who came back")
			}
		}},
		{Name: "open all the time: tried until it works", Test: func(t *testing.T, k *shoptest.Harness) {
			k.Xendit.SetFaults(xenditsim.Faults{Status: 503})
			o := k.BuyOne()
			look := func(d time.Duration) {
				for range d / time.Second {
					if _, err := k.Shop.Orders.View(ctx, o.Token); err != nil {
						t.Fatal(err)
					}
					k.Advance(time.Second)
				}
			}
			look(30 * time.Second)
			k.Xendit.SetFaults(xenditsim.Faults{})
			look(7 * time.Second)
			if !hasCode(t, k, o) {
				t.Error("no code")
			}
		}},
	})
}

// The sweep has nothing to read about a charge that was never asked for.
func TestNoReadsForChargesNeverMade(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		first := k.BuyOne() // takes the only creation of the minute
		for range 20 {
			k.BuyOne()
		}
		k.Clock.Add(50 * time.Second)
		before := k.GatewayReads()
		if err := k.Shop.SweepAll(ctx); err != nil {
			t.Fatal(err)
		}
		if n := k.GatewayReads() - before; n != 1 {
			t.Errorf("%d reads for one charge", n)
		}
		if !hasCode(t, k, first) {
			t.Error("the first order has no code")
		}
	}, shoptest.With(func(o *shop.Options) { o.Limits.CreatesPerGateway = cache.Limit{Count: 1, Per: time.Hour} }))
}

// An order form is answered although the gateway hangs, and a charge whose
// answer was lost is looked up before another one is asked for.
func TestAHangingGateway(t *testing.T) {
	shoptest.Both(t, func(t *testing.T, k *shoptest.Harness) {
		var mu sync.Mutex
		var calls []string
		hang := make(chan struct{})
		api := k.Xendit.Handler()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			calls = append(calls, r.Method)
			first := len(calls) == 1
			mu.Unlock()
			if first { // made, but the answer never comes
				api.ServeHTTP(httptest.NewRecorder(), r)
				<-hang
				return
			}
			api.ServeHTTP(w, r)
		}))
		defer server.Close()
		defer close(hang)
		g, err := xendit.New(xendit.Options{Key: "xnd_development_test", BaseURL: server.URL, CallbackTokens: []string{shoptest.Token}, Clock: k.Clock})
		if err != nil {
			t.Fatal(err)
		}
		k.UseGateway(g)
		o := k.BuyOne() // would wait for 15 s, the client's own limit, if nothing else bounded it
		if hasCode(t, k, o) {
			t.Fatal("a code out of nothing")
		}
		k.Clock.Add(time.Second)
		k.RunAll()
		mu.Lock()
		defer mu.Unlock()
		if !hasCode(t, k, o) || fmt.Sprint(calls) != "[POST GET]" {
			t.Errorf("calls %v, code %v", calls, hasCode(t, k, o))
		}
	})
}
