package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/picture"
	"gerai/internal/staff"
	"gerai/templates"
)

// twoFactorSettings shows the account's second factors.
func twoFactorSettings(k *request) error {
	return showTwoFactorSettings(k, fiber.StatusOK, templates.Typed{})
}

func twoFactorSettingsRefused(k *request, err error, fields ...string) error {
	form, ok := k.typed(err, fields...)
	if !ok {
		return err
	}
	return showTwoFactorSettings(k, httpx.Status(err), form)
}

func showTwoFactorSettings(k *request, status int, form templates.Typed) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.TwoFactorSettingsPage{Panel: p, Forced: k.principal.RequiredStep == staff.StepTwoFactorSetup, App: k.principal.TOTP != "", HasTwoFactor: k.principal.HasTwoFactor, CanPasskey: k.Accounts.Passkeys(), Codes: staff.RecoveryCodes}
	keys, err := k.Store.PasskeysOf(k.ctx(), k.principal.ID)
	if err != nil {
		return err
	}
	for _, key := range keys {
		page.Keys = append(page.Keys, templates.PasskeyLine{ID: key.ID, Name: key.Name, Since: key.CreatedAt, Used: key.UsedAt})
	}
	left, err := k.Store.CountRecoveryCodes(k.ctx(), k.principal.ID)
	if err != nil {
		return err
	}
	page.CodesLeft = int(left)
	return k.send(status, p.Theme, page)
}

// pendingPurpose binds a secret that is not in use yet to the account that is about to
// take it.
func pendingPurpose(p staff.Principal) string { return "totp-setup:" + p.ID }

// totpForm shows a fresh secret. It travels back sealed in the form, so that
// nothing is kept of people who only look.
func totpForm(k *request) error {
	if k.principal.TOTP != "" {
		return k.seeOther("/account/second")
	}
	p, err := k.panel("")
	if err != nil {
		return err
	}
	fresh, err := k.Accounts.NewTOTP(p.Brand().Name, k.principal)
	if err != nil {
		return err
	}
	return showTOTP(k, fiber.StatusOK, p, fresh)
}

func showTOTP(k *request, status int, p templates.Panel, s staff.TOTPSetup) error {
	png, err := picture.QR(s.URI)
	if err != nil {
		return err
	}
	sealed, err := k.Keys.Seal(s.Secret, pendingPurpose(k.principal))
	if err != nil {
		return err
	}
	return k.send(status, p.Theme, templates.TOTPPage{Panel: p, Secret: s.Secret, Pending: sealed, QR: inPage(png)})
}

// enrolTOTP checks the first code and shows the recovery codes.
func enrolTOTP(k *request) error {
	secret, _, err := k.Keys.Open(k.FormValue("pending"), pendingPurpose(k.principal))
	if err != nil {
		return k.seeOther("/account/second/app")
	}
	e, err := k.Accounts.EnrolTOTP(k.ctx(), k.principal, secret, k.FormValue("code"))
	if err != nil {
		form, ok := k.typed(err)
		if !ok || k.principal.TOTP != "" {
			return k.back("/account/second", "", err)
		}
		p, panelErr := k.panel("")
		if panelErr != nil {
			return panelErr
		}
		p.Form = form
		return showTOTP(k, httpx.Status(err), p, staff.SameTOTP(p.Brand().Name, k.principal, secret))
	}
	return enrolled(k, e, "totp_added")
}

// enrolled sets the new session and shows the recovery codes, once.
func enrolled(k *request, e staff.Enrolled, done string) error {
	if err := k.keepSession(e.Token); err != nil {
		return err
	}
	if len(e.Codes) == 0 {
		return k.seeOther("/account/second", "m", done)
	}
	// The page's forms belong to the new session.
	k.Request().Header.SetCookie(k.cookie("session"), e.Token)
	return showCodes(k, e.Codes)
}

// newCodes replaces the recovery codes and shows them, once.
func newCodes(k *request) error {
	codes, err := k.Accounts.NewRecovery(k.ctx(), k.principal)
	if err != nil {
		return k.back("/account/second", "", err)
	}
	return showCodes(k, codes)
}

func showCodes(k *request, codes []string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	return k.send(fiber.StatusOK, p.Theme, templates.CodesPage{Panel: p, Codes: codes})
}

// removeTOTP takes the app off.
func removeTOTP(k *request) error {
	return k.back("/account/second", "totp_removed", k.Accounts.RemoveTOTP(k.ctx(), k.principal))
}
