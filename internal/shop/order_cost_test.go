package shop_test

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
	"gerai/internal/store"
	"gerai/internal/testenv"
)

// mostCommits is how many transactions an order may cost, from placing to its voucher.
const mostCommits = 6

// mostStatements is how many statements it may cost without its open event stream: each is a
// round trip to PostgreSQL. How often the runner looks for jobs meanwhile depends on time.
const mostStatements = 90

// meter counts what the store is asked for, by who asked.
type meter struct {
	mu                  sync.Mutex
	commits, statements map[string]int
}

func newMeter() *meter { m := &meter{}; m.reset(); return m }

func (m *meter) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits, m.statements = map[string]int{}, map[string]int{}
}

func (m *meter) tell(what string) {
	who := caller()
	if strings.HasPrefix(who, "internal/shop/shoptest.") || strings.HasPrefix(who, "internal/shop_test.") {
		return // the test itself looks
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if what == store.Commit {
		m.commits[who]++
		return
	}
	m.statements[who+" | "+strings.Join(strings.Fields(what), " ")]++
}

// caller is the function that asked the store, or had the ledger do it.
func caller() string {
	var stack [32]uintptr
	frames := runtime.CallersFrames(stack[:runtime.Callers(3, stack[:])])
	for {
		f, more := frames.Next()
		name, ours := strings.CutPrefix(f.Function, "gerai/")
		if ours && !strings.HasPrefix(name, "internal/store.") && !strings.HasPrefix(name, "internal/shop/internal/ledger.") {
			return name
		}
		if !more {
			return "?"
		}
	}
}

func sum(m map[string]int) (n int) {
	for _, k := range m {
		n += k
	}
	return n
}

func listed(m map[string]int) string {
	var b strings.Builder
	for _, who := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "\n%4d %s", m[who], who)
	}
	return b.String()
}

// selling is a shop whose jobs run, as they do in the program.
type selling struct {
	*shoptest.Harness
	*meter
}

func newSelling(t testing.TB, database string) selling {
	m := newMeter()
	k := shoptest.New(t, shoptest.OnDatabase(database), shoptest.Traced(m.tell))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- k.Runner.Run(ctx) }()
	t.Cleanup(func() { stop(); k.Must(<-ended) })
	return selling{k, m}
}

// sell takes an order from the form to the voucher on its page.
func (s selling) sell() order.Order {
	s.Helper()
	o := s.Buy("sehari", "qris")
	s.page(o)
	s.Pay(o)
	s.Must(s.Xendit.Drain(ctx))
	s.until(func() bool { return s.Order(o).Status == order.Activated })
	s.page(o)
	return o
}

func (s selling) page(o order.Order) {
	s.Helper()
	if _, err := s.Shop.Orders.View(ctx, o.Token); err != nil {
		s.Fatal(err)
	}
}

func (s selling) until(done func() bool) {
	s.Helper()
	testenv.Eventually(s, time.Minute, func() (bool, string) { return done(), "the order does not go on" })
}

// rest lets the jobs of an order end.
func (s selling) rest(o order.Order) {
	s.Helper()
	s.until(func() bool {
		for _, kind := range []jobs.Kind{jobs.ChargeCreate, jobs.OrderActivate} {
			if left, err := s.Store.HasJob(ctx, kind, string(o.ID)); err != nil || left {
				return false
			}
		}
		all, err := s.Store.WebhookEventsOf(ctx, o.ID)
		for _, e := range all {
			if left, err := s.Store.HasJob(ctx, jobs.EventProcess, e.ID); err != nil || left {
				return false
			}
		}
		return err == nil && len(all) > 0
	})
}

// Each transaction of an order is a sync of the disk that the next order waits for.
func TestAnOrderCostsFewTransactions(t *testing.T) {
	testenv.Databases(t, func(t *testing.T, database string) {
		s := newSelling(t, database)
		s.rest(s.sell()) // what is noted once in a while is noted now
		s.reset()
		o := s.sell()
		s.Clock.Add(4 * time.Second) // what was put off until an answer is late
		s.rest(o)
		if n := sum(s.commits); n > mostCommits {
			t.Errorf("an order costs %d transactions, at most %d are allowed:%s", n, mostCommits, listed(s.commits))
		}
		maps.DeleteFunc(s.statements, func(who string, _ int) bool { return strings.HasPrefix(who, "internal/jobs/runner.") })
		if n := sum(s.statements); n > mostStatements {
			t.Errorf("an order costs %d statements, at most %d are allowed:%s", n, mostStatements, listed(s.statements))
		}
		t.Logf("%d transactions%s\n%d statements%s", sum(s.commits), listed(s.commits), sum(s.statements), listed(s.statements))
	})
}

func BenchmarkOrder(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			database := ""
			if engine == "postgres" {
				database = testenv.Postgres(b)
			}
			s := newSelling(b, database)
			s.rest(s.sell())
			s.reset()
			b.ReportAllocs()
			began := cpu(b)
			for b.Loop() {
				s.sell()
			}
			b.ReportMetric(float64((cpu(b)-began).Microseconds())/1000/float64(b.N), "cpu-ms/op")
			b.ReportMetric(float64(sum(s.commits))/float64(b.N), "commits/op")
			b.ReportMetric(float64(sum(s.statements))/float64(b.N), "statements/op")
		})
	}
}

// cpu is what this process used, the simulators in it as well.
func cpu(t testing.TB) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
