package counter

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

// printShift is the report of a shift for a receipt printer.
func printShift(k *web.Request) error {
	s, err := readShift(k, k.Param("id"))
	if err != nil {
		return err
	}
	p, err := k.Panel("shift")
	if err != nil {
		return err
	}
	page := templates.ShiftPrintPage{ShiftPage: templates.ShiftPage{Panel: p}, Wide: web.Queries(k).Get("w") == "80"}
	if err := fillShift(k, &page.ShiftPage, s); err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, page)
}
