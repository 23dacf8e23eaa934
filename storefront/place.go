package storefront

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// place takes an order form. What cannot be accepted comes back with a message
// at the field, everything typed, and a new nonce.
func (d *Handler) place(c *fiber.Ctx) error {
	site, err := d.site(c)
	if err != nil {
		return err
	}
	typed := templates.PlanForm{PlanID: c.FormValue("plan"), Method: c.FormValue("method", "qris"), Phone: c.FormValue("phone")}
	h := hints(form(c))
	nonce := c.FormValue("nonce")
	if nonce == "" { // not from a page of ours: there is nothing to know it again by
		if nonce, err = newNonce(d.Random, d.Clock.Now()); err != nil {
			return err
		}
	}
	o, err := d.Shop.Orders.Place(c.UserContext(), orders.PlaceIn{
		SiteSlug: site.Slug, PlanID: typed.PlanID, Method: typed.Method, Phone: typed.Phone, Nonce: nonce, Terms: c.FormValue("terms"),
		Lang: string(lang(c)), Hints: h, Client: httpx.ClientNet(c),
	})
	if err == nil {
		return see(c, orderPath(o.Token), along(h)...)
	}
	var f *fault.Error
	if !errors.As(err, &f) || (f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Limited) {
		return err
	}
	sold, offerErr := d.offer(c.UserContext(), site) // the refusal may be about what was sold a moment ago
	if offerErr != nil {
		return offerErr
	}
	page, pageErr := d.plansPage(c, site, false, h, sold)
	if pageErr != nil {
		return pageErr
	}
	page.Form = typed
	page.Form.Phone = truncate(typed.Phone)
	page.Form.Field, page.Form.Message = f.Field, templates.FaultText(page.Lang, err)
	if errors.Is(err, orders.ErrTermsChanged) {
		page.Form.Shown = c.FormValue("terms")
	}
	tellWait(c, err)
	return send(c, httpx.Status(err), page.Theme, page)
}

// longestTyped bounds what is shown again of what was typed.
const longestTyped = 40

// truncate cuts a typed value for showing it again; no honest one is longer.
func truncate(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > longestTyped {
		return string(r[:longestTyped])
	}
	return s
}
