package storefront

import (
	"cmp"
	"errors"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// priced looks a code up and shows what the plan costs with it; nothing is ordered.
func (d *Handler) priced(c *fiber.Ctx, site catalog.Site, typed templates.PlanForm, in orders.PlaceIn) error {
	now, err := d.Shop.Orders.Price(c.UserContext(), in)
	if err == nil && in.Promo == "" {
		err = catalog.ErrNoPromotion
	}
	if err = cmp.Or(err, now.Code); err == nil {
		typed.Now, typed.Applied, typed.Personal = &now.Item, true, now.Personal()
		return d.showTyped(c, site, typed, in.Hints, fiber.StatusOK)
	}
	var f *fault.Error
	if !errors.As(err, &f) || (f.Kind != fault.Invalid && f.Kind != fault.Limited) {
		return err
	}
	typed.Field, typed.Message = cmp.Or(f.Field, "promo"), templates.FaultText(lang(c), err)
	if now.Item.PlanID != "" {
		typed.Now = &now.Item
	}
	tellWait(c, err)
	return d.showTyped(c, site, typed, in.Hints, httpx.Status(err))
}
