package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/templates"
)

// enrolled sets the new session and shows the recovery codes, once.
func enrolled(k *web.Request, e staff.Enrolled, done string) error {
	if err := k.KeepSession(e.Token); err != nil {
		return err
	}
	if len(e.Codes) == 0 {
		return k.SeeOther("/account/second", "m", done)
	}
	// The page's forms belong to the new session.
	k.Request().Header.SetCookie(k.CookieName("session"), e.Token)
	return showCodes(k, e.Codes)
}

// newCodes replaces the recovery codes and shows them, once.
func newCodes(k *web.Request) error {
	codes, err := k.Accounts.NewRecovery(k.AuditContext(), k.Principal)
	if err != nil {
		return k.Back("/account/second", "", err)
	}
	return showCodes(k, codes)
}

func showCodes(k *web.Request, codes []string) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, templates.CodesPage{Panel: p, Codes: codes})
}
