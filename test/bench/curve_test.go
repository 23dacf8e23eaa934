package bench

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// point is one rate of a curve of load.
type point struct {
	offered                           float64 // orders per second
	rate                              float64 // vouchers per second that customers saw while the load lasted
	came, done, refused, failed, lost int
	reasons                           map[string]int
	ordered, shown                    times // of those who got that far
	late                              times // of the load generator
	used                              work
	took                              time.Duration
}

// rampUp is the part of a point's time that its rate leaves out: until the first vouchers are there.
const rampUp = 2 * time.Second

// sell offers orders at a rate for a while, spread over the sites, and waits until each customer has a voucher or has given up.
func (s *stage) sell(rate float64, span time.Duration) point {
	s.Helper()
	p := point{offered: rate, reasons: map[string]int{}}
	var mu sync.Mutex
	began, before := time.Now(), s.worked()
	p.late = openLoop(wallClock, rate, span, func(i int, due time.Time) {
		x := s.buy(i%len(s.sites), due)
		mu.Lock()
		defer mu.Unlock()
		p.add(x, began.Add(rampUp), began.Add(span))
	})
	p.took, p.used = time.Since(began), s.worked().minus(before)
	p.rate /= (span - rampUp).Seconds()
	return p
}

// add counts one customer; a voucher counts for the rate when it was seen between from and to.
func (p *point) add(x sale, from, to time.Time) {
	p.came++
	if x.ordered > 0 {
		p.ordered = append(p.ordered, x.ordered)
	}
	switch {
	case errors.Is(x.err, errRefused) && x.paid.IsZero():
		p.refused++
		return
	case x.err != nil:
		p.failed++
		if !x.paid.IsZero() && x.shown == 0 {
			p.lost++
		}
		p.reasons[x.err.Error()]++
		return
	}
	p.done++
	p.shown = append(p.shown, x.shown)
	if at := x.paid.Add(x.shown); !at.Before(from) && at.Before(to) {
		p.rate++
	}
}

// why names the reasons of failures, the most frequent first.
func (p point) why() string {
	names := slices.SortedFunc(maps.Keys(p.reasons), func(a, b string) int { return p.reasons[b] - p.reasons[a] })
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%d %s", p.reasons[n], n))
	}
	return strings.Join(out, ", ")
}

// peak is the highest rate of a curve.
func peak(points []point) (most float64) {
	for _, p := range points {
		most = max(most, p.rate)
	}
	return most
}

// cores is how many processors were kept busy.
func (p point) cores(d time.Duration) float64 { return d.Seconds() / p.took.Seconds() }

var curveHead = []string{"offered/s", "done/s", "of the peak", "refused", "failed", "paid to voucher p50", "p99", "order and code p99", "shop CPU/order", "database CPU/order", "cores: shop", "database", "simulators", "generator"}

// cells is a point as a row of a table.
func (p point) cells(most float64) []string {
	share := "-"
	if most > 0 {
		share = fmt.Sprintf("%.0f %%", 100*p.rate/most)
	}
	failed := fmt.Sprint(p.failed)
	if p.lost > 0 {
		failed += fmt.Sprintf(" (%d had paid)", p.lost)
	}
	core := func(d time.Duration) string { return fmt.Sprintf("%.2f", p.cores(d)) }
	return []string{fmt.Sprintf("%.0f", p.offered), fmt.Sprintf("%.1f", p.rate), share, fmt.Sprint(p.refused), failed, short(p.shown.at(.5)), short(p.shown.at(.99)), short(p.ordered.at(.99)),
		perOrder(p.used.shop, p.done) + " ms", perOrder(p.used.postgres+p.used.redis, p.done) + " ms", core(p.used.shop), core(p.used.postgres + p.used.redis), core(p.used.simulators), core(p.used.generator)}
}
