package refunds

import (
	"gerai/admin/web"
	"gerai/internal/shop/refunds"
)

// stopExternal ends the voucher of an order whose money is gone.
func stopExternal(k *web.Request) error {
	return decide(k, "refund.stop", func(in refunds.DecideIn) error { return k.Shop.Refunds.StopExternal(k.AuditContext(), in.Actor, in.ID) })
}
