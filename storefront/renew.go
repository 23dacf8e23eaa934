package storefront

import "github.com/gofiber/fiber/v2"

// renew orders the plan of an expired order again. The form's nonce makes a
// double tap one order.
func (d *Handler) renew(c *fiber.Ctx) error { return d.again(c, d.Shop.Orders.Renew) }
