package catalogue

import "gerai/admin/web"

// restorePlan brings a retired plan back, hidden.
func restorePlan(k *web.Request) error {
	p, err := planOf(k)
	if err != nil {
		return err
	}
	return web.BackOrError(k, "/catalogue?site="+p.SiteID, "plan.restored", k.Shop.Catalogue.RestorePlan(k.AuditContext(), k.Actor(), p.ID))
}
