package shop

import (
	"sync"
	"time"

	"gerai/internal/order"
)

// glances keeps views for a moment: a page, its picture and its status are
// asked within the same second, and by many phones at once after an outage. A
// change made in this process is seen at once; one made by another replica
// after glanceLife, and open event streams, which hear of it, ask for a fresh
// view.
type glances struct {
	mu     sync.Mutex
	views  map[order.Token]View
	tokens map[order.ID]order.Token
	drops  uint64
}

const (
	glanceLife  = time.Second
	mostGlances = 4096
)

func (g *glances) get(t order.Token, now time.Time) (View, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v, found := g.views[t]
	if age := now.Sub(v.Now); !found || age < 0 || age >= glanceLife {
		return View{}, false
	}
	v.Now = now
	return v, true
}

// mark returns a mark to hand to put.
func (g *glances) mark() uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.drops
}

// put keeps a view unless anything changed since the mark was taken: the view
// may have been read before that change.
func (g *glances) put(v View, mark uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.drops != mark {
		return
	}
	if g.views == nil || len(g.views) >= mostGlances {
		g.views, g.tokens = map[order.Token]View{}, map[order.ID]order.Token{}
	}
	g.views[v.Order.Token] = v
	g.tokens[v.Order.ID] = v.Order.Token
}

func (g *glances) drop(id order.ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drops++
	delete(g.views, g.tokens[id])
	delete(g.tokens, id)
}
