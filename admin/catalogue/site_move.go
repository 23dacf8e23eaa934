package catalogue

import "gerai/admin/web"

// moveSite moves a site up or down in the list of hotspots.
func moveSite(k *web.Request) error {
	s, err := siteOf(k)
	if err != nil {
		return err
	}
	from, to, err := places(k)
	if err == nil {
		err = k.Shop.Catalogue.MoveSite(k.AuditContext(), k.Actor(), s.ID, from, to)
	}
	return web.BackOrError(k, "/catalogue/sites", "site.moved", err)
}
