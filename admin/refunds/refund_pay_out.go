package refunds

import (
	"gerai/admin/web"
	"gerai/internal/shop/refunds"
)

// payOut gives cash back out of the till.
func payOut(k *web.Request) error {
	return decide(k, "refund.done", func(in refunds.DecideIn) error { return k.Shop.Refunds.PayOut(k.AuditContext(), in) })
}
