package counter

import (
	"strings"

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
	all, err := saleOf(k, s)
	if err != nil {
		return err
	}
	page := templates.MySalePage{Panel: p, Line: k.Line(k, all[0].Order, s.SiteName), Site: o.SiteID, TaxPercent: s.Receipt.TaxPercent, PaidAt: o.PaidAt, Item: o.Item, ValidUntil: o.ValidUntil,
		Wide: web.Queries(k).Get("w") == "80", SellerName: brand.Name, Contact: brand.Phone}
	var numbers []string
	for _, one := range all {
		v, err := slipVoucher(k, one)
		if err != nil {
			return err
		}
		page.Waiting = page.Waiting || one.Order.Status == order.Paid && one.Order.Attention == order.NoReason
		page.Vouchers, numbers = append(page.Vouchers, v), append(numbers, one.Receipt.Number())
		if why := waitsFor(p, one); why != "" {
			page.Trouble = why
		}
		if len(all) == 1 {
			page.ValidUntil = v.ValidUntil
		}
		payment(p, &page, one)
		page.Add(one.Order.Item, one.Order.Total, one.Receipt.Tax)
	}
	page.No = strings.Join(numbers, ", ")
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}

// saleOf are the orders that were paid together with one, which is alone where nothing was.
func saleOf(k *web.Request, d orders.OrderDetail) ([]orders.OrderDetail, error) {
	key := ""
	for _, c := range d.Counter {
		key = c.SaleKey
	}
	parts, err := k.Store.CounterSale(k.AuditContext(), key)
	if err != nil || len(parts) < 2 {
		return []orders.OrderDetail{d}, err
	}
	var out []orders.OrderDetail
	for _, c := range parts {
		one := d
		if c.OrderID != d.Order.ID {
			if one, err = k.Shop.Orders.OrderDetail(k.AuditContext(), c.Code); err != nil {
				return nil, err
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// slipVoucher is the voucher of an order as its receipt shows it, with its codes where the
// account may see them; that is recorded.
func slipVoucher(k *web.Request, s orders.OrderDetail) (templates.SlipVoucher, error) {
	v := templates.SlipVoucher{Code: s.Order.Code, ValidUntil: s.Order.ValidUntil}
	if s.Order.Status == order.Activated && s.HasVoucher {
		v.Over, v.Extended, v.ValidUntil = string(s.Voucher.Facts().Ended(s.Now)), s.Account.ID != s.Order.ID, s.Voucher.ValidUntil
	}
	if v.Over != "" || !k.MaySeeVoucher(s.Order) {
		return v, nil
	}
	if err := k.Shop.Orders.Seen(k.AuditContext(), k.Actor(), s.Order.ID, "credentials"); err != nil {
		return v, err
	}
	v.Username, v.Password = s.Account.Username, s.Account.Password
	return v, nil
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
		page.Seller, page.Given, page.Change = c.StaffName, page.Given+c.Given, page.Change+c.Given-c.Amount
	}
}
