package main

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"gerai/internal/catalog"
	"gerai/internal/order"
	"gerai/internal/sim/xenditsim"
	"gerai/internal/store"
)

// past makes orders in the order they were made, so that every index grows at
// its end.
type past struct {
	seedFlags
	rnd     *rand.Rand
	zone    *time.Location
	now     time.Time
	plans   []sold
	days    []int       // orders still to make, by day
	today   []time.Time // moments of the day at hand, last first
	made    int
	stock   int
	code    uint64
	user    uint64
	batches uint64
	charges []xenditsim.PastCharge // what the simulated gateway is to know
}

// sold is a plan with all that an order of it needs.
type sold struct {
	plan    catalog.Plan
	site    catalog.Site
	routers []catalog.Router
	weight  int
}

// busyHours is how a day's orders spread over its hours, busyDays how a week's
// do from Sunday on: evenings and weekends.
var (
	busyHours = []int{6, 3, 2, 1, 1, 2, 8, 18, 24, 28, 30, 34, 42, 40, 36, 38, 46, 58, 72, 86, 90, 74, 42, 18}
	busyDays  = []int{130, 92, 88, 90, 96, 118, 140}
	// popular follows the catalogue's order: short plans sell most.
	popular = []int{26, 40, 14, 12, 6, 4}
)

func newPast(c catalog.Catalogue, f seedFlags, zone *time.Location, now time.Time) *past {
	p := &past{seedFlags: f, rnd: rand.New(rand.NewPCG(f.seed, 0x6765726169)), zone: zone, now: now.Truncate(time.Second).UTC()}
	for i, plan := range c.Plans {
		s := sold{plan: plan, weight: popular[i%len(popular)]}
		for _, site := range c.Sites {
			if site.ID == plan.SiteID {
				s.site = site
			}
		}
		for _, r := range c.Routers {
			if r.SiteID == plan.SiteID {
				s.routers = append(s.routers, r)
			}
		}
		p.plans = append(p.plans, s)
	}
	p.share()
	return p
}

// first is midnight of the first day.
func (p *past) first() time.Time {
	t := p.now.In(p.zone)
	return time.Date(t.Year(), t.Month(), t.Day()-p.seedFlags.days+1, 0, 0, 0, 0, p.zone)
}

// share spreads the orders over the days: weeks have a shape, the shop grows by
// half until now, and no two days are alike.
func (p *past) share() {
	weights, all := make([]float64, p.seedFlags.days), 0.0
	for d := range weights {
		day := p.first().AddDate(0, 0, d)
		weights[d] = float64(busyDays[day.Weekday()]) * (1 + 0.5*float64(d)/float64(len(weights))) * (0.9 + 0.2*p.rnd.Float64())
		all += weights[d]
	}
	p.days = make([]int, len(weights))
	given, sum := 0, 0.0
	for d, w := range weights {
		sum += w
		upTo := int(float64(p.orders) * sum / all)
		if d == len(weights)-1 {
			upTo = p.orders
		}
		p.days[d], given = upTo-given, upTo
	}
}

// moment takes the next instant at which an order is placed.
func (p *past) moment() time.Time {
	for len(p.today) == 0 {
		d := len(p.days) - len(p.left())
		midnight := p.first().AddDate(0, 0, d)
		for range p.days[d] {
			at := midnight.Add(time.Duration(p.pick(busyHours))*time.Hour + time.Duration(p.rnd.IntN(3600))*time.Second)
			if at.After(p.now) { // today is not over
				at = midnight.Add(time.Duration(p.rnd.Int64N(int64(p.now.Sub(midnight)) + 1))).Truncate(time.Second)
			}
			p.today = append(p.today, at.UTC())
		}
		p.days[d] = -1
		slices.SortFunc(p.today, func(a, b time.Time) int { return b.Compare(a) })
	}
	at := p.today[len(p.today)-1]
	p.today = p.today[:len(p.today)-1]
	return at
}

// left are the days not begun.
func (p *past) left() []int {
	i := slices.IndexFunc(p.days, func(n int) bool { return n >= 0 })
	return p.days[i:]
}

func (p *past) pick(weights []int) int {
	all := 0
	for _, w := range weights {
		all += w
	}
	n := p.rnd.IntN(all)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}

// next makes the next part: up to n orders, then stock.
func (p *past) next(n int) store.History {
	var h store.History
	for ; n > 0 && p.made < p.orders; n-- {
		p.made++
		p.order(&h, p.moment())
	}
	for n > 0 && p.made == p.orders && p.stock < p.vouchers {
		n -= p.batch(&h, min(perBatch, p.vouchers-p.stock))
	}
	return h
}

// parts makes everything, one part while the one before is written.
func (p *past) parts(ctx context.Context) <-chan store.History {
	out := make(chan store.History, 1)
	go func() {
		defer close(out)
		for p.made < p.orders || p.stock < p.vouchers {
			select {
			case out <- p.next(perPart):
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func (p *past) plan() sold {
	weights := make([]int, len(p.plans))
	for i, s := range p.plans {
		weights[i] = s.weight
	}
	return p.plans[p.pick(weights)]
}

// id is sortable and tells its kind; 26 characters as all others.
func (p *past) id(kind string, n int) string {
	return fmt.Sprintf("00SEED%s%019d", strings.ToUpper(kind[:1]), n)
}

// step moves a counter on by a random amount and spells it: codes look drawn
// but never meet.
func (p *past) step(at *uint64, space uint64, symbols string, length int) string {
	*at += 1 + p.rnd.Uint64N(max(2, space/uint64(p.orders+p.vouchers+1)))
	out, n := make([]byte, length), *at
	for i := length - 1; i >= 0; i-- {
		out[i], n = symbols[n%uint64(len(symbols))], n/uint64(len(symbols))
	}
	return string(out)
}

func power(base, exponent int) uint64 {
	n := uint64(1)
	for range exponent {
		n *= uint64(base)
	}
	return n
}

func (p *past) codeText() string {
	return p.step(&p.code, power(len(order.Symbols), 8)/2, order.Symbols, 8)
}

func (p *past) username() string {
	return p.step(&p.user, power(len(order.Symbols), 7)/2, strings.ToLower(order.Symbols), 7)
}

func oneOf[T cmp.Ordered](p *past, all ...T) T { return all[p.rnd.IntN(len(all))] }
