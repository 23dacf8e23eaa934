package orders

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/picture"
	"gerai/templates"
)

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
