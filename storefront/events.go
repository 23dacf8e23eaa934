package storefront

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/cache"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/internal/shop/orders"
)

// calmPace is how often a stream reads an order that waits for no payment, in case a
// message was lost.
const calmPace = 15 * time.Second

// events streams the status answer: at once, and whenever it changes. While
// money is awaited the order is also read every few seconds, which makes the
// shop ask the gateway on the customer's behalf.
func (d *Handler) events(c *fiber.Ctx) error {
	t := token(c)
	v, err := d.Shop.Orders.View(c.UserContext(), t)
	if err != nil {
		return err
	}
	id, seen := v.Order.ID, d.snapshotOf(v)
	topic := shop.OrderTopic(id)
	return d.Streams.Serve(c, httpx.StreamOptions{Page: topic}, func(ctx context.Context, send func(httpx.Event) error) {
		news, cancel := d.Bus.Subscribe(topic)
		defer cancel()
		first := seen
		seen.body = nil // it is not kept for as long as the page is open
		d.follow(ctx, openPage{t, id}, first, news, send)
	})
}

// openPage is the order that an open page shows.
type openPage struct {
	token order.Token
	id    order.ID
}

// snapshot is what a look at an order found.
type snapshot struct {
	body    []byte
	tag     string        // of body; "" when the order could not be read
	pace    time.Duration // until the next look
	steady  bool          // as long as the order's version stays, there is no news
	version int64
}

// follow tells an open page what is new, until ctx ends. last is what was seen before news was
// subscribed to: where only a change of the order is news, it is looked whether there was one.
// It keeps little while it waits.
func (d *Handler) follow(ctx context.Context, p openPage, last snapshot, news <-chan cache.Message, send func(httpx.Event) error) {
	told := ""
	for {
		seen := d.look(ctx, p, last)
		if seen.tag != "" && seen.tag != told {
			if send(httpx.Event{Name: "status", ID: seen.tag, Data: seen.body}) != nil {
				return
			}
			told = seen.tag
		}
		last, last.body = seen, nil
		again := time.NewTimer(seen.pace)
		select {
		case <-ctx.Done():
			again.Stop()
			return
		case _, open := <-news:
			again.Stop()
			last.steady = false
			if !open {
				news = nil // the bus is closed; the pace alone goes on
			}
		case <-again.C:
		}
	}
}

// mostLooks is how many open pages read their orders at once: the others wait, and leave
// the database to who orders and pays.
const mostLooks = 8

// look reads an order in a goroutine of its own: a read needs a deep stack, which a page
// that waits for hours would otherwise keep.
func (d *Handler) look(ctx context.Context, p openPage, last snapshot) snapshot {
	select {
	case d.looks <- struct{}{}:
	case <-ctx.Done():
		return snapshot{pace: calmPace}
	}
	found := make(chan snapshot, 1)
	go func() {
		seen := snapshot{pace: calmPace}
		defer func() {
			if x := recover(); x != nil {
				d.Log.ErrorContext(ctx, "panic in the look of an open order page", "panic", fmt.Sprint(x), "stack", string(debug.Stack()))
			}
			<-d.looks
			found <- seen
		}()
		seen = d.readSnapshot(ctx, p, last)
	}()
	return <-found
}

func (d *Handler) readSnapshot(ctx context.Context, p openPage, last snapshot) snapshot {
	soon, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var v orders.View
	same, err := false, error(nil)
	if last.steady {
		if same, err = d.Shop.Orders.Unchanged(soon, p.id, last.version); same {
			return last
		}
	}
	if err == nil {
		v, err = d.Shop.Orders.Fresh(soon, p.token)
	}
	if err != nil {
		if ctx.Err() == nil { // the page is still open
			d.Log.WarnContext(ctx, "open order page not read", "error", err)
		}
		return snapshot{pace: calmPace}
	}
	return d.snapshotOf(v)
}

func (d *Handler) snapshotOf(v orders.View) snapshot {
	body := statusOf(v)
	seen := snapshot{body: body, tag: statusTag(body), pace: calmPace, steady: v.Steady(), version: v.Order.Version}
	if v.Order.Status == order.Pending {
		seen.pace = d.Pace
	}
	return seen
}
