package storefront

import "github.com/gofiber/fiber/v2"

// erase erases the phone number and the device hints of a finished order. The
// form carries no hints, so the page that follows knows of none either.
func (d *Handler) erase(c *fiber.Ctx) error {
	return d.back(c, d.Shop.Orders.Erase(c.UserContext(), token(c)), "forgotten")
}
