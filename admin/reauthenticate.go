package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
	"gerai/internal/httpx"
	"gerai/templates"
)

// requestReauthentication redirects to the reauthentication page, and from there back to
// the page of the form. A posted form is not kept.
func requestReauthentication(k *request) error {
	next := string(k.Request().URI().RequestURI())
	if k.Method() != fiber.MethodGet {
		next = inside(k.FormValue("back"))
	}
	return k.seeOther("/prove", "next", next)
}

func reauthenticateForm(k *request) error {
	return showReauthenticate(k, fiber.StatusOK, templates.Typed{}, k.Query("next"))
}

// reauthenticate checks the second factor, or the password of those who have none, and
// goes on.
func reauthenticate(k *request) error {
	var token string
	var err error
	if k.principal.HasTwoFactor {
		token, err = k.Accounts.ReauthenticateTwoFactor(k.ctx(), k.principal, k.FormValue("code"))
	} else {
		token, err = k.Accounts.Reauthenticate(k.ctx(), k.principal, k.FormValue("password"))
	}
	return reauthenticated(k, token, err)
}

// reauthenticatePasskey checks a passkey's answer.
func reauthenticatePasskey(k *request) error {
	token, err := k.Accounts.ReauthenticatePasskey(k.ctx(), k.principal, k.FormValue("ceremony"), []byte(k.FormValue("credential")))
	return reauthenticated(k, token, err)
}

// reauthenticated sets the renewed session. Of two parallel requests only the first
// renews it; the second is redirected by way of the sign-in page.
func reauthenticated(k *request, token string, err error) error {
	next := k.FormValue("next")
	if err == nil {
		return k.enter(token, next)
	}
	if fault.CodeOf(err) == "staff.signed_out" {
		return k.seeOther("/login", "m", "staff.signed_out", "next", inside(next))
	}
	form, ok := k.typed(err)
	if !ok {
		return err
	}
	return showReauthenticate(k, httpx.Status(err), form, next)
}

func showReauthenticate(k *request, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.ReauthenticatePage{Panel: p, Next: inside(next), Code: k.principal.HasTwoFactor, App: k.principal.TOTP != ""}
	if k.principal.HasTwoFactor && k.Accounts.Passkeys() {
		keys, err := k.Store.CountPasskeys(k.ctx(), k.principal.ID)
		if err != nil {
			return err
		}
		page.Passkey = keys > 0
	}
	return k.send(status, p.Theme, page)
}
