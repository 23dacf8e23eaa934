package storefront

import "github.com/gofiber/fiber/v2"

// method chooses another way to pay, or a way to pay the rest.
func (d *Door) method(c *fiber.Ctx) error {
	return d.back(c, d.Shop.SwitchMethod(c.UserContext(), token(c), c.FormValue("method")), "")
}
