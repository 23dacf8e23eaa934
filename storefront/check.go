package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// check asks the gateway now, on the customer's wish.
func (d *Door) check(c *fiber.Ctx) error {
	return d.back(c, d.Shop.Check(c.UserContext(), token(c), httpx.ClientNet(c)), "checked")
}
