package routers

import (
	"gerai/admin/web"
	"gerai/internal/hotspot"
)

// itemToggle switches a row off or on.
func itemToggle(k *web.Request, m hotspot.Menu) error {
	x, err := target(k, m)
	if err != nil {
		return err
	}
	off := k.FormValue("off") == "yes"
	done := map[bool]string{true: "item_off", false: "item_on"}[off]
	return toList(k, x, done, k.Shop.Routers.ToggleItem(k.AuditContext(), k.Principal.Actor(), x, off))
}
