package admin

import (
	"net/url"

	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/templates"
)

// stray is money without an order that the address names. Errors: NotFound,
// also for whoever works on some sites only.
func (d *Door) stray(k *desk) (order.Payment, error) {
	pay, err := d.Store.Payment(k.ctx(), k.param("gateway"), k.param("key"))
	if err == nil && (pay.OrderID != "" || len(k.person.Sites) > 0) {
		err = fault.New(fault.NotFound, "payment.not_found")
	}
	return pay, err
}

func strayPath(pay order.Payment, act string) string {
	return root + "/money/stray/" + url.PathEscape(pay.Gateway) + "/" + url.PathEscape(pay.Key) + "/" + act
}

// assignForm asks which order the money is for.
func (d *Door) assignForm(k *desk) error { return d.askAssign(k, nil) }

// assign gives the money to an order.
func (d *Door) assign(k *desk) error {
	pay, err := d.stray(k)
	if err != nil {
		return err
	}
	o, err := d.typedOrder(k)
	if err == nil {
		err = d.Shop.Assign(k.ctx(), shop.AssignIn{Gateway: pay.Gateway, Key: pay.Key, OrderID: o.ID, Typed: k.FormValue("typed"), Reason: k.FormValue("reason"), By: k.clerk()})
	}
	if err != nil {
		return d.askAssign(k, err)
	}
	return k.see(orderPath(o), "m", "money.assign")
}

func (d *Door) typedOrder(k *desk) (order.Order, error) {
	code, ok := order.ParseCode(k.FormValue("code"))
	if !ok {
		return order.Order{}, fault.AtField("code", "order.code_unknown")
	}
	o, err := d.Store.OrderByCode(k.ctx(), code)
	if fault.Is(err, fault.NotFound) {
		return o, fault.AtField("code", "order.code_unknown")
	}
	return o, err
}

func (d *Door) askAssign(k *desk, cause error) error {
	status, form, err := k.asking(cause, "code")
	if err != nil {
		return err
	}
	pay, err := d.stray(k)
	if err != nil {
		return err
	}
	p, err := k.panel("money")
	if err != nil {
		return err
	}
	p.Form = form
	return k.sendSure(status, templates.SurePage{Panel: p, Name: p.T("adm.money.assign_title", "amount", pay.Amount), Code: true, Want: p.T("adm.sure.the_code"),
		Effects: []string{p.T("adm.money.assign_1", "n", 1, "amount", pay.Amount), p.T("adm.money.assign_2")}, Action: strayPath(pay, "assign"), Back: root + "/money", Button: p.T("adm.money.assign")})
}

// strayRefundForm asks before money without an order is marked to go back.
func (d *Door) strayRefundForm(k *desk) error { return d.askStrayRefund(k, nil) }

func (d *Door) askStrayRefund(k *desk, cause error) error {
	pay, err := d.stray(k)
	if err != nil {
		return err
	}
	return d.showAskBack(k, cause, strayBack(pay))
}

func strayBack(pay order.Payment) askBack {
	return askBack{pay: pay, left: pay.Amount, action: strayPath(pay, "refund"), back: root + "/money"}
}

// strayRefund marks it.
func (d *Door) strayRefund(k *desk) error {
	pay, err := d.stray(k)
	if err != nil {
		return err
	}
	return d.askedBack(k, strayBack(pay))
}
