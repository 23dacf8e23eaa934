package admin

import (
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop"
	"gerai/templates"
)

// askBack is a payment whose money is asked back.
type askBack struct {
	pay          order.Payment
	left         money.Rupiah // of it
	ends         int          // vouchers that it switches off
	longer       int          // extensions that end with them
	paid         money.Rupiah // for those
	shortens     bool         // it is an extension's: the voucher loses what it gave
	action, back string
}

// refundForm asks before money of an order is requested back.
func (d *Door) refundForm(k *desk) error { return d.askRefund(k, nil) }

func (d *Door) askRefund(k *desk, cause error) error {
	a, err := d.askBackOf(k)
	if err != nil {
		return err
	}
	return d.showAskBack(k, cause, a)
}

// requestRefund puts it into the queue.
func (d *Door) requestRefund(k *desk) error {
	a, err := d.askBackOf(k)
	if err != nil {
		return err
	}
	return d.askedBack(k, a)
}

// askBackOf reads the payment that the address names.
func (d *Door) askBackOf(k *desk) (askBack, error) {
	o, err := d.code(k)
	if err != nil {
		return askBack{}, err
	}
	s, err := d.Shop.Dossier(k.ctx(), o.Code)
	if err != nil {
		return askBack{}, err
	}
	for _, pay := range s.Payments {
		if pay.Gateway != k.param("gateway") || pay.Key != k.param("key") {
			continue
		}
		a := askBack{pay: pay, left: pay.Amount, action: refundPath(o.Code, pay), back: root + orderPath(o), longer: len(s.Longer), shortens: s.Shortens}
		for _, x := range s.Longer {
			a.paid += x.Total
		}
		for _, f := range s.Refunds {
			if f.PaymentKey == pay.Key && f.State != order.RefundRejected {
				a.left -= f.Amount
			}
		}
		if s.HasVouch && s.Account.ID == o.ID && (s.Voucher.State == "sold" || s.Voucher.State == "active") {
			a.ends = 1
		}
		return a, nil
	}
	return askBack{}, fault.New(fault.NotFound, "payment.not_found")
}

func (d *Door) askedBack(k *desk, a askBack) error {
	want, err := k.amount("amount")
	var f order.Refund
	if err == nil {
		f, err = d.Shop.RequestRefund(k.ctx(), shop.RefundIn{Gateway: a.pay.Gateway, PaymentKey: a.pay.Key, OrderID: a.pay.OrderID, Amount: want, Typed: k.FormValue("typed"),
			Reason: k.FormValue("reason"), Nonce: k.FormValue("nonce"), Longer: k.FormValue("also") == "1", By: k.clerk()})
	}
	if err != nil {
		return d.showAskBack(k, err, a)
	}
	return k.see("/refunds/"+f.ID, "m", "refund.request")
}

func (d *Door) showAskBack(k *desk, cause error, a askBack) error {
	status, form, err := k.asking(cause, "amount")
	if err != nil {
		return err
	}
	p, err := k.panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	effects := []string{p.T("adm.refund.effect_amount", "amount", a.left, "method", methodName(p, a.pay.Method)), p.T("adm.refund.effect_approve")}
	if a.ends > 0 {
		effects = append(effects, p.T("adm.refund.effect_voucher", "n", a.ends))
	}
	if a.shortens {
		effects = append(effects, p.T("adm.refund.effect_shorten"))
	}
	also := ""
	if a.longer > 0 {
		effects = append(effects, p.T("adm.refund.effect_longer", "n", a.longer))
		also = p.T("adm.refund.also", "n", a.longer, "amount", a.paid)
	}
	return k.sendSure(status, templates.SurePage{Panel: p, Name: p.T("adm.refund.ask_title"), Effects: effects, Action: a.action, Back: a.back, Want: p.T("adm.sure.the_amount"),
		Nonce: nonce(), Amount: a.left.String(), Also: also, Button: p.T("adm.refund.ask")})
}
