package admin

import (
	"gerai/internal/shop"
	"gerai/templates"
)

// cancelForm asks before an unpaid order is closed.
func cancelForm(k *request) error { return confirmCancel(k, nil) }

// cancelOrder closes an unpaid order.
func cancelOrder(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	if err := shop.Confirmed(k.FormValue("typed"), string(o.Code)); err != nil {
		return confirmCancel(k, err)
	}
	return k.back(orderPath(o), "order.cancel", k.Shop.Orders.Cancel(k.ctx(), k.principal.AuditName(), o.ID, k.reason()))
}

func confirmCancel(k *request, cause error) error {
	status, form, err := k.confirmationForm(cause)
	if err != nil {
		return err
	}
	o, err := k.code(k)
	if err != nil {
		return err
	}
	p, err := k.panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	effects := []string{p.T("adm.cancel.order", "n", 1, "plan", o.Item.Name, "amount", o.Total), p.T("adm.cancel.late")}
	return k.sendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("adm.cancel.title", "code", o.Code.Pretty()), Effects: effects, Action: root + orderPath(o) + "/cancel",
		Back: root + orderPath(o), Want: o.Code.Pretty(), Button: p.T("adm.order.cancel")})
}
