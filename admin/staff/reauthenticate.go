package staff

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

func reauthenticateForm(k *web.Request) error {
	return showReauthenticate(k, fiber.StatusOK, templates.Typed{}, k.Query("next"), web.Truncate(k.Query("posted")))
}

// reauthenticate checks the second factor, or the password of those who have none, and
// goes on.
func reauthenticate(k *web.Request) error {
	var token string
	var err error
	if k.Principal.HasTwoFactor {
		token, err = k.Accounts.ReauthenticateTwoFactor(k.AuditContext(), k.Principal, k.FormValue("code"))
	} else {
		token, err = k.Accounts.Reauthenticate(k.AuditContext(), k.Principal, k.FormValue("password"))
	}
	return reauthenticated(k, token, err)
}

// reauthenticatePasskey checks a passkey's answer.
func reauthenticatePasskey(k *web.Request) error {
	token, err := k.Accounts.ReauthenticatePasskey(k.AuditContext(), k.Principal, k.FormValue("ceremony"), []byte(k.FormValue("credential")))
	return reauthenticated(k, token, err)
}

// reauthenticated sets the renewed session and completes the form that was kept. Of two parallel requests only the first
// renews it; the second is redirected by way of the sign-in page.
func reauthenticated(k *web.Request, token string, err error) error {
	next, kept := k.FormValue("next"), web.Truncate(k.FormValue("posted"))
	if err == nil {
		return k.EnterWith(token, kept, next)
	}
	if errors.Is(err, staff.ErrSignedOut) {
		return k.SeeOther("/login", "m", staff.ErrSignedOut.Code, "next", web.Inside(next))
	}
	form, ok := k.Typed(err)
	if !ok {
		return err
	}
	return showReauthenticate(k, httpx.Status(err), form, next, kept)
}

func showReauthenticate(k *web.Request, status int, form templates.Typed, next, kept string) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	p.Form = form
	page := templates.ReauthenticatePage{Panel: p, Next: web.Inside(next), Kept: kept, Code: k.Principal.HasTwoFactor, App: k.Principal.TOTP != ""}
	if k.Principal.HasTwoFactor && k.Accounts.Passkeys() {
		keys, err := k.Store.CountPasskeys(k.AuditContext(), k.Principal.ID)
		if err != nil {
			return err
		}
		page.Passkey = keys > 0
	}
	return k.SendPage(status, p.Theme, page)
}
