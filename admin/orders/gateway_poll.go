package orders

import "gerai/admin/web"

// pollOrder asks the gateway now.
func pollOrder(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	return k.Back(web.OrderPath(o), "order.check", k.Shop.Orders.PollGatewayNow(k.AuditContext(), k.Principal.Actor(), o.ID))
}
