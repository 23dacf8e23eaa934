package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
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
