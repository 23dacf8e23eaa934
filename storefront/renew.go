package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// renew orders the plan of an expired order again. The form's nonce makes a
// double tap one order.
func (d *Door) renew(c *fiber.Ctx) error {
	h := hints(form(c))
	o, err := d.Shop.Renew(c.UserContext(), token(c), c.FormValue("nonce"), httpx.ClientNet(c), h)
	if err != nil {
		return d.back(c, err, "")
	}
	return see(c, orderPath(o.Token), along(h)...)
}
