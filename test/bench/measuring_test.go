package bench

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestPercentiles(t *testing.T) {
	hundred := make(times, 100)
	for i := range hundred {
		hundred[99-i] = time.Duration(i+1) * time.Millisecond
	}
	for _, c := range []struct {
		of    times
		share float64
		want  time.Duration
	}{
		{nil, .5, 0}, {times{7}, .5, 7}, {times{7}, .99, 7}, {times{3, 1, 2}, .5, 2}, {times{4, 1, 2, 3}, .5, 2}, {times{1, 2}, 1, 2}, {times{1, 2}, 0, 1},
		{hundred, .5, 50 * time.Millisecond}, {hundred, .99, 99 * time.Millisecond}, {hundred, 1, 100 * time.Millisecond},
	} {
		if got := c.of.at(c.share); got != c.want {
			t.Errorf("%v of %d durations: %v, want %v", c.share, len(c.of), got, c.want)
		}
	}
	if !slices.IsSortedFunc(hundred, func(a, b time.Duration) int { return int(b - a) }) {
		t.Error("asking for a percentile reorders the durations")
	}
}

// The times at which calls are due must not depend on how long earlier calls take, or on how late the generator is.
func TestOpenLoopKeepsItsSchedule(t *testing.T) {
	start := time.Unix(1000, 0)
	now := start
	clock := loadClock{now: func() time.Time { return now }, until: func(x time.Time) { now = x }}
	block := make(chan struct{})
	var mu sync.Mutex
	var due []time.Duration
	first := true
	clock.until = func(x time.Time) {
		now = x
		if first { // once the generator does not get a processor
			now, first = x.Add(250*time.Millisecond), false
		}
		if x.Equal(start.Add(900 * time.Millisecond)) {
			close(block) // no call returns before the last one was begun
		}
	}
	late := openLoop(clock, 10, time.Second, func(_ int, at time.Time) {
		<-block
		mu.Lock()
		defer mu.Unlock()
		due = append(due, at.Sub(start))
	})
	slices.Sort(due)
	milliseconds := func(of []time.Duration) (out []int64) {
		for _, d := range of {
			out = append(out, d.Milliseconds())
		}
		return out
	}
	if got, want := milliseconds(due), []int64{0, 100, 200, 300, 400, 500, 600, 700, 800, 900}; !slices.Equal(got, want) {
		t.Errorf("calls were due after %v ms, want %v", got, want)
	}
	if got, want := milliseconds(late), []int64{0, 250, 150, 50, 0, 0, 0, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("the generator was late by %v ms, want %v", got, want)
	}
}

func TestProcessorTimeOfProcStat(t *testing.T) {
	// A name may hold what looks like other fields.
	s, err := parseStat("4711 (a) S 1 (b) S 42 4711 4711 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 9 0 100 1000 10\n")
	if err != nil || s != (procStat{parent: 42, own: 2 * time.Second, waited: 500 * time.Millisecond}) {
		t.Errorf("%+v, %v", s, err)
	}
	for _, bad := range []string{"", "4711 (x) S 1 2", "4711 x S 42 4711 4711 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 9 0 100 1000 10", "1 (x) S 42 4711 4711 0 -1 4194560 100 200 0 0 150 many 30 20 20 0"} {
		if s, err := parseStat(bad); err == nil {
			t.Errorf("%q is %+v", bad, s)
		}
	}
}

// A point counts each customer once, and for its rate only vouchers that were seen while the load lasted.
func TestPointOfACurve(t *testing.T) {
	start := time.Unix(1000, 0)
	from, to := start.Add(2*time.Second), start.Add(10*time.Second)
	at := func(paid, shown float64) sale {
		return sale{ordered: time.Millisecond, paid: start.Add(time.Duration(paid * 1e9)), shown: time.Duration(shown * 1e9)}
	}
	gone := at(5, 0)
	gone.err = errors.New("no voucher in time")
	after := at(5, 1)
	after.err = errors.New("GET: 500")
	p := point{reasons: map[string]int{}}
	for _, x := range []sale{at(1, .5), at(1, 1), at(9, .9), at(9, 1), {err: errRefused}, {err: errors.New("POST: 500")}, gone, after} {
		p.add(x, from, to)
	}
	if p.came != 8 || p.done != 4 || p.rate != 2 || p.refused != 1 || p.failed != 3 || p.lost != 1 || len(p.shown) != 4 || len(p.ordered) != 6 {
		t.Errorf("%+v", p)
	}
	if p.reasons["POST: 500"] != 1 || len(p.reasons) != 3 {
		t.Errorf("reasons: %v", p.reasons)
	}
}
