package campaign

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gerai/internal/hotspot"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/store/storetest"
)

// A month in virtual time: vouchers on five routers, whose phones try to be online all the
// time, while routers are out of reach, restart and are set back to old backups, the shop is
// down, and users are changed in Winbox and by Mikhmon. No phone is online past an end for more
// than a minute, or five while the shop is down or the router out of reach, and at the end
// books, routers and gateway agree. make month runs it whole, every test run one day of it.
func TestMonth(t *testing.T) {
	t.Parallel()
	days, n, seed := number(t, "GERAI_CAMPAIGN_DAYS", 1), number(t, "GERAI_CAMPAIGN_VOUCHERS", 8), number(t, "GERAI_CAMPAIGN_SEED", 1)
	storetest.Databases(t, func(t *testing.T, database string) {
		t.Parallel()
		m := &month{Harness: shoptest.New(t, shoptest.OnDatabase(database), shoptest.FiveRouters), rnd: rand.New(rand.NewPCG(uint64(seed), 30)),
			troubled: map[string]time.Time{}, backups: map[string][]map[string]string{}, most: map[bool]time.Duration{}}
		started := time.Now()
		m.plan(days, n)
		m.live(m.Clock.Now().Add(time.Duration(days) * 24 * time.Hour))
		m.calm()
		m.agree()
		t.Logf("seed %d: %d vouchers of %d orders in %d days on %s, %d steps, %s; online past an end at most %s while the shop and the router answered, else %s; %v",
			seed, m.sold, n, days, m.Store.Engine(), m.steps, time.Since(started).Round(time.Second), m.most[false], m.most[true], m.happened)
	})
}

// The bounds, and how the clock moves: fine around what can go wrong, else far.
const (
	pastRunning = time.Minute
	pastAway    = 5 * time.Minute
	fine        = 20 * time.Second
	far         = 10 * time.Minute
)

type month struct {
	*shoptest.Harness
	rnd      *rand.Rand
	due      []happening // the earliest first
	guests   []*guest    // whose voucher may still be used
	all      []*guest
	sold     int
	away     bool                 // the shop does nothing
	back     time.Time            // since when it works again
	troubled map[string]time.Time // by router: until when it was out of reach
	backups  map[string][]map[string]string
	watch    time.Time // until then steps are fine
	most     map[bool]time.Duration
	happened map[string]int
	steps    int
	phones   int
}

// happening is something that is going to happen.
type happening struct {
	at   time.Time
	what string
	do   func()
}

func (m *month) at(t time.Time, what string, do func()) {
	i, _ := slices.BinarySearchFunc(m.due, t, func(h happening, t time.Time) int { return h.at.Compare(t) })
	m.due = slices.Insert(m.due, i, happening{t, what, do})
}

// sometime is a moment of a day.
func (m *month) sometime(day time.Time) time.Time {
	return day.Add(time.Duration(m.rnd.Int64N(int64(24 * time.Hour)))).Truncate(time.Second)
}

// live lets what is due happen until the time is over.
func (m *month) live(until time.Time) {
	m.Helper()
	for m.Clock.Now().Before(until) && !m.Failed() {
		for len(m.due) > 0 && !m.due[0].at.After(m.Clock.Now()) {
			h := m.due[0]
			m.due = m.due[1:]
			m.happened[h.what]++
			h.do()
			m.watch = m.Clock.Now().Add(2 * time.Minute)
		}
		m.step(min(m.stride(), until.Sub(m.Clock.Now())))
	}
}

// stride is how far the clock may move at once.
func (m *month) stride() time.Duration {
	now := m.Clock.Now()
	if now.Before(m.watch) {
		return fine
	}
	d := far
	if len(m.due) > 0 {
		d = min(d, max(m.due[0].at.Sub(now), time.Second))
	}
	for _, g := range m.guests {
		switch left := g.end.Sub(now); {
		case g.end.IsZero():
		case left > fine:
			d = min(d, left-fine/2)
		case left > -6*time.Minute:
			return fine
		}
	}
	return d
}

