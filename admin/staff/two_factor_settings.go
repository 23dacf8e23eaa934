package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/picture"
	"gerai/internal/staff"
	"gerai/templates"
)

// twoFactorSettings shows the account's second factors.
func twoFactorSettings(k *web.Request) error {
	return showTwoFactorSettings(k, fiber.StatusOK, templates.Typed{})
}

func twoFactorSettingsRefused(k *web.Request, err error, fields ...string) error {
	form, ok := k.Typed(err, fields...)
	if !ok {
		return err
	}
	return showTwoFactorSettings(k, httpx.Status(err), form)
}

func showTwoFactorSettings(k *web.Request, status int, form templates.Typed) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.TwoFactorSettingsPage{Panel: p, Forced: k.Principal.RequiredStep == staff.StepTwoFactorSetup, App: k.Principal.TOTP != "", HasTwoFactor: k.Principal.HasTwoFactor, CanPasskey: k.Accounts.Passkeys(), Codes: staff.RecoveryCodes}
	keys, err := k.Store.PasskeysOf(k.AuditContext(), k.Principal.ID)
	if err != nil {
		return err
	}
	for _, key := range keys {
		page.Keys = append(page.Keys, templates.PasskeyLine{ID: key.ID, Name: key.Name, Since: key.CreatedAt, Used: key.UsedAt})
	}
	left, err := k.Store.CountRecoveryCodes(k.AuditContext(), k.Principal.ID)
	if err != nil {
		return err
	}
	page.CodesLeft = int(left)
	return k.SendPage(status, p.Theme, page)
}

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

// removeTOTP takes the app off.
func removeTOTP(k *web.Request) error {
	return k.Back("/account/second", "totp_removed", k.Accounts.RemoveTOTP(k.AuditContext(), k.Principal))
}
