package orders

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

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
