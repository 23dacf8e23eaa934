package web

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"gerai/internal/actor"
	"gerai/internal/fault"
	"gerai/internal/order"
	"gerai/internal/shop/alerts"
	"gerai/internal/shop/vouchers"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/payments"
	"gerai/templates"
)

// AlertLine is an alert as lists show it.
func AlertLine(k *Request, p templates.Panel, a alerts.AlertView) templates.AlertLine {
	line := templates.AlertLine{ID: a.ID, What: p.Alert(a.Kind), Since: a.OpenedAt, Age: Since(k.Clock.Now(), a.OpenedAt), Subject: a.Name, Href: alertLink(k, a), Closed: a.ClosedAt,
		By: a.AckedBy, AckedAt: a.AckedAt, Note: a.Note, SeenIs: a.SeenIs}
	if a.Order != "" {
		line.Subject = a.Order.Pretty()
	}
	return line
}

// alertLink is the page where the subject of an alert is dealt with.
func alertLink(k *Request, a alerts.AlertView) string {
	switch {
	case a.Order != "" && k.Principal.May(staff.SeeOrders):
		return Root + "/orders/" + string(a.Order)
	case a.Router != "" && k.Principal.May(staff.SeeRouters):
		return Root + "/routers/" + a.Router
	case a.Batch != "" && k.Principal.May(staff.PrintVouchers):
		return Root + "/vouchers/batches/" + a.Batch
	case a.Kind == "stock_low" && k.Principal.May(staff.PrintVouchers):
		return Root + "/vouchers"
	case a.Staff != "" && k.Principal.May(staff.ManageStaff):
		return Root + "/staff/" + a.Staff
	case (a.Kind == "unmatched_money" || a.Kind == "refund_due" || a.Kind == "external_refund") && k.Principal.May(staff.ApproveRefund):
		return Root + "/money"
	}
	return ""
}

// Named is an actor without its kind.
func Named(auditName string) string {
	name, _ := actor.StaffName(auditName)
	return name
}

// Tone is a tile's tone while it is on, else none.
func Tone(on bool, tone string) string {
	if on {
		return tone
	}
	return ""
}

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

// OrderPath is an order's page below root.
func OrderPath(o order.Order) string { return "/orders/" + string(o.Code) }

// Who is the name of an actor of the audit trail as the page shows it.
func Who(p templates.Panel, auditName string) string {
	if auditName == actor.Customer.AuditName {
		return p.T("orders.timeline.customer")
	}
	return Named(auditName)
}

// FirstCode finds the fault's code in a kept failure, "router.unreachable
// (unavailable): …", wherever it stands.
func FirstCode(failure string) string {
	for _, kind := range []fault.Kind{fault.Unavailable, fault.Unknown, fault.Limited, fault.Config, fault.Refused, fault.Conflict, fault.NotFound} {
		if before, _, found := strings.Cut(failure, " ("+string(kind)+")"); found {
			return before[strings.LastIndexAny(before, " \n")+1:]
		}
	}
	return "internal"
}

// ReasonOf is what a person gave as the reason of an act.
func ReasonOf(row store.AuditRow) string {
	var detail struct {
		Reason string `json:"reason"`
	}
	if _, ofStaff := actor.StaffName(row.Actor); !ofStaff || json.Unmarshal([]byte(row.Detail), &detail) != nil {
		return ""
	}
	return detail.Reason
}

// Since is how long ago something was, never negative.
func Since(now, at time.Time) time.Duration { return max(now.Sub(at), 0) }

// Serial names a voucher of a batch among people.
func Serial(b store.Batch, v store.Voucher) string { return vouchers.VoucherName(v, b) }
