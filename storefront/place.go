package storefront

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
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
	typed := templates.PlanForm{PlanID: c.FormValue("plan"), Method: c.FormValue("method", "qris"), Phone: c.FormValue("phone"), Promo: c.FormValue("promo")}
	h := hints(form(c))
	nonce := c.FormValue("nonce")
	if nonce == "" { // not from a page of ours: there is nothing to know it again by
		if nonce, err = newNonce(d.Random, d.Clock.Now()); err != nil {
			return err
		}
	}
	in := orders.PlaceIn{
		SiteSlug: site.Slug, PlanID: typed.PlanID, Method: typed.Method, Phone: typed.Phone, Promo: typed.Promo, Nonce: nonce, Terms: termsOf(c, typed.Method),
		Lang: string(lang(c)), Hints: h, Client: httpx.ClientNet(c),
	}
	if c.FormValue("apply") != "" {
		return d.priced(c, site, typed, in)
	}
	o, err := d.Shop.Orders.Place(c.UserContext(), in)
	if err == nil {
		return see(c, orderPath(o.Token), along(h)...)
	}
	var f *fault.Error
	if !errors.As(err, &f) || (f.Kind != fault.Invalid && f.Kind != fault.Conflict && f.Kind != fault.Limited) {
		return err
	}
	typed.Field, typed.Message = f.Field, templates.FaultText(lang(c), err)
	if now := (*orders.TermsNow)(nil); errors.As(err, &now) {
		typed.Shown, typed.Now = in.Terms, &now.Item
	}
	tellWait(c, err)
	return d.showTyped(c, site, typed, h, httpx.Status(err))
}

// showTyped shows a form again as it was typed.
func (d *Handler) showTyped(c *fiber.Ctx, site catalog.Site, typed templates.PlanForm, h order.Hints, status int) error {
	sold, err := d.offer(c.UserContext(), site) // a refusal may be about what was sold a moment ago
	if err != nil {
		return err
	}
	page, err := d.plansPage(c, site, false, h, sold)
	if err != nil {
		return err
	}
	typed.Phone, typed.Promo = truncate(typed.Phone), truncate(typed.Promo)
	page.Form = typed
	return send(c, status, page.Theme, page)
}

// termsOf is what the form showed for a method: where that costs something else than what is
// first shown, it has terms of its own.
func termsOf(c *fiber.Ctx, method string) string {
	if own := c.FormValue("terms:" + method); own != "" {
		return own
	}
	return c.FormValue("terms")
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
