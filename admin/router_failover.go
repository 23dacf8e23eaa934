package admin

import "gerai/internal/fault"

// routerFailover says whether a site's routers stand in for each other.
func routerFailover(k *request) error {
	site := k.FormValue("site")
	if !k.principal.Serves(site) {
		return fault.New(fault.NotFound, "site.not_found")
	}
	err := k.Shop.Routers.SetFailover(k.ctx(), k.principal.AuditName(), site, k.FormValue("on") == "yes")
	if fault.Is(err, fault.NotFound) {
		return err
	}
	return k.back("/routers", "failover", err)
}

// routerRestore brings back a router that was taken away.
func routerRestore(k *request) error {
	r, err := k.Store.Router(k.ctx(), k.Params("id"))
	if err == nil && !k.principal.Serves(r.SiteID) {
		err = fault.New(fault.NotFound, "router.not_found")
	}
	if err == nil {
		err = k.Shop.Routers.RestoreRouter(k.ctx(), k.principal.AuditName(), r.ID)
	}
	if fault.Is(err, fault.NotFound) {
		return err
	}
	return k.back("/routers", "router_restored", err)
}