// step moves the clock; phones try to be online, and the shop does what it does twice a minute.
func (m *month) step(d time.Duration) {
	m.Helper()
	m.steps++
	m.Clock.Add(d)
	m.look()
	m.Xendit.Tick()
	if !m.away {
		m.work()
	}
	for id, r := range m.Routers {
		if r.Faults().Down {
			m.troubled[id] = m.Clock.Now()
		}
	}
}

// work is what the running shop does in a step. What fails is tried again in the next one.
func (m *month) work() {
	m.Helper()
	ctx := context.Background()
	s := m.Shop
	for _, task := range []func(context.Context) error{s.SweepAll, s.Routers.CheckRouters, s.Vouchers.VerifyClock, s.Vouchers.ObserveLogins} {
		_ = task(ctx)
	}
	m.RunAll()
	for _, task := range []func(context.Context) error{s.Vouchers.ReviewUsers, s.Watchdog, s.Reconciliation.Schedule, s.Reports.SumUpDays, s.Clean} {
		_ = task(ctx)
	}
	m.RunAll()
}

// look checks who is online, and has phones that are not try again.
func (m *month) look() {
	m.Helper()
	now := m.Clock.Now()
	online := map[string]string{} // user to router
	for id, r := range m.Routers {
		for _, row := range r.Rows("ip/hotspot/active") {
			if other, twice := online[row["user"]]; twice && other != id {
				m.Errorf("%s is online on %s and %s", row["user"], other, id)
			}
			online[row["user"]] = id
		}
	}
	m.guests = slices.DeleteFunc(m.guests, func(g *guest) bool {
		m.learnEnd(g)
		router, is := online[g.order.Username]
		if is {
			m.checkEnd(g, router)
			if m.rnd.IntN(50) == 0 { // out of range: what is left of online time ends after the validity
				m.Routers[router].Leave(g.mac)
			}
		} else if now.Before(g.end) || g.end.IsZero() || m.rnd.IntN(3) == 0 {
			m.tryLogin(g)
		}
		over := !g.end.IsZero() && now.After(g.end.Add(15*time.Minute))
		if over {
			for _, id := range g.routers {
				m.Routers[id].Leave(g.mac)
			}
		}
		return over
	})
}

// checkEnd fails when a guest is online for longer past the end than is promised.
func (m *month) checkEnd(g *guest, router string) {
	m.Helper()
	now := m.Clock.Now()
	past := now.Sub(g.end)
	if g.end.IsZero() || past <= 0 {
		return
	}
	alone := m.away || now.Sub(m.back) < pastRunning || now.Sub(m.troubled[router]) < pastRunning
	bound := pastRunning
	if alone {
		bound = pastAway
	}
	m.most[alone] = max(m.most[alone], past)
	if past > bound {
		m.Errorf("%s %s is online on %s %s past its end %s (shop away %v, router out of reach %s)", now, g.order.Username, router, past, g.end, m.away, m.troubled[router])
	}
}

// voucherOf is a guest's voucher in the books, and whether there is one yet.
func (m *month) voucherOf(g *guest) (store.Voucher, bool) {
	v, found, err := m.Store.Voucher(context.Background(), g.order.ID)
	m.Must(err)
	return v, found
}

// marked lists our users of a router, by name.
func (m *month) marked(router string) map[string]map[string]string {
	out := map[string]map[string]string{}
	for _, row := range m.Routers[router].Rows("ip/hotspot/user") {
		if base, _ := hotspot.SplitBound(row["comment"]); base != "" && slices.ContainsFunc(m.all, func(g *guest) bool { return g.order.Username == row["name"] }) {
			out[row["name"]] = row
		}
	}
	return out
}

// command is what a person or Mikhmon sends to a router.
func (m *month) command(router string, words ...string) {
	m.Helper()
	if err := m.Routers[router].Command(words...); err != nil {
		m.Fatalf("%s %v: %v", router, words, err)
	}
}

// guest is a customer and their phone.
type guest struct {
	order    order.Order
	plan     string
	routers  []string // of the site, the first is tried first
	mac, ip  string
	loggedIn time.Time // first
	end      time.Time // zero while it is open
}
