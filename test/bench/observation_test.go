package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"gerai/internal/actor"
	"gerai/internal/catalog"
	"gerai/internal/hotspot"
	"gerai/internal/hotspot/routeros"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/voucher"
	"gerai/payments"
)

// TestBenchObservation measures what it takes to watch routers: their sessions and their
// users, twice a minute each. The routers run in a process of their own, so the processor time
// is the shop's alone; with PostgreSQL, its server's is not in it.
func TestBenchObservation(t *testing.T) {
	if os.Getenv("GERAI_BENCH_OBSERVATION") != "1" {
		t.Skip("left out: GERAI_BENCH_OBSERVATION asks for it")
	}
	alone(t, observation, engines(t)...)
}

func observation(t *testing.T, p *page, e engine) {
	for _, c := range []struct{ routers, users, online int }{{1, 10_000, 10_000}, {1, 20_000, 20_000}, {50, 2_000, 500}} {
		what := fmt.Sprintf("%d routers, %d users and %d sessions each, %s", c.routers, c.users, c.online, e.name)
		w := watchRouters(t, e, c.routers, c.users)
		w.observe() // a look that knows everybody, so that the next logins are seen when they happen
		prepare(t, w.simulators.URL+"/_bench/online", fmt.Sprint(c.online))
		first := w.measure(1, w.observe)
		p.row("first logins, "+what, "-", first.String(), "-", fmt.Sprintf("%d at once in one round", c.routers*c.online))
		rounds := w.measure(5, w.observe)
		p.row("a round of sessions, "+what, "-", rounds.String(), "-", fmt.Sprintf("%.2f %% of one core at a round every 30 s", rounds.share()))
		w.review()
		looks := w.measure(5, w.review)
		p.row("a review of users, "+what, "-", looks.String(), "-", fmt.Sprintf("%.2f %% of one core at a round every 30 s", looks.share()))
		both := rounds.share() + looks.share()
		p.row("watching "+what, "<= 5 % of one core, <= 1 command a second and router", fmt.Sprintf("%.2f %%, %.2f commands a second and router", both, float64(rounds.commands+looks.commands)/float64(c.routers)/30), "-",
			"both of the above; nothing differs")
	}
}

// watch is a shop that watches routers of another process.
type watch struct {
	testing.TB
	simulators surrounded
	k          *shoptest.Harness

	mu    sync.Mutex
	calls tally
}

// tally is what some rounds took.
type tally struct {
	cpu, wall time.Duration
	commands  int
	read      int64
}

func (s tally) share() float64 { return 100 * s.cpu.Seconds() / 30 }

func (s tally) String() string {
	return fmt.Sprintf("%s processor time, %s, %d commands, %.0f KB read", short(s.cpu), short(s.wall), s.commands, float64(s.read)/1000)
}

func watchRouters(t *testing.T, e engine, routers, users int) *watch {
	w := &watch{TB: t}
	accompany(t, "simulators", surroundings{Routers: routers, Old: true}, &w.simulators)
	driver := routeros.New(routeros.Options{Called: func(c routeros.Call) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.calls.commands += c.Commands
		w.calls.read += c.Read
		if c.Err != nil {
			t.Error(c.Op, c.Err)
		}
	}})
	t.Cleanup(func() { _ = driver.Close() })
	w.k = shoptest.New(t, shoptest.OnDatabase(e.database(t)), shoptest.With(func(o *shop.Options) { o.Hotspot = driver }), shoptest.Selling(func(c *catalog.Catalogue) {
		site := c.Sites[0].ID
		c.Sites, c.Plans, c.Routers = c.Sites[:1], []catalog.Plan{{ID: "lama", SiteID: site, Name: "30 Hari", Price: 5000, Validity: 720 * time.Hour, ValidFrom: order.FromFirstLogin, UptimeLimit: 300 * time.Hour, RateLimit: "2M/5M", SharedUsers: 1}}, nil
		for i, addr := range w.simulators.Routers {
			id := fmt.Sprintf("r%02d", i)
			c.Routers = append(c.Routers, catalog.Router{SiteID: site, Priority: i, Router: hotspot.Router{ID: id, Name: id, Address: addr, User: routerUser, Password: routerPassword}})
		}
	}))
	w.sell(users)
	return w
}

