package refunds

import (
	"gerai/admin/web"
	"gerai/internal/shop/refunds"
)

// rejectRefund turns a request down.
func rejectRefund(k *web.Request) error {
	return decide(k, "refund.reject", func(in refunds.DecideIn) error { return k.Shop.Refunds.RejectRefund(k.AuditContext(), in) })
}
