package campaign

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gerai/internal/order"
	"gerai/internal/sim/routerossim"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
	"gerai/internal/testenv"
	"gerai/test/proc"
)

// TestKill runs the real program and kills it again and again while customers buy. A
// customer whose request failed sends the same form once more. Afterwards every paid order
// is online, and none twice.
func TestKill(t *testing.T) {
	t.Parallel()
	n, seed := number(t, "GERAI_CAMPAIGN_N", 40), number(t, "GERAI_CAMPAIGN_SEED", 1)
	n = min(n, 5000) // real time: one kill for every twenty orders
	testenv.Databases(t, func(t *testing.T, database string) {
		t.Parallel()
		w := proc.NewWorld(t, database, "")
		p := proc.Start(w, proc.Reserve(t))
		w.Gateway.SetWebhookURL("http://" + p.Addr + "/webhooks/xendit")
		w.Gateway.SetFaults(xenditsim.Faults{DupRatio: 0.2, LostRatio: 0.1, ReorderRatio: 0.1, TimeoutRatio: 0.03})
		k := &killer{World: w, p: p, rnd: rand.New(rand.NewPCG(uint64(seed), 9)), paths: make([]string, n)}
		k.run(n)
		k.wait()
		p.Stop()
		k.check()
		t.Logf("seed %d: %d orders, %d kills, slowest %s", seed, n, k.kills, k.slowest.Round(time.Millisecond))
	})
}

type killer struct {
	*proc.World
	p       *proc.Program
	rnd     *rand.Rand
	paths   []string
	placed  atomic.Int64
	polite  bool // nothing is killed: the test stops the program itself
	kills   int
	slowest time.Duration
}

const (
	customers = 8
	perKill   = 20
)

func (k *killer) run(n int) {
	next := make(chan int)
	var all sync.WaitGroup
	for range customers {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range next {
				k.customer(i)
			}
		}()
	}
	stop := make(chan struct{})
	killed := make(chan struct{})
	go func() {
		defer close(killed)
		if !k.polite {
			k.kill(stop)
		}
	}()
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	for i := range n {
		select {
		case next <- i:
		case <-ended: // every customer has failed
		}
	}
	close(next)
	<-ended
	close(stop)
	<-killed
}

// kill ends the program each time twenty more orders were placed, at a moment
// of its own choosing, and starts it again at once.
func (k *killer) kill(stop <-chan struct{}) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	last := int64(0)
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		if k.placed.Load()-last < perKill || k.rnd.IntN(4) != 0 {
			continue
		}
		last = k.placed.Load()
		if k.rnd.IntN(3) == 0 {
			k.Routers["kopi-1"].SetFaults(routerossim.Faults{DropAfter: true, Only: "writes", Count: 2})
		}
		k.p.Kill()
		k.p.Launch()
		k.kills++
	}
}

// customer buys and pays, as stubborn as people are.
func (k *killer) customer(i int) {
	method := "qris"
	if i%5 == 0 {
		method = "va:BNI"
	}
	testenv.Eventually(k, 60*time.Second, func() (bool, string) {
		path, err := k.p.Order(i, method)
		if err != nil {
			return false, err.Error()
		}
		k.paths[i] = path
		return true, ""
	})
	k.placed.Add(1)
	var code string
	testenv.Eventually(k, 60*time.Second, func() (bool, string) {
		s, err := k.p.Status(k.paths[i])
		if err != nil {
			return false, err.Error()
		}
		code = s.Order
		_, err = k.Gateway.Pay(xenditsim.PayIn{ReferenceID: code + "-1"})
		return err == nil || err == xenditsim.ErrPaid, "not payable yet"
	})
}

// wait waits until every customer has a voucher.
func (k *killer) wait() {
	k.Gateway.SetFaults(xenditsim.Faults{})
	k.p.WaitReady()
	started := time.Now()
	for _, path := range k.paths {
		testenv.Eventually(k, 90*time.Second, func() (bool, string) {
			s, err := k.p.Status(path)
			if err != nil {
				return false, err.Error()
			}
			return s.Voucher != nil, path + " is " + s.Status
		})
	}
	k.slowest = time.Since(started)
}

// check compares the three books: gateway, database, router.
func (k *killer) check() {
	users := map[string]int{}
	for _, row := range k.Routers["kopi-1"].Rows("ip/hotspot/user") {
		if _, code, ours := strings.Cut(row["comment"], "gerai."); ours {
			users[code]++
		}
	}
	taken := map[string]bool{}
	for _, p := range k.Gateway.Payments() {
		if p.PaidAmount > 0 {
			taken[p.PaymentRequestID] = true
		}
	}
	k.Store(func(s *store.Store) {
		ctx := context.Background()
		for _, path := range k.paths {
			o, err := s.OrderByToken(ctx, order.Token(strings.TrimPrefix(path, "/o/")))
			if err != nil {
				k.Fatal(err)
			}
			if o.Status != order.Activated || users[string(o.Code)] != 1 {
				k.Errorf("order %s is %s with %d router users", o.Code, o.Status, users[string(o.Code)])
			}
			paid, err := s.Payments(ctx, o.ID)
			if err != nil || len(paid) != 1 || !taken[paid[0].Key] {
				k.Errorf("order %s: %d payments, %v", o.Code, len(paid), err)
			}
		}
		if _, err := s.VerifyAudit(ctx); err != nil {
			k.Error(err)
		}
	})
	if len(users) != len(k.paths) {
		k.Errorf("%d users for %d orders", len(users), len(k.paths))
	}
}

// TestF60DrainUnderLoad stops the program politely while customers buy: no
// request that was accepted is lost.
func TestF60DrainUnderLoad(t *testing.T) {
	w := proc.NewWorld(t, "sqlite:"+t.TempDir()+"/gerai.db", "")
	p := proc.Start(w, proc.Reserve(t))
	w.Gateway.SetWebhookURL("http://" + p.Addr + "/webhooks/xendit")
	k := &killer{World: w, p: p, rnd: rand.New(rand.NewPCG(1, 1)), paths: make([]string, 60), polite: true}
	done := make(chan struct{})
	go func() { defer close(done); k.run(len(k.paths)) }()
	for range 3 {
		testenv.Eventually(t, 30*time.Second, func() (bool, string) { return k.placed.Load() > 5, "no orders" })
		p.Stop()
		p.Launch()
	}
	<-done
	k.wait()
	p.Stop()
	k.check()
}
