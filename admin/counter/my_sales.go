package counter

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/jobs"
	"gerai/internal/order"
	"gerai/internal/shop/orders"
	"gerai/templates"
)

// mySale is the receipt of an order, as often as it is asked for. An account that may
// see the voucher sees it there, and the audit trail records that.
func mySale(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	s, err := k.Shop.Orders.OrderDetail(k.AuditContext(), o.Code)
	if err != nil {
		return err
	}
	if !s.Issued {
		return k.Back(web.OrderPath(o), "", fault.New(fault.Conflict, "order.not_paid"))
	}
	o = s.Order
	p, err := k.Panel("sell")
	if err != nil {
		return err
	}
	brand := p.Brand()
	page := templates.MySalePage{Panel: p, Line: k.Line(k, o, s.SiteName), Site: o.SiteID, No: s.Receipt.Number(), TaxPercent: s.Receipt.TaxPercent, Tax: s.Receipt.Tax, PaidAt: o.PaidAt, Item: o.Item, ValidUntil: o.ValidUntil,
		Waiting: o.Status == order.Paid && o.Attention == order.NoReason, Wide: web.Queries(k).Get("w") == "80", SellerName: brand.Name, Contact: brand.Phone}
	if o.Status == order.Activated && s.HasVoucher {
		page.Over, page.Extended, page.ValidUntil = string(s.Voucher.Facts().Ended(s.Now)), s.Account.ID != o.ID, s.Voucher.ValidUntil
	}
	payment(p, &page, s)
	page.Trouble = waitsFor(p, s)
	if page.Over == "" && k.MaySeeVoucher(o) {
		if err := k.Shop.Orders.Seen(k.AuditContext(), k.Actor(), o.ID, "credentials"); err != nil {
			return err
		}
		page.Username, page.Password = s.Account.Username, s.Account.Password
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// waitsFor is why the voucher was not made at the last try.
func waitsFor(p templates.Panel, s orders.OrderDetail) string {
	for _, j := range s.Jobs {
		if j.Kind == string(jobs.OrderActivate) && j.State != "done" && j.Failure != "" {
			return p.Why(fault.CodeIn(j.Failure))
		}
	}
	return ""
}

// payment adds to the receipt how the order was paid.
func payment(p templates.Panel, page *templates.MySalePage, s orders.OrderDetail) {
	for _, pay := range s.Payments {
		page.Method, page.Reference = web.MethodName(p, pay.Method), pay.Reference
	}
	for _, c := range s.Counter {
		page.Seller, page.Given, page.Change = c.StaffName, c.Given, c.Given-c.Amount
	}
}
