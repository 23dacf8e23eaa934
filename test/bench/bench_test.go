package bench

import (
	"os"
	"testing"
	"time"
)

// part is one measurement.
type part struct {
	name  string
	each  bool // on every engine, otherwise on SQLite
	quick bool // also where there are only minutes
	run   func(t *testing.T, p *page, e engine)
}

var parts = []part{
	{"bytes on the wire", false, true, bytesOnTheWire},
	{"pages per second", true, true, pagesPerSecond},
	{"idle connections", false, false, idleConnections},
	{"webhooks", true, true, webhooks},
	{"saturation", true, true, saturation},
	{"batch", true, false, tenThousand},
	{"growth", true, false, growth},
	{"many routers", false, false, manyRouters},
	{"a past", true, false, reports},
	{"a larger past", true, false, largerPast},
	{"attack", true, false, underAttack},
	{"lost webhooks", false, false, lostWebhooks},
	{"kills", false, true, kills},
	{"replica killed", true, false, replicaKilled},
	{"sizes", false, true, sizes},
	{"memory of open pages", false, true, openPageMemory},
	{"slow router", false, false, slowRouter},
	{"rate of a slow router", false, false, slowRouterRate},
	{"slow 4G", false, false, slow4G},
}

// TestBench measures everything in one run, because figures of different runs
// on a shared machine cannot be compared. Each part begins after the processes of the part before have ended.
func TestBench(t *testing.T) {
	if os.Getenv("GERAI_BENCH") != "1" {
		t.Skip("left out: measurements run with make bench, never as tests")
	}
	began, p := time.Now(), newPage(os.Stdout, effortOf(t))
	quick := os.Getenv("GERAI_BENCH_QUICK") == "1"
	whole := true // no part was left out by -run
	for _, x := range parts {
		if quick && !x.quick {
			continue
		}
		for _, e := range engines(t) {
			if !x.each && e.shared {
				continue
			}
			ran := false
			t.Run(x.name+", "+e.name, func(t *testing.T) { ran = true; x.run(t, p, e) })
			whole = whole && ran
		}
	}
	if !quick && whole && !t.Failed() {
		p.write(t, time.Since(began))
	}
}

// alone measures one part on every engine that it is for, and writes to the terminal only.
func alone(t *testing.T, of func(t *testing.T, p *page, e engine), on ...engine) {
	p := newPage(os.Stdout, effortOf(t))
	for _, e := range on {
		t.Run(e.name, func(t *testing.T) { of(t, p, e) })
	}
}
