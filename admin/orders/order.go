package orders

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/internal/staff"
	"gerai/payments/counter"
	"gerai/templates"
)

// orderPage shows everything about one order.
func orderPage(k *web.Request) error {
	o, err := k.Code(k)
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

func showOrder(k *web.Request, status int, o order.Order, form templates.Typed, show reveal) error {
	p, err := k.Panel("orders")
	if err != nil {
		return err
	}
	p.Form = form
	s, err := k.Shop.Orders.OrderDetail(k.AuditContext(), o.Code)
	if err != nil {
		return err
	}
	o = s.Order
	page := templates.OrderDetailPage{Panel: p, OrderLine: k.Line(k, o, s.SiteName), ValidUntil: s.Voucher.ValidUntil, Money: k.Principal.May(staff.SeeMoney)}
	if s.HasVoucher {
		page.VoucherState = string(s.Voucher.State)
		if k.Principal.May(staff.PrintVouchers) {
			page.VoucherID = s.Voucher.ID
		}
	}
	if page.Money {
		page.Paid, page.Due, page.Item = s.PaidTotal, s.Remaining, o.Item
		page.Payments, page.Refunds = paymentLines(k, p, s), refundLines(s.Refunds, o.Code)
	}
	if o.Status == order.Activated && (page.Money || k.Principal.May(staff.RetryOrder)) {
		page.Username = order.PublicName(s.Account.Username, s.Account.Password)
	}
	switch show {
	case theCredentials:
		page.Username, page.Password = s.Account.Username, s.Account.Password
	case thePhone:
		page.FullPhone = web.FullPhone(o.Phone)
	}
	if id := o.Item.Promotion.ID; id != "" && k.Principal.May(staff.EditPlans) {
		page.PromotionLink = web.Root + "/catalogue/promotions/" + id
	}
	page.May = orderActions(k, s)
	page.Timeline = timeline(k, p, s)
	return k.SendPage(status, p.Theme, page)
}

// orderActions are the actions that the account may take on an order in this state.
func orderActions(k *web.Request, s orders.OrderDetail) templates.OrderActions {
	o, may := s.Order, k.Principal.May
	return templates.OrderActions{
		Check: may(staff.RetryOrder) && order.MayPollNow(s.Attempts) == nil,
		Retry: may(staff.RetryOrder) && order.MayRetry(o) == nil, Cancel: may(staff.CancelOrder) && order.MayCancel(o) == nil,
		Force: may(staff.CancelOrder) && order.MayForce(o, s.Refunds) == nil,
		Pay:   may(staff.Sell) && order.MayPayAtCounter(o) == nil, Link: may(staff.Sell), Receipt: may(staff.Sell) && s.Issued,
		Credentials: k.MaySeeVoucher(o), Phone: may(staff.RevealPhone),
	}
}

func paymentLines(k *web.Request, p templates.Panel, s orders.OrderDetail) (out []templates.PaymentLine) {
	claims, confirm := map[string]bool{}, map[string]string{}
	for _, c := range s.Counter {
		claims[c.Key] = !c.Receivable().Received()
		if order.MayConfirm(c.Receivable()) == nil && !c.WrittenOffAt.IsZero() && k.Principal.May(staff.ApproveRefund) {
			confirm[c.Key] = web.Root + "/money/owed/" + url.PathEscape(c.Key)
		}
	}
	for _, pay := range s.Payments {
		line := web.PaymentLine(p, pay)
		line.Claim = pay.Gateway == counter.Name && claims[pay.Key]
		line.WrittenOff, line.Confirm = !pay.WrittenOffAt.IsZero(), confirm[pay.Key]
		if _, err := order.MayRequestRefund(pay, s.Refunds, !line.Claim); err == nil && k.Principal.May(staff.RequestRefund) {
			line.Refund = web.RefundPath(s.Order.Code, pay)
		}
		out = append(out, line)
	}
	return out
}

func refundLines(all []order.Refund, code order.Code) (out []templates.RefundLine) {
	for _, f := range all {
		out = append(out, web.RefundLine(f, code))
	}
	return out
}
