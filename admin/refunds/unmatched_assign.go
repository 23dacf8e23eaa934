package refunds

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/templates"
)

// assignForm asks which order the money is for.
func assignForm(k *web.Request) error { return confirmAssign(k, nil) }

// assign gives the money to an order.
func assign(k *web.Request) error {
	pay, err := unmatchedPayment(k)
	if err != nil {
		return err
	}
	o, err := typedOrder(k)
	if err == nil {
		err = k.Shop.Refunds.Assign(k.AuditContext(), refunds.AssignIn{Gateway: pay.Gateway, Key: pay.Key, OrderID: o.ID, Typed: k.FormValue("typed"), Reason: k.FormValue("reason"), Actor: k.Actor()})
	}
	if err != nil {
		return confirmAssign(k, err)
	}
	return k.SeeOther(web.OrderPath(o), "m", "money.assign")
}

func typedOrder(k *web.Request) (order.Order, error) {
	code, ok := order.ParseCode(k.FormValue("code"))
	if !ok {
		return order.Order{}, fault.AtField("code", "order.code_unknown")
	}
	o, err := k.Store.OrderByCode(k.AuditContext(), code)
	if fault.Is(err, fault.NotFound) {
		return o, fault.AtField("code", "order.code_unknown")
	}
	return o, err
}

func confirmAssign(k *web.Request, cause error) error {
	status, form, err := k.ConfirmationForm(cause, "code")
	if err != nil {
		return err
	}
	pay, err := unmatchedPayment(k)
	if err != nil {
		return err
	}
	p, err := k.Panel("money")
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("refunds.money.assign_title", "amount", pay.Amount), Code: true, Want: p.T("web.confirmation.the_code"),
		Effects: []string{p.T("refunds.money.assign_1", "n", 1, "amount", pay.Amount), p.T("refunds.money.assign_2")}, Action: unmatchedPath(pay, "assign"), Back: web.Root + "/money", Button: p.T("refunds.money.assign")})
}
