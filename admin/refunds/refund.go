package refunds

import (
	"errors"
	"strings"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/refunds"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// refundOf is the refund that the address names, if the account may see it.
func refundOf(k *web.Request) (order.Refund, order.Code, error) {
	f, err := k.Store.Refund(k.AuditContext(), k.Param("id"))
	if err != nil {
		return f, "", err
	}
	code, seen, err := refundOrder(k, f)
	if err == nil && !seen {
		err = store.ErrRefundNotFound
	}
	return f, code, err
}

// refund shows one refund and what can be done about it.
func refund(k *web.Request) error { return confirmDecision(k, nil) }

// confirmDecision shows it again, with the decision that was refused.
func confirmDecision(k *web.Request, cause error) error {
	status, form, err := k.ConfirmationForm(cause)
	if err != nil {
		return err
	}
	return showRefund(k, status, form)
}

func showRefund(k *web.Request, status int, form templates.Typed) error {
	f, code, err := refundOf(k)
	if err != nil {
		return err
	}
	p, err := k.Panel("money")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.RefundPage{Panel: p, RefundLine: web.RefundLine(f, code), Why: f.Why, ApprovedBy: f.ApprovedBy, Failure: f.Failure, EndsVoucher: f.EndsVoucher, PaysOut: f.State == order.RefundApproved && f.PayoutShift != "",
		DisabledAt: f.DisabledAt, DoneAt: f.DoneAt, Back: web.Root + "/money"}
	if !k.Principal.May(staff.ApproveRefund) {
		page.Back = web.Root + "/orders/" + string(code)
	}
	pay, err := k.Store.Payment(k.AuditContext(), f.Gateway, f.PaymentKey)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	page.Payment = web.PaymentLine(p, pay)
	proof, found, err := k.Store.Proof(k.AuditContext(), f.ID)
	if err != nil {
		return err
	}
	if found {
		page.ProofBy = proof.AddedBy
	}
	_, shortens, err := k.Store.Extension(k.AuditContext(), f.OrderID)
	if err != nil {
		return err
	}
	approve := k.Principal.May(staff.ApproveRefund)
	if approve {
		err := k.Shop.Refunds.MayApprove(k.AuditContext(), k.Actor(), f)
		switch page.Approve = err == nil; {
		case errors.Is(err, order.ErrRefundDecided):
		case fault.Is(err, fault.Conflict), fault.Is(err, fault.Denied):
			page.Waits = templates.FaultText(p.Lang, err)
		case err != nil:
			return err
		}
	}
	if page.Ack = approve && order.MayAck(f) == nil; page.Ack {
		if page.Stop, err = k.Shop.Refunds.MayStop(k.AuditContext(), f); err != nil {
			return err
		}
	}
	page.Reject = approve && order.MayReject(f) == nil
	page.Skip = approve && order.MaySkipStop(f) == nil
	page.Transfer = approve && order.MayHandOver(f, pay.InCash()) == nil
	page.Cash = k.Principal.May(staff.Sell) && order.MayPayOut(f, pay.InCash()) == nil
	page.Refused = strings.TrimPrefix(k.Path(), web.Root+"/refunds/"+f.ID+"/")
	if act := page.Act(); act != "" {
		page.Token = k.ConfirmationToken(web.Root + "/refunds/" + f.ID + "/" + act)
	}
	page.Effects = []string{p.T("refunds.refund.effect_amount", "amount", f.Amount, "method", web.MethodName(p, pay.Method))}
	switch {
	case page.Skip:
		page.Effects = append(page.Effects, p.T("refunds.refund.effect_skip", "n", 1))
	case f.EndsVoucher && shortens:
		page.Effects = append(page.Effects, p.T("refunds.refund.effect_shorten"))
	case f.EndsVoucher:
		page.Effects = append(page.Effects, p.T("refunds.refund.effect_voucher", "n", 1))
	}
	return k.SendPage(status, p.Theme, page)
}

// decide runs one decision about a refund.
func decide(k *web.Request, done string, act func(in refunds.DecideIn) error) error {
	f, _, err := refundOf(k)
	if err != nil {
		return err
	}
	err = act(refunds.DecideIn{ID: f.ID, Typed: k.FormValue("typed"), Reason: k.Reason(), Actor: k.Actor()})
	if fault.Is(err, fault.Invalid) {
		return confirmDecision(k, err)
	}
	return k.Back("/refunds/"+f.ID, done, err)
}
