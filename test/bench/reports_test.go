package bench

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"gerai/internal/clock"
	"gerai/internal/report"
	"gerai/internal/secret"
	"gerai/internal/shop"
	"gerai/internal/store"
)

// pastOrders is how many orders reports are measured on; GERAI_BENCH_ORDERS
// changes it.
func pastOrders() int {
	if n, err := strconv.Atoi(os.Getenv("GERAI_BENCH_ORDERS")); err == nil {
		return n
	}
	return 1_000_000
}

// reports measures reports over a year of many orders against adding up the
// raw rows, and the pages of the panel on the same past.
func reports(t *testing.T, p *page, e engine) {
	n, database := pastOrders(), e.database(t)
	took := seedInto(t, database, benchKey, n, n/5)
	p.row("seed "+thousands(n)+" orders and "+thousands(n/5)+" vouchers, "+e.name, "< 3 min", took.Round(time.Second).String(), "-", "gerai-demo seed, sums included")
	upgrade(t, p, e, database, benchKey, n)
	restore(t, p, e, database, benchKey, n)
	measureReports(t, p, e.name, database)
	t.Run(e.name, func(t *testing.T) { panelTimes(t, p, e, database, benchKey) }) // its processes have ended when the next one wants the file
	grownPast(t, p, e, database, n)
}

func measureReports(t *testing.T, p *page, name, database string) {
	keys, err := secret.Parse(benchKey)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{Database: database, Keys: keys, Clock: clock.System{}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	zone, err := time.LoadLocation("Asia/Jakarta")
	if err != nil {
		t.Fatal(err)
	}
	sh := shop.New(shop.Options{Store: s, Clock: clock.System{}, Zone: zone})
	today := sh.Reports.ThisDay()
	for _, days := range []int{60, 365} {
		f := report.Filter{From: today.Add(1 - days), To: today, Test: true}
		var summed times
		var sold int64
		for range 5 {
			began := time.Now()
			books, err := sh.Reports.Books(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			sold = report.Total(books.Cells, report.DefaultFees).Sold
			summed = append(summed, time.Since(began))
		}
		began := time.Now()
		var raw int64
		for d := f.From; d <= f.To; d = d.Add(1) {
			cells, err := s.DayCells(t.Context(), d, zone, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.DayFlows(t.Context(), d, zone); err != nil {
				t.Fatal(err)
			}
			raw += report.Total(cells, nil).Sold
		}
		if raw != sold {
			t.Errorf("%d days: %d sold by the sums, %d by the rows", days, sold, raw)
		}
		p.row(fmt.Sprintf("report of %d days, %s", days, name), "< 1 s", summed.at(0.5).Round(time.Millisecond).String(), "raw rows: "+time.Since(began).Round(time.Millisecond).String(),
			"median of 5; "+thousands(int(sold))+" orders sold in the range")
	}
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return strings.TrimPrefix(s, ",")
}

// TestBenchReportsOn measures reports alone on a database that is there already:
// GERAI_BENCH_REPORTS names it, GERAI_BENCH_KEY opens it.
func TestBenchReportsOn(t *testing.T) {
	database := os.Getenv("GERAI_BENCH_REPORTS")
	if database == "" {
		t.Skip("left out: GERAI_BENCH_REPORTS names no database")
	}
	benchKey = os.Getenv("GERAI_BENCH_KEY")
	measureReports(t, newPage(os.Stdout, effortOf(t)), "database at hand", database)
}
