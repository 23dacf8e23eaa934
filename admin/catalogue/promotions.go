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
		line, err := promotionLine(k, x)
		if err != nil {
			return err
		}
		page.Promotions = append(page.Promotions, line)
	}
	slices.SortStableFunc(page.Promotions, func(a, b templates.PromotionLine) int { return promotionOrder(a) - promotionOrder(b) })
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// promotionLine is a promotion with its uses at the account's sites.
func promotionLine(k *web.Request, x catalog.Promotion) (templates.PromotionLine, error) {
	line := templates.PromotionLine{State: x.State(k.Clock.Now()), CanEdit: x.Within(k.Principal.Sites) && catalog.MayEditPromotion(x) == nil}
	var err error
	line.Promotion, err = k.Shop.Catalogue.PromotionUses(k.AuditContext(), k.Principal.Sites, x)
	return line, err
}

// promotionOrder puts what holds before what will, and what is over last.
func promotionOrder(l templates.PromotionLine) int {
	return slices.Index([]catalog.PromotionState{catalog.PromotionRunning, catalog.PromotionPlanned, catalog.PromotionUsedUp, catalog.PromotionEnded}, l.State)
}
