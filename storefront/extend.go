package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
)

// extend orders more of the same plan: for the same account while it lives,
// else a voucher of its own. The form's nonce makes a double tap one order.
func (d *Door) extend(c *fiber.Ctx) error {
	h := hints(form(c))
	o, err := d.Shop.Extend(c.UserContext(), token(c), c.FormValue("nonce"), httpx.ClientNet(c), h)
	if err != nil {
		return d.back(c, err, "")
	}
	return see(c, orderPath(o.Token), along(h)...)
}
