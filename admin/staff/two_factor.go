package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// twoFactorForm asks for the second factor after the password.
func twoFactorForm(k *web.Request) error {
	if k.Principal.RequiredStep != staff.StepTwoFactor {
		return k.SeeOther("")
	}
	return showTwoFactor(k, fiber.StatusOK, templates.Typed{}, k.Query("next"))
}

// twoFactor checks a code. The browser gets a new session.
func twoFactor(k *web.Request) error {
	next := k.FormValue("next")
	token, err := k.Accounts.CheckTwoFactor(k.AuditContext(), k.Principal, k.FormValue("code"))
	if err != nil {
		return twoFactorRefused(k, err, next)
	}
	return k.Enter(token, next)
}

// twoFactorPasskey checks a passkey's answer.
func twoFactorPasskey(k *web.Request) error {
	next := k.FormValue("next")
	token, err := k.Accounts.CheckTwoFactorPasskey(k.AuditContext(), k.Principal, k.FormValue("ceremony"), []byte(k.FormValue("credential")))
	if err != nil {
		return twoFactorRefused(k, err, next)
	}
	return k.Enter(token, next)
}

func twoFactorRefused(k *web.Request, err error, next string) error {
	form, ok := k.Typed(err)
	if !ok || k.Principal.RequiredStep != staff.StepTwoFactor {
		return err
	}
	if _, out := k.Accounts.Authenticate(k.UserContext(), k.Token(k.Ctx)); out != nil {
		return k.SeeOther("/login", "m", staff.ErrSignedOut.Code, "next", web.Inside(next)) // too many tries
	}
	return showTwoFactor(k, httpx.Status(err), form, next)
}

func showTwoFactor(k *web.Request, status int, form templates.Typed, next string) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	keys, err := k.Store.CountPasskeys(k.AuditContext(), k.Principal.ID)
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendPage(status, p.Theme, templates.TwoFactorPage{Panel: p, Next: web.Inside(next), App: k.Principal.TOTP != "", Passkey: keys > 0 && k.Accounts.Passkeys()})
}
