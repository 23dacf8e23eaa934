package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/picture"
	"gerai/internal/staff"
	"gerai/templates"
)

// pendingPurpose binds a secret that is not in use yet to the account that is about to
// take it.
func pendingPurpose(p staff.Principal) string { return "totp-setup:" + p.ID }

// totpForm shows a fresh secret. It travels back sealed in the form, so that
// nothing is kept of people who only look.
func totpForm(k *web.Request) error {
	if k.Principal.TOTP != "" {
		return k.SeeOther("/account/second")
	}
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	fresh, err := k.Accounts.NewTOTP(p.Brand().Name, k.Principal)
	if err != nil {
		return err
	}
	return showTOTP(k, fiber.StatusOK, p, fresh)
}

func showTOTP(k *web.Request, status int, p templates.Panel, s staff.TOTPSetup) error {
	png, err := picture.QR(s.URI)
	if err != nil {
		return err
	}
	sealed, err := k.Keys.Seal(s.Secret, pendingPurpose(k.Principal))
	if err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, templates.TOTPPage{Panel: p, Secret: s.Secret, Pending: sealed, QR: web.InPage(png)})
}

// enrolTOTP checks the first code and shows the recovery codes.
func enrolTOTP(k *web.Request) error {
	secret, _, err := k.Keys.Open(k.FormValue("pending"), pendingPurpose(k.Principal))
	if err != nil {
		return k.SeeOther("/account/second/app")
	}
	e, err := k.Accounts.EnrolTOTP(k.AuditContext(), k.Principal, secret, k.FormValue("code"))
	if err != nil {
		form, ok := k.Typed(err)
		if !ok || k.Principal.TOTP != "" {
			return k.Back("/account/second", "", err)
		}
		p, panelErr := k.Panel("")
		if panelErr != nil {
			return panelErr
		}
		p.Form = form
		return showTOTP(k, httpx.Status(err), p, staff.SameTOTP(p.Brand().Name, k.Principal, secret))
	}
	return enrolled(k, e, "totp_added")
}
