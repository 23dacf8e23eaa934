package storefront

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/money"
)

// method chooses another way to pay, or a way to pay the rest. The form carries
// the amount that it showed, so that another one is never charged unseen.
func (d *Handler) method(c *fiber.Ctx) error {
	shown, err := strconv.ParseInt(c.FormValue("due", "0"), 10, 64)
	if err != nil {
		shown = -1 // no amount at all: the page is shown again
	}
	return d.back(c, d.Shop.Orders.SwitchShown(c.UserContext(), token(c), c.FormValue("method"), httpx.ClientNet(c), money.Rupiah(shown)), "")
}
