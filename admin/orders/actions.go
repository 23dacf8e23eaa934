package orders

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/picture"
	"gerai/templates"
)

// note writes down what the next one should know.
func note(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	if err := k.Shop.Orders.AddNote(k.AuditContext(), k.Actor(), o.ID, k.FormValue("text")); err != nil {
		return orderAgain(k, o, err, "text")
	}
	return k.SeeOther(web.OrderPath(o), "m", "order.note")
}

// orderAgain shows the page with a form that was refused.
func orderAgain(k *web.Request, o order.Order, err error, fields ...string) error {
	form, ok := k.Typed(err, fields...)
	if !ok {
		return err
	}
	return showOrder(k, httpx.Status(err), o, form, nothing)
}

// pollOrder asks the gateway now.
func pollOrder(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	return k.Back(web.OrderPath(o), "order.check", k.Shop.Orders.PollGatewayNow(k.AuditContext(), k.Principal.Actor(), o.ID))
}

// retryOrder activates again after a problem.
func retryOrder(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	return k.Back(web.OrderPath(o), "order.retry", k.Shop.Vouchers.Retry(k.AuditContext(), k.Principal.Actor(), o.ID))
}

// credentials shows user name and password and records that in the audit trail.
func credentials(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	if !k.MaySeeVoucher(o) {
		return fault.New(fault.Denied, "staff.not_yours")
	}
	if err := k.Shop.Orders.Seen(k.AuditContext(), k.Actor(), o.ID, "credentials"); err != nil {
		return err
	}
	return showOrder(k, fiber.StatusOK, o, templates.Typed{}, theCredentials)
}

// phone shows the full number and records that in the audit trail.
func phone(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	if err := k.Shop.Orders.Seen(k.AuditContext(), k.Actor(), o.ID, "phone"); err != nil {
		return err
	}
	return showOrder(k, fiber.StatusOK, o, templates.Typed{}, thePhone)
}

// link shows the address of the order's page as a link and a QR code, for a customer at
// the counter. That page shows the voucher, so the audit trail records it.
func link(k *web.Request) error {
	o, err := k.Code(k)
	if err != nil {
		return err
	}
	p, err := k.Panel("orders")
	if err != nil {
		return err
	}
	link := k.Handler.BaseURL + "/o/" + string(o.Token)
	png, err := picture.QR(link)
	if err != nil {
		return err
	}
	if err := k.Shop.Orders.Seen(k.AuditContext(), k.Actor(), o.ID, "link"); err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, templates.CustomerLinkPage{Panel: p, Code: o.Code, Link: link, Picture: web.InPage(png)})
}
