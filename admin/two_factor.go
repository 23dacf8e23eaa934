package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// twoFactorForm asks for the second factor after the password.
func twoFactorForm(k *request) error {
	if k.principal.RequiredStep != staff.StepTwoFactor {
		return k.seeOther("")
	}
	return showTwoFactor(k, fiber.StatusOK, templates.Typed{}, k.Query("next"))
}

// twoFactor checks a code. The browser gets a new session.
func twoFactor(k *request) error {
	next := k.FormValue("next")
	token, err := k.Accounts.CheckTwoFactor(k.ctx(), k.principal, k.FormValue("code"))
	if err != nil {
		return twoFactorRefused(k, err, next)
	}
	return k.enter(token, next)
}

// twoFactorPasskey checks a passkey's answer.
func twoFactorPasskey(k *request) error {
	next := k.FormValue("next")
	token, err := k.Accounts.CheckTwoFactorPasskey(k.ctx(), k.principal, k.FormValue("ceremony"), []byte(k.FormValue("credential")))
	if err != nil {
		return twoFactorRefused(k, err, next)
	}
	return k.enter(token, next)
}

func twoFactorRefused(k *request, err error, next string) error {
	form, ok := k.typed(err)
	if !ok || k.principal.RequiredStep != staff.StepTwoFactor {
		return err
	}
	if _, out := k.Accounts.Authenticate(k.UserContext(), k.token(k.Ctx)); out != nil {
		return k.seeOther("/login", "m", "staff.signed_out", "next", inside(next)) // too many tries
	}
	return showTwoFactor(k, httpx.Status(err), form, next)
}

func showTwoFactor(k *request, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	keys, err := k.Store.CountPasskeys(k.ctx(), k.principal.ID)
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.TwoFactorPage{Panel: p, Next: inside(next), App: k.principal.TOTP != "", Passkey: keys > 0 && k.Accounts.Passkeys()})
}
