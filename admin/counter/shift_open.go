package counter

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/fault"
	"gerai/internal/httpx"
)

// openShift opens a till and goes back to where it was missed.
func openShift(k *web.Request) error {
	opening, err := k.Amount("opening")
	if err == nil {
		err = k.Shop.Counter.OpenShift(k.AuditContext(), k.Actor(), opening)
	}
	switch {
	case fault.Is(err, fault.Invalid):
		form, _ := k.Typed(err, "opening")
		return showShift(k, httpx.Status(err), form, "")
	case err != nil:
		return k.Back("/shift", "", err)
	}
	if next := web.Inside(k.FormValue("next")); next != web.Root && next != web.Root+"/shift/open" {
		return k.Redirect(next, fiber.StatusSeeOther)
	}
	return k.SeeOther("/shift", "m", "shift.open")
}
