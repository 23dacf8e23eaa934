package catalogue

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/templates"
)

// promotions lists the promotions of the account's sites and where each stands.
func promotions(k *web.Request) error {
	p, err := k.Panel("promotions")
	if err != nil {
		return err
	}
	all, err := k.Shop.Catalogue.Promotions(k.AuditContext(), k.Principal.Sites)
	if err != nil {
		return err
	}
	page := templates.PromotionListPage{Panel: p}
	for _, x := range all {
		page.Promotions = append(page.Promotions, promotionLine(k, x))
	}
	slices.SortStableFunc(page.Promotions, func(a, b templates.PromotionLine) int { return promotionOrder(a) - promotionOrder(b) })
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func promotionLine(k *web.Request, x catalog.Promotion) templates.PromotionLine {
	return templates.PromotionLine{Promotion: x, State: x.State(k.Clock.Now()), CanEdit: x.Within(k.Principal.Sites) && catalog.MayEditPromotion(x) == nil}
}

// promotionOrder puts what holds before what will, and what is over last.
func promotionOrder(l templates.PromotionLine) int {
	return slices.Index([]catalog.PromotionState{catalog.PromotionRunning, catalog.PromotionPlanned, catalog.PromotionUsedUp, catalog.PromotionEnded}, l.State)
}
