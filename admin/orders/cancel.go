package orders

import (
	"gerai/admin/web"
	"gerai/internal/shop"
	"gerai/templates"
)

// cancelForm asks before an unpaid order is closed.
func cancelForm(k *web.Request) error { return confirmCancel(k, nil) }

// cancelOrder closes an unpaid order.
func cancelOrder(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	if err := shop.Confirmed(k.FormValue("typed"), string(o.Code)); err != nil {
		return confirmCancel(k, err)
	}
	return k.Back(web.OrderPath(o), "order.cancel", k.Shop.Orders.Cancel(k.AuditContext(), k.Principal.Actor(), o.ID, k.Reason()))
}

func confirmCancel(k *web.Request, cause error) error {
	status, form, err := k.ConfirmationForm(cause)
	if err != nil {
		return err
	}
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	p, err := k.Panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	effects := []string{p.T("orders.cancel.order", "n", 1, "plan", o.Item.Name, "amount", o.Total), p.T("orders.cancel.late")}
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("orders.cancel.title", "code", o.Code.Pretty()), Effects: effects, Action: web.Root + web.OrderPath(o) + "/cancel",
		Back: web.Root + web.OrderPath(o), Want: o.Code.Pretty(), Button: p.T("orders.detail.cancel")})
}
