package storefront

import "github.com/gofiber/fiber/v2"

// connect logs the device in that ordered. When the router does not see it,
// the page says so beside the login link and the credentials.
func (d *Handler) connect(c *fiber.Ctx) error {
	return d.back(c, d.Shop.Vouchers.Connect(c.UserContext(), token(c), hints(form(c))), "connected")
}
