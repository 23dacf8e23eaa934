package backups

import (
	"gerai/admin/web"
	"gerai/internal/shop/backups"
	"gerai/internal/voucher"
)

// decideUsers has the books take over what a router's user tells of, or the router hold what
// the books say.
func decideUsers(k *web.Request) error {
	in := backups.DecideIn{Key: k.FormValue("key"), All: voucher.LostAct(k.FormValue("all")), Take: k.FormValue("right") == "router", Reason: k.Reason(), Actor: k.Actor()}
	return k.Back("/backups/recovery", "recovery.decide", k.Shop.Backups.DecideUsers(k.AuditContext(), in))
}