// sell sells so many vouchers on each router that nobody has used yet.
func (w *watch) sell(users int) {
	w.Helper()
	ctx := context.Background()
	now := w.k.Clock.Now()
	sites, err := w.k.Store.Sites(ctx)
	w.k.Must(err)
	plans, err := w.k.Store.Plans(ctx, sites[0].ID)
	w.k.Must(err)
	item := plans[0].Item(sites[0])
	all := make([][]hotspot.User, len(w.simulators.Routers))
	parts := make(chan store.History, 1)
	done := make(chan error, 1)
	go func() {
		done <- w.k.Store.BulkLoad(ctx, actor.Server, "bench", nil, time.UTC, parts)
	}()
	for i := range w.simulators.Routers {
		var h store.History
		for n := range users {
			id := order.ID(fmt.Sprintf("o%02d%05d", i, n))
			o := order.Order{ID: id, Code: order.Code(fmt.Sprintf("%02d%06d", i, n)), Token: order.Token("token-" + string(id)), Nonce: "bench-" + string(id), SiteID: sites[0].ID, Lang: "id", Item: item, Total: item.Price,
				Username: fmt.Sprintf("v%02d%05d", i, n), Password: fmt.Sprintf("%06d", 222222+n), RouterID: fmt.Sprintf("r%02d", i), RouterTouched: true, AttemptNo: 1, Status: order.Activated,
				CreatedAt: now, ExpiresAt: now.Add(time.Hour), PaidAt: now, ActivateAt: now, ActivatedAt: now, Version: 1}
			h.Orders = append(h.Orders, o)
			h.Attempts = append(h.Attempts, order.Attempt{ID: "a" + string(id), OrderID: id, No: 1, Method: payments.QRIS, Amount: o.Total, Reference: string(o.Code) + "-1", Key: "k" + string(id), State: order.Settled, ExpiresAt: o.ExpiresAt, CreatedAt: now})
			h.Payments = append(h.Payments, order.Payment{Gateway: "xendit", Key: "p" + string(id), OrderID: id, AttemptNo: 1, Reference: string(o.Code) + "-1", Method: payments.QRIS, Amount: o.Total, Currency: money.Currency, PaidAt: now, RecordedAt: now})
			v := store.Voucher{ID: "v" + string(id), OrderID: id, SiteID: o.SiteID, PlanID: item.PlanID, RouterID: o.RouterID, Username: o.Username, State: voucher.Sold, SoldAt: now}
			h.Vouchers = append(h.Vouchers, v)
			f := w.k.Shop.Vouchers.FactsOf(o)
			f.SoldAt, f.Recorded = now, true
			u, _ := voucher.Wanted(f, now)
			all[i] = append(all[i], u)
		}
		parts <- h
	}
	close(parts)
	w.k.Must(<-done)
	text, err := json.Marshal(all)
	w.k.Must(err)
	prepare(w, w.simulators.URL+"/_bench/users", string(text))
}

func (w *watch) observe() { w.k.Must(w.k.Shop.Vouchers.ObserveLogins(context.Background())) }

func (w *watch) review() { w.k.Must(w.k.Shop.Vouchers.ReviewUsers(context.Background())) }

// measure runs rounds, each at its time, and returns what one took.
func (w *watch) measure(rounds int, round func()) tally {
	w.Helper()
	runtime.GC()
	w.mu.Lock()
	w.calls = tally{}
	w.mu.Unlock()
	var out tally
	for range rounds {
		w.k.Clock.Add(30 * time.Second)
		before, began := ownTime(), time.Now()
		round()
		out.cpu += ownTime() - before
		out.wall += time.Since(began)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n := time.Duration(rounds)
	return tally{cpu: out.cpu / n, wall: out.wall / n, commands: w.calls.commands / rounds, read: w.calls.read / int64(rounds)}
}
