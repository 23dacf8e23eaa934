package refunds

import (
	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/money"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// refundRequest is a payment whose money is asked back.
type refundRequest struct {
	pay              order.Payment
	left             money.Rupiah // of it
	ends             int          // vouchers that it switches off
	extensions       int          // extensions that end with them
	paid             money.Rupiah // for those
	revokesExtension bool         // it is an extension's: the voucher loses what it gave
	action, back     string
}

// refundForm asks before money of an order is requested back.
func refundForm(k *web.Request) error { return confirmRefundRequest(k, nil) }

func confirmRefundRequest(k *web.Request, cause error) error {
	a, err := refundRequestOf(k)
	if err != nil {
		return err
	}
	return showRefundRequest(k, cause, a)
}

// requestRefund puts it into the queue.
func requestRefund(k *web.Request) error {
	a, err := refundRequestOf(k)
	if err != nil {
		return err
	}
	return submitRefundRequest(k, a)
}

// refundRequestOf reads the payment that the address names.
func refundRequestOf(k *web.Request) (refundRequest, error) {
	o, err := k.Code(k)
	if err != nil {
		return refundRequest{}, err
	}
	s, err := k.Shop.Orders.OrderDetail(k.AuditContext(), o.Code)
	if err != nil {
		return refundRequest{}, err
	}
	for _, pay := range s.Payments {
		if pay.Gateway != k.Param("gateway") || pay.Key != k.Param("key") {
			continue
		}
		a := refundRequest{pay: pay, left: order.LeftOf(pay, s.Refunds), action: web.RefundPath(o.Code, pay), back: web.Root + web.OrderPath(o), extensions: len(s.Extensions), revokesExtension: s.RevokesExtension}
		for _, x := range s.Extensions {
			a.paid += x.Total
		}
		if s.HasVoucher && s.Account.ID == o.ID && s.Voucher.State.Living() {
			a.ends = 1
		}
		return a, nil
	}
	return refundRequest{}, store.ErrPaymentNotFound
}

func submitRefundRequest(k *web.Request, a refundRequest) error {
	want, err := k.Amount("amount")
	var f order.Refund
	done := "refund.request"
	if err == nil {
		in := refunds.RefundIn{Gateway: a.pay.Gateway, PaymentKey: a.pay.Key, OrderID: a.pay.OrderID, Amount: want, Typed: k.FormValue("typed"),
			Reason: k.FormValue("reason"), Complaint: order.Complaint(k.FormValue("complaint")), Nonce: k.FormValue("nonce"), Extensions: k.FormValue("also") == "1", Actor: k.Actor()}
		if !k.Principal.May(staff.ApproveRefund) {
			f, err = k.Shop.Refunds.RequestRefund(k.AuditContext(), in)
		} else {
			var approved bool
			if f, approved, err = k.Shop.Refunds.RefundAtOnce(k.AuditContext(), in, k.FormValue("payout") == "1" && k.Principal.May(staff.Sell)); approved {
				done = "refund.approve"
			}
		}
	}
	if err != nil && f.ID != "" && !fault.Is(err, fault.Invalid) { // it is requested, and its page says what it waits for
		return k.Back("/refunds/"+f.ID, "", err)
	}
	if err != nil {
		return showRefundRequest(k, err, a)
	}
	return k.SeeOther("/refunds/"+f.ID, "m", done)
}

func showRefundRequest(k *web.Request, cause error, a refundRequest) error {
	status, p, err := k.ConfirmationPanel(cause, "orders", "amount", "payout", "also", "complaint")
	if err != nil {
		return err
	}
	effects := []string{p.T("refunds.refund.effect_amount", "amount", a.left, "method", web.MethodName(p, a.pay.Method)), p.T("refunds.refund.effect_approve")}
	payout := ""
	if k.Principal.May(staff.ApproveRefund) {
		rules, err := k.Store.CounterRules(k.AuditContext())
		if err != nil {
			return err
		}
		effects[1] = p.T("refunds.refund.effect_at_once", "limit", rules.SecondAbove)
		_, open, err := k.Store.OpenShift(k.AuditContext(), k.Principal.ID)
		if err != nil {
			return err
		}
		if open && a.pay.InCash() && k.Principal.May(staff.Sell) {
			payout = p.T("refunds.refund.payout")
		}
	}
	if a.ends > 0 {
		effects = append(effects, p.T("refunds.refund.effect_voucher", "n", a.ends))
	}
	if a.revokesExtension {
		effects = append(effects, p.T("refunds.refund.effect_shorten"))
	}
	also := ""
	if a.extensions > 0 {
		effects = append(effects, p.T("refunds.refund.effect_longer", "n", a.extensions))
		also = p.T("refunds.refund.also", "n", a.extensions, "amount", a.paid)
	}
	return k.SendConfirmation(status, templates.ConfirmationPage{Panel: p, Name: p.T("refunds.refund.ask_title"), Effects: effects, Action: a.action, Back: a.back, Want: p.T("web.confirmation.the_amount"),
		Nonce: web.Nonce(), Amount: a.left.String(), Also: also, Payout: payout, Complains: true, Button: p.T("refunds.refund.ask")})
}
