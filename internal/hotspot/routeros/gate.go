package routeros

import (
	"context"
	"sync"
	"time"
)

// gate bounds how many commands of mass work run on one router at once. MikroTik
// publishes no figure of how many adds per second a router bears, so it finds
// out: one more after each round of quick answers, a third fewer
// when answers become slow, half when the processor is hot or a connection
// breaks. While a sale uses the router mass work keeps to one command.
type gate struct {
	lane  *pool // its own connections: mass work never takes a sale's place
	sales *pool

	mu      sync.Mutex
	turn    *sync.Cond
	most    float64
	window  float64       // how many may run
	quick   time.Duration // the quickest answer lately
	hold    int           // answers to wait for before the next cut
	running int
	hot     bool // the processor is busy enough: do not grow
}

const (
	firstWindow = 2
	tolerated   = 15 * time.Millisecond // of jitter above twice the quickest answer
	hotCPU      = 70                    // per cent: stop growing
	tooHotCPU   = 90                    // shrink
)

func newGate(lane, sales *pool, most int) *gate {
	g := &gate{lane: lane, sales: sales, most: float64(most), window: min(firstWindow, float64(most))}
	g.turn = sync.NewCond(&g.mu)
	return g
}

// enter waits for a turn.
func (g *gate) enter(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.turn.Broadcast()
	})
	defer stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	for ctx.Err() == nil && g.running >= g.allowed() {
		g.turn.Wait()
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	g.running++
	return nil
}

func (g *gate) allowed() int {
	if g.sales.busy() {
		return 1
	}
	return int(g.window)
}

// leave gives the turn back and learns from how long the command took.
func (g *gate) leave(took time.Duration, broken bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	g.hold--
	switch {
	case broken:
		g.cut(0.5)
	case g.quick == 0 || took < g.quick:
		g.quick = took
	default:
		g.quick += g.quick / 256 // forget a lucky one slowly
	}
	switch {
	case broken:
	case took > 2*g.quick+tolerated:
		g.cut(0.67)
	case !g.hot && g.window < g.most:
		g.window = min(g.window+1/g.window, g.most)
	}
	g.turn.Broadcast()
}

// pass gives a turn back that was not used.
func (g *gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running--
	g.turn.Broadcast()
}

// size is how many commands may run at once now.
func (g *gate) size() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return int(g.window)
}

// heat learns how busy the router's processor is, in per cent.
func (g *gate) heat(cpu int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hot = cpu >= hotCPU
	if cpu >= tooHotCPU {
		g.cut(0.5)
	}
}

// cut shrinks the window, once per round: the answers that are under way were
// asked for under the old one.
func (g *gate) cut(to float64) {
	if g.hold > 0 {
		return
	}
	g.hold = int(g.window)
	g.window = max(1, g.window*to)
}
