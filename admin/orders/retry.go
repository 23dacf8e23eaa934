package orders

import "gerai/admin/web"

// retryOrder activates again after a problem.
func retryOrder(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	return k.Back(web.OrderPath(o), "order.retry", k.Shop.Vouchers.Retry(k.AuditContext(), k.Principal.Actor(), o.ID))
}
