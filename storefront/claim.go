package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/templates"
)

// claimForm asks for the two codes.
func (d *Door) claimForm(c *fiber.Ctx) error {
	return d.showClaim(c, fiber.StatusOK, shorten(c.Query("code")), "", nil)
}

// claim opens an order by its two codes. A wrong code and an unknown order get
// the same answer.
func (d *Door) claim(c *fiber.Ctx) error {
	code, claim := c.FormValue("code"), c.FormValue("claim")
	t, err := d.Shop.Claim(c.UserContext(), code, claim, httpx.ClientNet(c))
	switch {
	case err == nil:
		return see(c, orderPath(t))
	case fault.Is(err, fault.Limited):
		tellWait(c, err)
		return d.showClaim(c, fiber.StatusTooManyRequests, shorten(code), shorten(claim), err)
	case fault.Is(err, fault.NotFound):
		return d.showClaim(c, fiber.StatusUnprocessableEntity, shorten(code), shorten(claim), err)
	}
	return err
}

func (d *Door) showClaim(c *fiber.Ctx, status int, code, claim string, failure error) error {
	base, err := d.base(c, "/klaim")
	if err != nil {
		return err
	}
	base.Private = true
	page := templates.ClaimPage{Base: base, Code: code, Claim: claim}
	if failure != nil {
		page.Message = templates.FaultText(base.Lang, failure)
	}
	return send(c, status, base.Theme, page)
}
