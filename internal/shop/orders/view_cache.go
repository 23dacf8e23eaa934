package orders

import (
	"context"
	"time"

	"gerai/internal/cache"
	"gerai/internal/clock"
	"gerai/internal/order"
)

const (
	viewLife = time.Second
	maxViews = 4096
)

// viewCache keeps views for a moment: a page, its picture and its status are
// asked within the same second, and by many phones at once after an outage. A
// change made in this process is seen at once; one made by another replica
// after viewLife, and open event streams, which hear of it, ask for a fresh
// view, which the page that is loaded then shows as well.
type viewCache struct {
	ids   *cache.Memo[order.Token, order.ID] // an order keeps its token
	views *cache.Memo[order.ID, View]        // by what a change names
}

func newViewCache(c clock.Clock) viewCache {
	return viewCache{cache.NewMemo[order.Token, order.ID](nil, 0, maxViews), cache.NewMemo[order.ID, View](c, viewLife, maxViews)}
}

// Drop forgets the view of an order.
func (g viewCache) Drop(id order.ID) { g.views.Drop(id) }

// get returns the view of an order that has a token, at most viewLife old.
func (g viewCache) get(ctx context.Context, t order.Token, id func(context.Context, order.Token) (order.ID, error), view func(context.Context, order.ID) (View, error)) (View, error) {
	o, err := g.id(ctx, t, id)
	if err != nil {
		return View{}, err
	}
	return g.views.Get(ctx, o, func(ctx context.Context) (View, error) { return view(ctx, o) })
}

// fresh returns a view that is read from now on, and keeps it.
func (g viewCache) fresh(ctx context.Context, t order.Token, id func(context.Context, order.Token) (order.ID, error), view func(context.Context, order.ID) (View, error)) (View, error) {
	o, err := g.id(ctx, t, id)
	if err != nil {
		return View{}, err
	}
	g.Drop(o)
	return g.views.Get(ctx, o, func(ctx context.Context) (View, error) { return view(ctx, o) })
}

// id returns the order that a token leads to.
func (g viewCache) id(ctx context.Context, t order.Token, id func(context.Context, order.Token) (order.ID, error)) (order.ID, error) {
	return g.ids.Get(ctx, t, func(ctx context.Context) (order.ID, error) { return id(ctx, t) })
}
