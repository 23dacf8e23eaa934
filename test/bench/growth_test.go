package bench

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

const (
	// growthRate is how many orders per second are offered where the cost of one is compared: far below saturation.
	growthRate = 20
	// restSpan is how long a shop without customers is watched: each router's users are reviewed twice a minute.
	restSpan = 31 * time.Second
)

var growthHead = []string{"shop", "without customers", "paid to voucher p50", "p99", "shop CPU/order", "database CPU/order", "plan page CPU", "order page CPU", "memory"}

// TestBenchGrowth measures what an order and a page cost in a shop that has grown.
func TestBenchGrowth(t *testing.T) {
	if os.Getenv("GERAI_BENCH") != "1" {
		t.Skip("left out: GERAI_BENCH=1 asks for it")
	}
	alone(t, growth, engines(t)...)
	alone(t, manyRouters, engines(t)[0])
	alone(t, manyOrders, engines(t)...)
}

// growth grows one router: users, then sessions, then open pages.
func growth(t *testing.T, p *page, e engine) {
	s := setStage(t, e, staged{panel: true})
	s.grown(p, e, "one router, nothing else")
	for _, users := range []int{2000, 20_000} {
		s.fill(users)
		s.calm()
		s.grown(p, e, thousands(users)+" users on the router")
	}
	s.logIn(5000) // the simulator looks through all hosts for each: 20,000 take it minutes
	s.calm()
	s.grown(p, e, "20,000 users, 5,000 of them online")
	pages := s.openPages(2000)
	s.grown(p, e, "and 2,000 open pages that ask every 3 s")
	pages.close()
}

// manyRouters measures the review of many routers, which goes on all the time.
func manyRouters(t *testing.T, p *page, e engine) {
	for _, routers := range []int{10, 50} {
		s := setStage(t, e, staged{panel: true, routers: routers})
		s.fill(2000)
		s.calm()
		rest := s.grown(p, e, fmt.Sprintf("%d routers with 2,000 users each", routers))
		if routers == 50 {
			p.row("50 routers with 2,000 users each, "+e.name, "<= 5 % of one core", fmt.Sprintf("%.1f %%", 100*rest), "-", fmt.Sprintf("processor time of the shop over %s without customers; every user of every router is compared twice a minute", restSpan))
		}
		s.kill()
	}
}

// manyOrders measures a shop with a past.
func manyOrders(t *testing.T, p *page, e engine) {
	for _, n := range p.orders {
		database := e.database(t)
		seedInto(t, database, benchKey, n, n/5)
		grownPast(t, p, e, database, n)
	}
}

// largerPast measures what is larger than the past that the reports are measured on.
func largerPast(t *testing.T, p *page, e engine) {
	x := *p
	x.orders = slices.DeleteFunc(slices.Clone(p.orders), func(n int) bool { return n <= pastOrders() })
	manyOrders(t, &x, e)
	p.more = x.more
}

func grownPast(t *testing.T, p *page, e engine, database string, orders int) {
	s := setStage(t, e, staged{database: database})
	s.calm()
	s.grown(p, e, thousands(orders)+" orders in the books")
	s.kill()
}

// grown adds a row and returns how many cores the shop and its database use without customers.
func (s *stage) grown(p *page, e engine, what string) (rest float64) {
	s.Helper()
	before, began := s.worked(), time.Now()
	<-time.After(restSpan)
	idle := s.worked().minus(before)
	share := func(d time.Duration) float64 { return d.Seconds() / time.Since(began).Seconds() }
	shopRest, databaseRest := share(idle.shop), share(idle.postgres+idle.redis)
	x := s.sell(growthRate, p.curve)
	if x.failed > 0 {
		s.Errorf("%s: %d orders failed: %s", what, x.failed, x.why())
	}
	net := func(used time.Duration, rest float64) string { // what would have been used without customers is not the orders'
		return perOrder(max(0, used-time.Duration(rest*float64(x.took))), x.done) + " ms"
	}
	path, _ := s.sold()
	_, plan := pageCost(s, s.shopPID, s.Shop+"/h/"+s.sites[0], p.hammer)
	_, own := pageCost(s, s.shopPID, s.Shop+path, p.hammer)
	p.add(p.section("Growth, "+e.name, growthHead...), what, fmt.Sprintf("%.1f %% of a core", 100*(shopRest+databaseRest)), short(x.shown.at(.5)), short(x.shown.at(.99)),
		net(x.used.shop, shopRest), net(x.used.postgres+x.used.redis, databaseRest), fmt.Sprintf("%.0f µs", plan), fmt.Sprintf("%.0f µs", own), fmt.Sprintf("%.0f MB", residentNow(s, s.shopPID)))
	return shopRest + databaseRest
}
