package refunds

import (
	"gerai/admin/web"
	"gerai/internal/shop/refunds"
)

// approveRefund lets the money go.
func approveRefund(k *web.Request) error {
	return decide(k, "refund.approve", func(in refunds.DecideIn) error { return k.Shop.Refunds.ApproveRefund(k.AuditContext(), in) })
}
