package storefront

import (
	"github.com/gofiber/fiber/v2"

	"gerai/templates"
)

// home lists the hotspots, or shows the plans of the only one.
func (d *Handler) home(c *fiber.Ctx) error {
	all, err := d.catalogueCache.all(c.UserContext())
	if err != nil {
		return err
	}
	sites := shown(all)
	if len(sites) == 1 {
		return d.showPlans(c, sites[0], true)
	}
	base, err := d.base(c, "/")
	if err != nil {
		return err
	}
	base.Hints = hints(query(c))
	return send(c, fiber.StatusOK, base.Theme, templates.HomePage{Base: base, Sites: sites})
}
