package storefront

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/hotspot"
)

// pass gives the device that asks a few minutes of internet to pay this order
// with. It is a top-level form, because small windows lose anything else when
// the internet starts.
func (d *Handler) pass(c *fiber.Ctx) error {
	_, err := d.Shop.Vouchers.GrantPass(c.UserContext(), token(c), hints(form(c)))
	if errors.Is(err, hotspot.ErrNotSeen) {
		return d.back(c, nil, "unseen") // the usual sentence speaks of credentials, which an unpaid order does not show
	}
	return d.back(c, err, "pass")
}
