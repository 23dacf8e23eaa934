package storefront

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/templates"
)

func orderPath(t order.Token) string { return "/o/" + string(t) }

func token(c *fiber.Ctx) order.Token { return order.Token(c.Params("token")) }

// order shows one order in whatever state it is. It is safe to reload: nothing
// but the time of the next look at the gateway changes.
func (d *Door) order(c *fiber.Ctx) error {
	v, err := d.view(c.UserContext(), token(c))
	if err != nil {
		return err
	}
	base, err := d.base(c, orderPath(v.Order.Token))
	if err != nil {
		return err
	}
	base.Now, base.Private, base.Test, base.Auto = v.Now, true, !v.Live, c.Query("auto") == "1"
	if v.Zone != nil {
		base.Zone = v.Zone
	}
	page := present(base, v)
	if page.Receipt != nil {
		paid, err := d.Store.Payments(c.UserContext(), v.Order.ID)
		if err != nil {
			return err
		}
		for _, p := range paid {
			page.Receipt.Reference, page.Method = p.Reference, p.Method
		}
	}
	if page.State == templates.StateExpired {
		if page.Nonce, err = newNonce(d.Random, v.Now); err != nil {
			return err
		}
	}
	page.Notice = notice(page, c.Query("m"))
	return send(c, fiber.StatusOK, base.Theme, page)
}

// view reads an order, always with its present payment attempt: the shop leaves
// it out when nothing is left to pay, pages still name the method.
func (d *Door) view(ctx context.Context, t order.Token) (shop.View, error) {
	v, err := d.Shop.View(ctx, t)
	if err == nil && v.Attempt.ID == "" {
		v.Attempt, err = d.Store.Attempt(ctx, v.Order.ID, v.Order.AttemptNo)
	}
	return v, err
}
