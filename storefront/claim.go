package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/templates"
)

// claimForm asks for the two codes.
func (d *Handler) claimForm(c *fiber.Ctx) error {
	return d.showClaim(c, fiber.StatusOK, truncate(c.Query("code")), "", hints(query(c)), nil)
}

// claim opens an order by its two codes, on the device that the hints name. A
// wrong code and an unknown order get the same answer.
func (d *Handler) claim(c *fiber.Ctx) error {
	code, claim := c.FormValue("code"), c.FormValue("claim")
	h := hints(form(c))
	t, err := d.Shop.Orders.Claim(c.UserContext(), code, claim, httpx.ClientNet(c))
	switch {
	case err == nil:
		return see(c, orderPath(t), along(h)...)
	case fault.Is(err, fault.Limited):
		tellWait(c, err)
		return d.showClaim(c, fiber.StatusTooManyRequests, truncate(code), truncate(claim), h, err)
	case fault.Is(err, fault.NotFound):
		return d.showClaim(c, fiber.StatusUnprocessableEntity, truncate(code), truncate(claim), h, err)
	}
	return err
}

func (d *Handler) showClaim(c *fiber.Ctx, status int, code, claim string, h order.Hints, failure error) error {
	base, err := d.base(c, "/klaim")
	if err != nil {
		return err
	}
	base.Private, base.Hints = true, h
	page := templates.ClaimPage{Base: base, Code: code, Claim: claim}
	if failure != nil {
		page.Message = templates.FaultText(base.Lang, failure)
	}
	return send(c, status, base.Theme, page)
}
