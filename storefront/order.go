package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/order"
)

func orderPath(t order.Token) string { return "/o/" + string(t) }

func token(c *fiber.Ctx) order.Token { return order.Token(c.Params("token")) }

// order shows one order in whatever state it is. It is safe to reload: nothing
// but the time of the next look at the gateway changes.
func (d *Door) order(c *fiber.Ctx) error {
	v, err := d.Shop.View(c.UserContext(), token(c))
	if err != nil {
		return err
	}
	base, err := d.base(c, orderPath(v.Order.Token))
	if err != nil {
		return err
	}
	base.Now, base.Private, base.Test, base.Auto = v.Now, true, !v.Live, c.Query("auto") == "1"
	base.Hints = hints(query(c))
	if v.Zone != nil {
		base.Zone = v.Zone
	}
	page := present(base, v)
	if page.Orders() {
		if page.Nonce, err = newNonce(d.Random, v.Now); err != nil {
			return err
		}
	}
	page.Notice = notice(page, c.Query("m"))
	return send(c, fiber.StatusOK, base.Theme, page)
}
