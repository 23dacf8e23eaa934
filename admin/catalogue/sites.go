package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

// sites lists the account's sites.
func sites(k *web.Request) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	page := templates.SiteListPage{Panel: p, CatalogueTabs: tabs(k, "sites")}
	all, err := served(k, k.AuditContext())
	if err != nil {
		return err
	}
	for i, s := range all {
		l := templates.SiteLine{Site: s, At: i, Up: page.Whole && i > 0, Down: page.Whole && i+1 < len(all)}
		plans, err := k.Store.Plans(k.AuditContext(), s.ID)
		if err != nil {
			return err
		}
		for _, x := range plans {
			if !x.Hidden {
				l.Plans++
			}
		}
		routers, err := k.Store.RoutersOf(k.AuditContext(), s.ID)
		if err != nil {
			return err
		}
		l.Routers = len(routers)
		page.Sites = append(page.Sites, l)
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}
