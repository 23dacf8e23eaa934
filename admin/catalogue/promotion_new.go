package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/templates"
)

// newPromotionForm asks for a new promotion.
func newPromotionForm(k *web.Request) error {
	return showPromotion(k, fiber.StatusOK, promotionView{rule: catalog.Promotion{DiscountKind: catalog.PercentOff}, nonce: web.Nonce()}, templates.Typed{})
}

// newPromotion makes a promotion; the same form sent twice makes one.
func newPromotion(k *web.Request) error {
	p, err := readPromotion(k)
	if asked, err := k.ReauthenticateFor(err == nil && p.DiscountKind.Free()); asked {
		return err
	}
	if err == nil {
		p, err = k.Shop.Catalogue.CreatePromotion(k.AuditContext(), k.Actor(), k.Principal.Sites, p, k.FormValue("nonce"))
	}
	if err == nil {
		return k.SeeOther("/catalogue/promotions/"+p.ID, "m", "promotion.created")
	}
	return refusedPromotion(k, promotionView{rule: catalog.Promotion{}, nonce: web.Truncate(k.FormValue("nonce"))}, err)
}
