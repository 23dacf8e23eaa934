package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/store"
	"gerai/templates"
)

// tabs are the pages of the catalogue that the account may open.
func tabs(k *web.Request, tab string) templates.CatalogueTabs {
	return templates.CatalogueTabs{Tab: tab, Whole: k.Principal.AllSites()}
}

// plans lists the plans of one site as customers see them.
func plans(k *web.Request) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	page := templates.PlanListPage{Panel: p, CatalogueTabs: tabs(k, "plans")}
	sites, err := served(k, k.AuditContext())
	if err != nil {
		return err
	}
	wanted := k.Query("site")
	for i, s := range sites {
		if s.ID == wanted || wanted == "" && i == 0 {
			page.Site = s
		}
	}
	if wanted != "" && page.Site.ID == "" {
		return store.ErrSiteNotFound
	}
	for _, s := range sites {
		page.Sites = append(page.Sites, templates.Choice{Value: s.ID, Name: s.Name, Chosen: s.ID == page.Site.ID})
	}
	if page.Site.ID != "" {
		if err := listPlans(k, &page); err != nil {
			return err
		}
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

func listPlans(k *web.Request, page *templates.PlanListPage) error {
	all, err := k.Store.Plans(k.AuditContext(), page.Site.ID)
	if err != nil {
		return err
	}
	for _, x := range all {
		l := templates.PlanOffer{Plan: x, Facts: page.PlanFacts(x), At: len(page.Plans), Up: len(page.Plans) > 0}
		if x.Retired() {
			page.Retired = append(page.Retired, l)
			continue
		}
		page.Plans = append(page.Plans, l)
	}
	for i := range page.Plans {
		page.Plans[i].Down = i+1 < len(page.Plans)
	}
	return nil
}
