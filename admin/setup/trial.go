package setup

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/shop/setup"
)

// trial tries a sale out on a router, without an order.
func trial(k *web.Request) error {
	t, err := k.Shop.Setup.Try(k.AuditContext(), setup.TryIn{RouterID: k.FormValue("router"), PlanID: k.FormValue("plan"), Nonce: k.FormValue("nonce"), Actor: k.Actor()})
	switch {
	case fault.Is(err, fault.Invalid):
		return refused(k, "trial", err)
	case err != nil:
		return web.BackOrError(k, "/setup", "", err)
	case !t.OK(): // the same form was sent before, and that one has not worked
		return k.SeeOther("/setup")
	}
	return k.SeeOther("/setup", "m", "setup.trial")
}
