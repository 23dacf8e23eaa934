package orders

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/templates"
)

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
