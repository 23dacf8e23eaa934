package routers

import (
	"gerai/admin/web"
	"gerai/internal/hotspot"
)

// forgetCookie makes a device log in again the next time.
func forgetCookie(k *web.Request) error {
	x, err := target(k, hotspot.MenuCookies)
	if err != nil {
		return err
	}
	return toList(k, x, "cookie_forgotten", k.Shop.Routers.RemoveItem(k.AuditContext(), k.Principal.Actor(), x, "", false))
}
