package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

func orderPath(t order.Token) string { return "/o/" + string(t) }

func token(c *fiber.Ctx) order.Token { return order.Token(c.Params("token")) }

// order shows one order in whatever state it is. It is safe to reload: nothing
// but the time of the next look at the gateway changes.
func (d *Handler) order(c *fiber.Ctx) error {
	v, err := d.Shop.Orders.View(c.UserContext(), token(c))
	if err != nil {
		return err
	}
	page, err := d.orderPages.page(c, v.Reading, d.catalogueCache.generation(), func() (*precompressed, error) { return d.renderOrder(c, v) })
	if err != nil {
		return err
	}
	nonce, err := newNonce(d.Random, v.Now)
	if err != nil {
		return err
	}
	httpx.NoStore(c)
	page.send(c, nonce)
	return nil
}

func (d *Handler) renderOrder(c *fiber.Ctx, v orders.View) (*precompressed, error) {
	page, err := d.orderPage(c, v, hints(query(c)))
	if err != nil {
		return nil, err
	}
	page.Notice = notice(page, c.Query("m"))
	html, err := templates.Render(page)
	if err != nil {
		return nil, err
	}
	kept, err := precompress(html, page.Nonce)
	if err == nil {
		kept.policy, kept.quick = policy(page.Theme.StyleHash), true
	}
	return kept, err
}

// orderPage is the page of an order, with a new nonce where it offers to order
// again.
func (d *Handler) orderPage(c *fiber.Ctx, v orders.View, h order.Hints) (templates.OrderPage, error) {
	base, err := d.base(c, orderPath(v.Order.Token))
	if err != nil {
		return templates.OrderPage{}, err
	}
	base.Now, base.Private, base.Test, base.Auto = v.Now, true, !v.Live, c.Query("auto") == "1"
	base.Hints = h
	if v.Zone != nil {
		base.Zone = v.Zone
	}
	page := presentOrder(base, v)
	if page.Orders() {
		page.Nonce, err = newNonce(d.Random, v.Now)
	}
	return page, err
}
