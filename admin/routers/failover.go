package routers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// routerFailover says whether a site's routers stand in for each other.
func routerFailover(k *web.Request) error {
	site := k.FormValue("site")
	if !k.Principal.Serves(site) {
		return store.ErrSiteNotFound
	}
	err := k.Shop.Routers.SetFailover(k.AuditContext(), k.Principal.Actor(), site, k.FormValue("on") == "yes")
	if fault.Is(err, fault.NotFound) {
		return err
	}
	return k.Back("/routers", "failover", err)
}
