package routeros

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

func rounds(g *gate, n int, took time.Duration, broken bool) {
	for range n {
		g.running++
		g.leave(took, broken)
	}
}

// More at once while answers are quick, fewer when they are slow, the
// processor is hot or connections break; never none.
func TestTheGateLearns(t *testing.T) {
	g := newGate(newPool(8, time.Minute), newPool(2, time.Minute), 8)
	if g.size() != 2 {
		t.Fatal(g.size())
	}
	rounds(g, 60, 20*time.Millisecond, false)
	if g.size() != 8 {
		t.Fatalf("quick answers: %d", g.size())
	}
	rounds(g, 1, 90*time.Millisecond, false)
	slow := g.size()
	rounds(g, 4, 90*time.Millisecond, false) // of the same round
	if slow != 5 || g.size() != slow {
		t.Fatalf("slow answers: %d, then %d", slow, g.size())
	}
	rounds(g, 200, 300*time.Millisecond, false)
	if g.size() != 1 {
		t.Fatalf("still slow: %d", g.size())
	}
	g = newGate(newPool(8, time.Minute), newPool(2, time.Minute), 8)
	rounds(g, 60, time.Millisecond, false)
	g.heat(75)
	before := g.window
	rounds(g, 20, time.Millisecond, false)
	if g.window > before {
		t.Error("grows on a hot router")
	}
	g.heat(95)
	if g.size() > 4 {
		t.Errorf("too hot: %d", g.size())
	}
	rounds(g, 50, time.Millisecond, true)
	if g.size() != 1 {
		t.Errorf("broken: %d", g.size())
	}
}

// While a sale is on the router, mass work keeps to one command; it goes on as
// before afterwards.
func TestTheGateYieldsToSales(t *testing.T) {
	sales := newPool(2, time.Minute)
	g := newGate(newPool(8, time.Minute), sales, 8)
	rounds(g, 60, time.Millisecond, false)
	if err := sales.enter(context.Background()); err != nil {
		t.Fatal(err)
	}
	if g.allowed() != 1 {
		t.Errorf("%d beside a sale", g.allowed())
	}
	if err := g.enter(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() {
		if err := g.enter(ctx); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	cancel()
	all.Wait()
	sales.leave()
	if g.pass(); g.allowed() != 8 {
		t.Errorf("%d after the sale", g.allowed())
	}
}
