package storefront

import "github.com/gofiber/fiber/v2"

// move logs out whatever devices use the voucher and logs in the one that
// asks, where the router sees it.
func (d *Handler) move(c *fiber.Ctx) error {
	return d.back(c, d.Shop.Vouchers.MoveDevice(c.UserContext(), token(c), hints(form(c))), "moved")
}
