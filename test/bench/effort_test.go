package bench

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// effort is how long and how often things are measured.
type effort struct {
	hammer   time.Duration // one round of a page
	webhooks time.Duration
	curve    time.Duration // each rate of orders; GERAI_BENCH_SPAN changes it
	points   []float64     // orders per second; GERAI_BENCH_POINTS changes them
	open     []int         // pages that are open while orders come
	repeats  int           // of starts and kills
	orders   []int         // in the books, where growth is measured
	streams  []int         // pages that are open where their memory is measured
}

var (
	wholeEffort = effort{3 * time.Second, 10 * time.Second, 15 * time.Second, []float64{20, 50, 75, 100, 150, 200}, []int{0, 2000}, 5, []int{1_000_000}, []int{2000, 10_000}}
	quickEffort = effort{time.Second, 4 * time.Second, 6 * time.Second, []float64{50, 100}, []int{0}, 2, nil, []int{800}}
)

// effortOf reads GERAI_BENCH_QUICK, GERAI_BENCH_FULL and what changes single numbers.
func effortOf(t testing.TB) effort {
	t.Helper()
	x := wholeEffort
	if os.Getenv("GERAI_BENCH_QUICK") == "1" {
		x = quickEffort
	}
	if os.Getenv("GERAI_BENCH_FULL") == "1" {
		x.orders = append(x.orders[:len(x.orders):len(x.orders)], 10_000_000)
	}
	if text := os.Getenv("GERAI_BENCH_POINTS"); text != "" {
		x.points = nil
		for p := range strings.SplitSeq(text, ",") {
			rate, err := strconv.ParseFloat(p, 64)
			if err != nil || rate <= 0 {
				t.Fatalf("GERAI_BENCH_POINTS: %q is no rate", p)
			}
			x.points = append(x.points, rate)
		}
	}
	if text := os.Getenv("GERAI_BENCH_OPEN_COUNTS"); text != "" {
		x.open = nil
		for p := range strings.SplitSeq(text, ",") {
			n, err := strconv.Atoi(p)
			if err != nil || n < 0 {
				t.Fatalf("GERAI_BENCH_OPEN_COUNTS: %q is no number of pages", p)
			}
			x.open = append(x.open, n)
		}
	}
	if text := os.Getenv("GERAI_BENCH_SPAN"); text != "" {
		var err error
		if x.curve, err = time.ParseDuration(text); err != nil || x.curve <= rampUp {
			t.Fatalf("GERAI_BENCH_SPAN: %q must be more than %s", text, rampUp)
		}
	}
	return x
}
