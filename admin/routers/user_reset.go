package routers

import (
	"gerai/admin/web"
	"gerai/internal/hotspot"
)

// resetUser sets what a user has used back to nothing.
func resetUser(k *web.Request) error {
	x, err := target(k, hotspot.MenuUsers)
	if err != nil {
		return err
	}
	return k.Back("/routers/"+x.Router.ID+"/users/"+x.ID, "user_reset", k.Shop.Routers.ResetUser(k.AuditContext(), k.Principal.Actor(), x))
}
