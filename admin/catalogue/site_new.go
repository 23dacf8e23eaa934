package catalogue

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/shop/catalogue"
)

// blankSite is what the form of a new site shows.
func blankSite() siteForm {
	s := catalog.Site{FailoverAfter: catalog.DefaultFailoverAfter}
	return siteForm{values: passShown(s), action: web.Root + "/catalogue/add/site", status: fiber.StatusOK}
}

// newSiteForm asks for a new site.
func newSiteForm(k *web.Request) error { return blankSite().send(k) }

// newSite makes a site.
func newSite(k *web.Request) error {
	values, err := posted(k, siteGroups)
	var saved catalog.Site
	if err == nil {
		saved, err = k.Shop.Catalogue.SaveSite(k.AuditContext(), k.Actor(), catalogue.SiteForm{Fields: values})
	}
	if err != nil {
		return blankSite().refused(k, err)
	}
	return k.SeeOther("/catalogue/sites/"+saved.ID, "m", "site.added")
}
