package refunds

import (
	"net/url"

	"gerai/admin/web"
	"gerai/internal/order"
	"gerai/internal/store"
)

// unmatchedPayment is the payment without an order that the address names. Errors:
// NotFound, also for an account that is limited to some sites.
func unmatchedPayment(k *web.Request) (order.Payment, error) {
	pay, err := k.Store.Payment(k.AuditContext(), k.Param("gateway"), k.Param("key"))
	if err == nil && (pay.OrderID != "" || len(k.Principal.Sites) > 0) {
		err = store.ErrPaymentNotFound
	}
	return pay, err
}

func unmatchedPath(pay order.Payment, act string) string {
	return web.Root + "/money/stray/" + url.PathEscape(pay.Gateway) + "/" + url.PathEscape(pay.Key) + "/" + act
}
