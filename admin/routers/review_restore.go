package routers

import (
	"gerai/admin/web"
	"gerai/internal/shop/vouchers"
	"gerai/templates"
)

// restoreUsersForm shows the confirmation to put all users of a router back.
func restoreUsersForm(k *web.Request) error { return confirmRestoreUsers(k, nil) }

// restoreUsers has a router hold the users of all its vouchers again, in the background.
func restoreUsers(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	err = k.Shop.Vouchers.RestoreUsers(k.AuditContext(), vouchers.RestoreIn{ID: r.ID, Sites: k.Principal.Sites, Typed: k.FormValue("typed"), Reason: k.Reason(), Actor: k.Actor()})
	if err == nil {
		return k.Back("/routers/"+r.ID+"/review", "router.users_restore", nil)
	}
	if ours(err) {
		return err
	}
	return confirmRestoreUsers(k, err)
}

func confirmRestoreUsers(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	left, err := k.Store.CountUserDifferences(k.AuditContext(), r.ID)
	if err != nil {
		return err
	}
	return sendRouterConfirmation(k, r, "review", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		return templates.RouterConfirmationPage{Act: "restore_users", Want: r.Name, Back: p.At("/review"), Action: p.At("/review/restore"), Effects: []string{
			p.T("routers.effect.restore", "n", left), p.T("routers.effect.restore_counters"), p.T("routers.effect.restore_taken")}}
	})
}
