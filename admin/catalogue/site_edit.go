package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/shop/catalogue"
)

// editSiteForm shows a site to be changed.
func editSiteForm(k *web.Request) error {
	s, err := siteOf(k)
	if err != nil {
		return err
	}
	return siteFormOf(s, fiber.StatusOK).send(k)
}

// editSite changes a site.
func editSite(k *web.Request) error {
	s, err := siteOf(k)
	if err != nil {
		return err
	}
	values, err := posted(k, siteGroups)
	if err == nil {
		_, err = k.Shop.Catalogue.SaveSite(k.AuditContext(), k.Actor(), catalogue.SiteForm{ID: s.ID, Seen: k.FormValue("seen"), Fields: values})
	}
	if err != nil {
		return siteFormOf(s, fiber.StatusOK).refused(k, err)
	}
	return k.SeeOther("/catalogue/sites/"+s.ID, "m", "site.saved")
}
