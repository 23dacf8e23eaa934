package orders

import (
	"gerai/admin/web"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/templates"
)

// forceForm asks before an order is delivered against the rules.
func forceForm(k *web.Request) error { return confirmForce(k, nil) }

// force has an order activated against the rules.
func force(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	err = k.Shop.Refunds.Force(k.AuditContext(), refunds.ForceIn{OrderID: o.ID, Typed: k.FormValue("typed"), Reason: k.FormValue("reason"), Actor: k.Actor()})
	if err != nil {
		return confirmForce(k, err)
	}
	return k.SeeOther(web.OrderPath(o), "m", "order.force")
}

func confirmForce(k *web.Request, cause error) error {
	status, form, err := k.ConfirmationForm(cause)
	if err != nil {
		return err
	}
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	s, err := k.Shop.Orders.OrderDetail(k.AuditContext(), o.Code)
	if err != nil {
		return err
	}
	p, err := k.Panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	effects := []string{p.T("orders.force.voucher", "n", 1, "plan", o.Item.Name)}
	if s.Remaining > 0 {
		effects = append(effects, p.T("orders.force.credit", "amount", s.Remaining))
	}
	withdrawn := 0
	for _, f := range s.Refunds {
		if f.State == order.RefundRequested && (f.Reason == order.RefundLate || f.Reason == order.RefundCancelled) {
			withdrawn++
		}
	}
	if withdrawn > 0 {
		effects = append(effects, p.T("orders.force.refunds", "n", withdrawn))
	}
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("orders.force.title", "code", o.Code.Pretty()), Effects: effects, Action: web.Root + web.OrderPath(o) + "/force",
		Back: web.Root + web.OrderPath(o), Want: o.Code.Pretty(), Button: p.T("orders.detail.force")})
}
