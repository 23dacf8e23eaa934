package routers

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/store"
)

// routerRestore brings back a router that was taken away.
func routerRestore(k *web.Request) error {
	r, err := k.Store.Router(k.AuditContext(), k.Params("id"))
	if err == nil && !k.Principal.Serves(r.SiteID) {
		err = store.ErrRouterNotFound
	}
	if err == nil {
		err = k.Shop.Routers.RestoreRouter(k.AuditContext(), k.Principal.Actor(), r.ID)
	}
	if fault.Is(err, fault.NotFound) {
		return err
	}
	return k.Back("/routers", "router_restored", err)
}
