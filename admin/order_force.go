package admin

import (
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/templates"
)

// forceForm asks before an order is delivered against the rules.
func forceForm(k *request) error { return confirmForce(k, nil) }

// force has an order activated against the rules.
func force(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	err = k.Shop.Refunds.Force(k.ctx(), refunds.ForceIn{OrderID: o.ID, Typed: k.FormValue("typed"), Reason: k.FormValue("reason"), Actor: k.actor()})
	if err != nil {
		return confirmForce(k, err)
	}
	return k.seeOther(orderPath(o), "m", "order.force")
}

func confirmForce(k *request, cause error) error {
	status, form, err := k.confirmationForm(cause)
	if err != nil {
		return err
	}
	o, err := k.code(k)
	if err != nil {
		return err
	}
	s, err := k.Shop.Orders.OrderDetail(k.ctx(), o.Code)
	if err != nil {
		return err
	}
	p, err := k.panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	effects := []string{p.T("adm.force.voucher", "n", 1, "plan", o.Item.Name)}
	if s.Remaining > 0 {
		effects = append(effects, p.T("adm.force.credit", "amount", s.Remaining))
	}
	withdrawn := 0
	for _, f := range s.Refunds {
		if f.State == order.RefundRequested && (f.Reason == order.RefundLate || f.Reason == order.RefundCancelled) {
			withdrawn++
		}
	}
	if withdrawn > 0 {
		effects = append(effects, p.T("adm.force.refunds", "n", withdrawn))
	}
	return k.sendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("adm.force.title", "code", o.Code.Pretty()), Effects: effects, Action: root + orderPath(o) + "/force",
		Back: root + orderPath(o), Want: o.Code.Pretty(), Button: p.T("adm.order.force")})
}
