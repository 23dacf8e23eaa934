package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// pollGateway asks the gateway now, on the customer's wish.
func (d *Handler) pollGateway(c *fiber.Ctx) error {
	return d.back(c, d.Shop.Orders.PollGateway(c.UserContext(), token(c), httpx.ClientNet(c)), "checked")
}
