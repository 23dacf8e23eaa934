package catalogue

import (
	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/store"
	"gerai/templates"
)

// endPromotionForm shows what ending a promotion does.
func endPromotionForm(k *web.Request) error { return confirmEndPromotion(k, nil) }

// endPromotion ends a promotion now.
func endPromotion(k *web.Request) error {
	p, err := promotionToEnd(k)
	if err == nil {
		err = k.TypedName(p.Name)
	}
	if err == nil {
		err = k.Shop.Catalogue.EndPromotion(k.AuditContext(), k.Actor(), k.Principal.Sites, p.ID, k.Reason())
	}
	if err != nil {
		return confirmEndPromotion(k, err)
	}
	return k.SeeOther("/catalogue/promotions/"+p.ID, "m", "promotion.ended_now")
}

// promotionToEnd is the promotion of the address, if the account may end it. Errors: Conflict
// "promotion.over".
func promotionToEnd(k *web.Request) (catalog.Promotion, error) {
	p, err := k.Shop.Catalogue.Promotion(k.AuditContext(), k.Principal.Sites, k.Param("id"))
	if err == nil && !p.Within(k.Principal.Sites) {
		err = store.ErrPromotionNotFound
	}
	if err == nil {
		err = catalog.MayEditPromotion(p)
	}
	return p, err
}

func confirmEndPromotion(k *web.Request, cause error) error {
	x, err := promotionToEnd(k)
	if err != nil {
		return err
	}
	status, p, err := k.ConfirmationPanel(cause, "promotions")
	if err != nil {
		return err
	}
	page := web.Root + "/catalogue/promotions/" + x.ID
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("catalogue.promotion.end_title", "name", x.Name), Want: x.Name, Button: p.T("catalogue.promotion.end_now"), Action: page + "/end", Back: page,
		Effects: []string{p.T("catalogue.promotion.end_effect"), p.T("catalogue.promotion.end_sold"), p.T("catalogue.promotion.end_undo")}})
}
