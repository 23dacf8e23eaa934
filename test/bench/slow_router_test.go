package bench

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// slowRouter measures activations onto a router that takes 20 ms per command.
func slowRouter(t *testing.T, p *page, _ engine) {
	d := start(t, anyPorts...)
	const n = 500
	d.put("/_sim/routers/"+d.Routers[0].Name+"/faults", `{"down":true}`)
	var paths []string
	for range n {
		path, code, err := d.order()
		if err != nil {
			t.Fatal(err)
		}
		if err := d.pay(code); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	d.put("/_sim/routers/"+d.Routers[0].Name+"/faults", `{"delay_ms":20}`)
	began := time.Now()
	var first time.Duration
	for _, path := range paths {
		if _, err := d.voucher(path, 20*time.Millisecond, 3*time.Minute); err != nil {
			t.Fatal(err)
		}
		if first == 0 { // paid first, so delivered first
			first = time.Since(began)
		}
	}
	p.row("waiting orders activated once a slow router is back", "first <= 5 s, all of 500 <= 60 s", fmt.Sprintf("first after %s, %d in %s", short(first), n, short(time.Since(began))), "-",
		fmt.Sprintf("20 ms per command, two connections; includes noticing that it is back. %d cores", runtime.NumCPU()))
}

// slowRouterRate offers more orders than a router with 20 ms a command can take: a sale is three commands, one after the other on one
// of the connections for sales.
func slowRouterRate(t *testing.T, p *page, e engine) {
	const takes = 20 * time.Millisecond
	s := setStage(t, e, staged{commandTakes: takes})
	s.sold() // the connections are there
	most := 0
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				most = max(most, s.onRouter(0).Connections)
			}
		}
	}()
	x := s.sell(60, p.curve)
	close(stop)
	<-done
	bound := float64(most) / (3 * takes).Seconds()
	p.row("orders per second onto a router that takes 20 ms a command, "+e.name, ">= 0.9x of connections / (3 x 20 ms)", fmt.Sprintf("%.1f, %.2fx", x.rate, x.rate/bound), fmt.Sprintf("%.1f", bound),
		fmt.Sprintf("60 offered, %d connections at most, those of reviews and of mass work included; %d failed", most, x.failed))
}
