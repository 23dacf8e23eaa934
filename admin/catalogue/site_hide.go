package catalogue

import "gerai/admin/web"

// hideSite closes a site's page, or opens it again.
func hideSite(k *web.Request) error {
	s, err := siteOf(k)
	if err != nil {
		return err
	}
	hidden, done := k.FormValue("hidden") == "true", "site.shown"
	if hidden {
		done = "site.hidden"
	}
	return web.BackOrError(k, "/catalogue/sites", done, k.Shop.Catalogue.HideSite(k.AuditContext(), k.Actor(), s.ID, hidden))
}
