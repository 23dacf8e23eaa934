package admin

import (
	"encoding/base64"
	"html/template"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/picture"
	"gerai/templates"

	"github.com/gofiber/fiber/v2"
)

// orderPath is an order's page below root.
func orderPath(o order.Order) string { return "/orders/" + string(o.Code) }

// note writes down what the next one should know.
func note(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	if err := k.Shop.Orders.AddNote(k.ctx(), k.actor(), o.ID, k.FormValue("text")); err != nil {
		return orderAgain(k, o, err, "text")
	}
	return k.seeOther(orderPath(o), "m", "order.note")
}

// orderAgain shows the page with a form that was refused.
func orderAgain(k *request, o order.Order, err error, fields ...string) error {
	form, ok := k.typed(err, fields...)
	if !ok {
		return err
	}
	return showOrder(k, httpx.Status(err), o, form, nothing)
}

// pollOrder asks the gateway now.
func pollOrder(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	return k.back(orderPath(o), "order.check", k.Shop.Orders.PollGatewayNow(k.ctx(), k.principal.AuditName(), o.ID))
}

// retryOrder activates again after a problem.
func retryOrder(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	return k.back(orderPath(o), "order.retry", k.Shop.Vouchers.Retry(k.ctx(), k.principal.AuditName(), o.ID))
}

// credentials shows user name and password and records that in the audit trail.
func credentials(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	if !k.maySeeVoucher(o) {
		return fault.New(fault.Denied, "staff.not_yours")
	}
	if err := k.Shop.Orders.Seen(k.ctx(), k.actor(), o.ID, "credentials"); err != nil {
		return err
	}
	return showOrder(k, fiber.StatusOK, o, templates.Typed{}, theCredentials)
}

// phone shows the full number and records that in the audit trail.
func phone(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	if err := k.Shop.Orders.Seen(k.ctx(), k.actor(), o.ID, "phone"); err != nil {
		return err
	}
	return showOrder(k, fiber.StatusOK, o, templates.Typed{}, thePhone)
}

// link shows the address of the order's page as a link and a QR code, for a customer at
// the counter. That page shows the voucher, so the audit trail records it.
func link(k *request) error {
	o, err := k.code(k)
	if err != nil {
		return err
	}
	p, err := k.panel("orders")
	if err != nil {
		return err
	}
	link := k.Handler.BaseURL + "/o/" + string(o.Token)
	png, err := picture.QR(link)
	if err != nil {
		return err
	}
	if err := k.Shop.Orders.Seen(k.ctx(), k.actor(), o.ID, "link"); err != nil {
		return err
	}
	return k.send(fiber.StatusOK, p.Theme, templates.CustomerLinkPage{Panel: p, Code: o.Code, Link: link, Picture: inPage(png)})
}

// inPage is a picture of ours as part of its page.
func inPage(png []byte) template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(png)) //nolint:gosec // our own picture
}
