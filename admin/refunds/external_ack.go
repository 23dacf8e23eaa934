package refunds

import (
	"gerai/admin/web"
	"gerai/internal/shop/refunds"
)

// ackExternal notes that a refund made elsewhere was seen.
func ackExternal(k *web.Request) error {
	return decide(k, "refund.seen", func(in refunds.DecideIn) error { return k.Shop.Refunds.AckExternal(k.AuditContext(), in.Actor, in.ID) })
}
