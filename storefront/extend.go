package storefront

import "github.com/gofiber/fiber/v2"

// extend orders more of the same plan: for the same account while it lives,
// else a voucher of its own. The form's nonce makes a double tap one order.
func (d *Handler) extend(c *fiber.Ctx) error { return d.again(c, d.Shop.Orders.Extend) }
