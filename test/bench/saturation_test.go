package bench

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// TestBenchSaturation measures how many orders per second the shop sells, and what becomes of customers when more come.
func TestBenchSaturation(t *testing.T) {
	if os.Getenv("GERAI_BENCH") != "1" {
		t.Skip("left out: GERAI_BENCH=1 asks for it")
	}
	alone(t, saturation, engines(t)...)
}

// saturation offers orders at rising rates, and in the end four times as many as the shop can sell.
func saturation(t *testing.T, p *page, e engine) {
	limit := e.durable(t, time.Second)
	p.row("durable commits per second of this machine, "+e.name, "-", fmt.Sprintf("%.0f", limit.one), "-",
		fmt.Sprintf("one row each, on the disk when they return, one after the other; %.0f on sixteen connections", limit.sixteen))
	for _, open := range p.open {
		s := setStage(t, e, staged{})
		pages := s.openPages(open)
		var points []point
		offer := func(rate float64) {
			x := s.sell(rate, p.curve)
			points = append(points, x)
			asked, failed := pages.answered()
			fmt.Printf("%s, %d pages open, %.0f orders/s: %.1f/s done, %d refused, %d failed (%s); generator late p99 %s; pages asked %d times, p99 %s, %d failed\n",
				e.name, open, rate, x.rate, x.refused, x.failed, x.why(), short(x.late.at(.99)), len(asked)+failed, short(asked.at(.99)), failed)
		}
		for _, rate := range p.points {
			offer(rate)
		}
		offer(4 * peak(points))
		pages.close()
		s.kill()
		curve := p.section("Orders per second, "+e.name, append([]string{"pages open"}, curveHead...)...)
		for _, x := range points {
			p.add(curve, append([]string{thousands(open)}, x.cells(peak(points))...)...)
		}
		summary(p, e, open, points, limit)
	}
}

// summary adds the rows of the budgets that a curve answers.
func summary(p *page, e engine, open int, points []point, limit durableLimit) {
	with, budget, database := "", ">= 120", ""
	if open > 0 {
		with = fmt.Sprintf(" while %s pages are open", thousands(open))
	}
	if e.shared {
		budget = ">= 60, PostgreSQL CPU <= 8 ms an order"
	}
	most := slices.MaxFunc(points, func(a, b point) int { return cmp.Compare(a.rate, b.rate) })
	if e.shared {
		database = fmt.Sprintf(", PostgreSQL %s ms", perOrder(most.used.postgres, most.done))
	}
	busy := most.cores(most.used.all())
	p.row("orders per second"+with+", "+e.name, budget, fmt.Sprintf("%.0f; CPU an order: shop %s ms%s", most.rate, perOrder(most.used.shop, most.done), database), fmt.Sprintf("%.0f commits/s durable", limit.one),
		fmt.Sprintf("at %.0f offered; of %.1f busy cores the generator had %.2f and the simulators %.2f", most.offered, busy, most.cores(most.used.generator), most.cores(most.used.simulators)))
	for _, x := range points {
		if x.offered == 50 {
			p.row("paid to voucher visible at 50 orders/s"+with+", "+e.name, "p50 <= 50 ms, p99 <= 100 ms", fmt.Sprintf("p50 %s, p99 %s", short(x.shown.at(.5)), short(x.shown.at(.99))), "-",
				fmt.Sprintf("%d orders, %d failed; from the payment over webhook, read-back and router to the event on the open page", x.came, x.failed))
		}
	}
	last := points[len(points)-1]
	p.row("four times more orders than it can sell"+with+", "+e.name, ">= 90 % of the peak, p99 <= 1 s for who has paid", fmt.Sprintf("%.0f %%, p99 %s", 100*last.rate/most.rate, short(last.shown.at(.99))), "-",
		fmt.Sprintf("%.0f offered, %.0f done a second; of %d customers %d refused, %d failed, %d of them had paid; generator %.2f cores", last.offered, last.rate, last.came, last.refused, last.failed, last.lost, last.cores(last.used.generator)))
}
