package orders

import (
	"sync"
	"time"

	"gerai/internal/order"
)

// viewCache keeps views for a moment: a page, its picture and its status are
// asked within the same second, and by many phones at once after an outage. A
// change made in this process is seen at once; one made by another replica
// after viewLife, and open event streams, which hear of it, ask for a fresh
// view.
type viewCache struct {
	mu     sync.Mutex
	views  map[order.Token]View
	tokens map[order.ID]order.Token
	drops  uint64
}

const (
	viewLife = time.Second
	maxViews = 4096
)

func (g *viewCache) get(t order.Token, now time.Time) (View, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	v, found := g.views[t]
	if age := now.Sub(v.Now); !found || age < 0 || age >= viewLife {
		return View{}, false
	}
	v.Now = now
	return v, true
}

// mark returns a mark to hand to put.
func (g *viewCache) mark() uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.drops
}

// put keeps a view unless anything changed since the mark was taken: the view
// may have been read before that change.
func (g *viewCache) put(v View, mark uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.drops != mark {
		return
	}
	if g.views == nil || len(g.views) >= maxViews {
		g.views, g.tokens = map[order.Token]View{}, map[order.ID]order.Token{}
	}
	g.views[v.Order.Token] = v
	g.tokens[v.Order.ID] = v.Order.Token
}

// Drop forgets the view of an order.
func (g *viewCache) Drop(id order.ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drops++
	delete(g.views, g.tokens[id])
	delete(g.tokens, id)
}
