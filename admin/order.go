package admin

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/staff"
	"gerai/payments"
	"gerai/payments/counter"
	"gerai/templates"
)

// orderPage shows everything about one order.
func orderPage(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	return showOrder(k, fiber.StatusOK, o, templates.Typed{}, nothing)
}

// reveal is what is hidden by default and was asked for.
type reveal int

const (
	nothing reveal = iota
	theCredentials
	thePhone
)

func showOrder(k *request, status int, o order.Order, form templates.Typed, show reveal) error {
	p, err := k.panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	s, err := k.Shop.Orders.OrderDetail(k.ctx(), o.Code)
	if err != nil {
		return err
	}
	o = s.Order
	page := templates.OrderDetailPage{Panel: p, OrderLine: k.line(k, o, s.SiteName), ValidUntil: s.Voucher.ValidUntil, Money: k.principal.May(staff.SeeMoney)}
	if s.HasVoucher {
		page.VoucherState = s.Voucher.State
		if k.principal.May(staff.PrintVouchers) {
			page.VoucherID = s.Voucher.ID
		}
	}
	if page.Money {
		page.Paid, page.Due = s.PaidTotal, s.Remaining
		page.Payments, page.Refunds = paymentLines(k, p, s), refundLines(s.Refunds, o.Code)
	}
	if o.Status == order.Activated && (page.Money || k.principal.May(staff.RetryOrder)) {
		page.Username = order.PublicName(s.Account.Username, s.Account.Password)
	}
	switch show {
	case theCredentials:
		page.Username, page.Password = s.Account.Username, s.Account.Password
	case thePhone:
		page.FullPhone = fullPhone(o.Phone)
	}
	page.May = orderActions(k, s)
	page.Timeline = timeline(k, p, s)
	return k.send(status, p.Theme, page)
}

// orderActions are the actions that the account may take on an order in this state.
func orderActions(k *request, s orders.OrderDetail) templates.OrderActions {
	o, may := s.Order, k.principal.May
	unpaid := o.Status == order.Pending || o.Status == order.Expired
	return templates.OrderActions{
		Check: may(staff.RetryOrder) && len(s.Attempts) > 0,
		Retry: may(staff.RetryOrder) && o.Status == order.Paid, Cancel: may(staff.CancelOrder) && o.Status == order.Pending,
		Force: may(staff.CancelOrder) && s.MayForce(),
		Pay:   may(staff.Sell) && unpaid, Link: may(staff.Sell), Receipt: may(staff.Sell) && s.Issued,
		Credentials: k.maySeeVoucher(o), Phone: may(staff.RevealPhone),
	}
}

func paymentLines(k *request, p templates.Panel, s orders.OrderDetail) (out []templates.PaymentLine) {
	claims, confirm := map[string]bool{}, map[string]string{}
	for _, c := range s.Counter {
		claims[c.Key] = c.ConfirmedAt.IsZero()
		if claims[c.Key] && !c.WrittenOffAt.IsZero() && k.principal.May(staff.ApproveRefund) {
			confirm[c.Key] = root + "/money/owed/" + url.PathEscape(c.Key)
		}
	}
	for _, pay := range s.Payments {
		line := paymentLine(p, pay)
		line.Claim = pay.Gateway == counter.Name && claims[pay.Key]
		line.WrittenOff, line.Confirm = !pay.WrittenOffAt.IsZero(), confirm[pay.Key]
		left := pay.Amount
		for _, f := range s.Refunds {
			if f.PaymentKey == pay.Key && f.State != order.RefundRejected {
				left -= f.Amount
			}
		}
		if left > 0 && !line.Claim && k.principal.May(staff.RequestRefund) {
			line.Refund = refundPath(s.Order.Code, pay)
		}
		out = append(out, line)
	}
	return out
}

func refundPath(code order.Code, pay order.Payment) string {
	return root + "/orders/" + string(code) + "/refund/" + url.PathEscape(pay.Gateway) + "/" + url.PathEscape(pay.Key)
}

func paymentLine(p templates.Panel, pay order.Payment) templates.PaymentLine {
	return templates.PaymentLine{Gateway: pay.Gateway, Key: pay.Key, Method: methodName(p, pay.Method), Reference: pay.Reference, Amount: pay.Amount, At: pay.PaidAt, Disputed: pay.Disputed}
}

func methodName(p templates.Panel, m payments.Method) string {
	if m == "" {
		return "–"
	}
	return p.MethodName(m)
}

func refundLines(all []order.Refund, code order.Code) (out []templates.RefundLine) {
	for _, f := range all {
		out = append(out, refundLine(f, code))
	}
	return out
}

func refundLine(f order.Refund, code order.Code) templates.RefundLine {
	return templates.RefundLine{ID: f.ID, AskedBy: f.AskedBy, Code: code, Amount: f.Amount, State: f.State, Reason: f.Reason, At: f.DueAt}
}
