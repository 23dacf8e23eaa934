package storefront

import (
	"bytes"
	"context"
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
	topic := shop.OrderTopic(v.Order.ID)
	return d.Streams.Serve(c, httpx.StreamOptions{Page: topic}, func(ctx context.Context, send func(httpx.Event) error) {
		news, cancel := d.Bus.Subscribe(topic)
		defer cancel()
		d.follow(ctx, t, news, send)
	})
}

func (d *Handler) follow(ctx context.Context, t order.Token, news <-chan cache.Message, send func(httpx.Event) error) {
	var last []byte
	for {
		pace := calmPace
		v, err := d.viewSoon(ctx, t)
		if err != nil {
			d.Log.WarnContext(ctx, "open order page not read", "error", err)
		} else {
			if body := statusOf(v); !bytes.Equal(body, last) {
				if send(httpx.Event{Name: "status", ID: statusTag(body), Data: body}) != nil {
					return
				}
				last = body
			}
			if v.Order.Status == order.Pending {
				pace = d.Pace
			}
		}
		wait := time.NewTimer(pace)
		select {
		case <-ctx.Done():
			wait.Stop()
			return
		case _, open := <-news:
			wait.Stop()
			if !open {
				news = nil // the bus is closed; the pace alone goes on
			}
		case <-wait.C:
		}
	}
}

func (d *Handler) viewSoon(ctx context.Context, t order.Token) (orders.View, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return d.Shop.Orders.Fresh(ctx, t)
}
