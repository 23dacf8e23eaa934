package catalogue

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/store"
	"gerai/templates"
)

// promotion shows one promotion, what it was used for, and the form that changes it.
func promotion(k *web.Request) error {
	p, err := k.Shop.Catalogue.Promotion(k.AuditContext(), k.Principal.Sites, k.Param("id"))
	if err != nil {
		return err
	}
	return showPromotion(k, fiber.StatusOK, promotionView{rule: p, known: true}, templates.Typed{})
}

// editPromotion changes the rule of a promotion.
func editPromotion(k *web.Request) error {
	have, err := k.Shop.Catalogue.Promotion(k.AuditContext(), k.Principal.Sites, k.Param("id"))
	if err != nil {
		return err
	}
	if !have.Within(k.Principal.Sites) {
		return store.ErrPromotionNotFound
	}
	p, err := readPromotion(k)
	p.ID = have.ID
	p.Version, _ = strconv.ParseInt(k.FormValue("version"), 10, 64) // what is no number is no version that there is
	if asked, err := k.ReauthenticateFor(err == nil && p.DiscountKind.Free()); asked {
		return err
	}
	if err == nil {
		err = k.Shop.Catalogue.SavePromotion(k.AuditContext(), k.Actor(), k.Principal.Sites, p)
	}
	if err == nil {
		return k.SeeOther("/catalogue/promotions/"+p.ID, "m", "promotion.saved")
	}
	return refusedPromotion(k, promotionView{rule: have, known: true}, err)
}
