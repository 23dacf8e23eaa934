package web

import (
	"net/url"

	"gerai/internal/order"
	"gerai/payments"
	"gerai/templates"
)

// RefundPath is where a refund of a payment is asked for.
func RefundPath(code order.Code, pay order.Payment) string {
	return Root + "/orders/" + string(code) + "/refund/" + url.PathEscape(pay.Gateway) + "/" + url.PathEscape(pay.Key)
}

// PaymentLine is a payment as pages show it.
func PaymentLine(p templates.Panel, pay order.Payment) templates.PaymentLine {
	return templates.PaymentLine{Gateway: pay.Gateway, Key: pay.Key, Method: MethodName(p, pay.Method), Reference: pay.Reference, Amount: pay.Amount, At: pay.PaidAt, Disputed: pay.Disputed}
}

// MethodName is the name of a method, a dash for none.
func MethodName(p templates.Panel, m payments.Method) string {
	if m == "" {
		return "–"
	}
	return p.MethodName(m)
}

// RefundLine is a refund as pages show it.
func RefundLine(f order.Refund, code order.Code) templates.RefundLine {
	return templates.RefundLine{ID: f.ID, AskedBy: f.AskedBy, Code: code, Amount: f.Amount, State: f.State, Reason: f.Reason, At: f.DueAt}
}
