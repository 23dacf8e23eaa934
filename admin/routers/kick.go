package routers

import (
	"gerai/admin/web"
	"gerai/internal/hotspot"
)

// kick ends one session.
func kick(k *web.Request) error {
	x, err := target(k, hotspot.MenuActive)
	if err != nil {
		return err
	}
	return toList(k, x, "kicked", k.Shop.Routers.EndSession(k.AuditContext(), k.Principal.Actor(), x))
}
