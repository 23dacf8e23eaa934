package backups

import (
	"strconv"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/backups"
	"gerai/internal/voucher"
)

var errRight = fault.New(fault.Refused, "recovery.right")

// decideUsers has the books take over what a router's user tells of, or the router hold what
// the books say.
func decideUsers(k *web.Request) error {
	right := k.FormValue("right")
	if right != "router" && right != "books" {
		return k.Back("/backups/recovery", "recovery.decide", errRight)
	}
	seen, _ := strconv.Atoi(k.FormValue("seen")) // anything else than a number is not what was seen
	in := backups.DecideIn{Key: k.FormValue("key"), All: voucher.LostAct(k.FormValue("all")), Seen: seen, Take: right == "router", Reason: k.Reason(), Actor: k.Actor()}
	return k.Back("/backups/recovery", "recovery.decide", k.Shop.Backups.DecideUsers(k.AuditContext(), in))
}
