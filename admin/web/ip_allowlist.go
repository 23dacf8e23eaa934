package web

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// ipAllowlist refuses requests from networks that the policy does not list. When the
// policy cannot be read, every request is refused.
func (d *Handler) ipAllowlist(c *fiber.Ctx) error {
	httpx.NoStore(c)
	policy, err := d.Accounts.Policy(c.UserContext())
	if err != nil {
		return err
	}
	if !policy.Admits(httpx.ClientIP(c)) {
		return errNotFromHere
	}
	return c.Next()
}
