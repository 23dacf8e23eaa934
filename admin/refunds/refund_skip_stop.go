package refunds

import (
	"gerai/admin/web"
	"gerai/internal/shop/refunds"
)

// skipStop lets the money go although the voucher still works.
func skipStop(k *web.Request) error {
	return decide(k, "refund.skip", func(in refunds.DecideIn) error { return k.Shop.Refunds.SkipStop(k.AuditContext(), in) })
}
