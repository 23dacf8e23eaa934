package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// signInForm is the sign-in page.
func signInForm(k *web.Request) error {
	// A request that was under way while another tab renewed the session came
	// here with the old token; the browser has the new one by now.
	if next := k.Query("next"); next != "" {
		if _, err := k.Accounts.Peek(k.UserContext(), k.Token(k.Ctx)); err == nil {
			return k.Redirect(web.Inside(next), fiber.StatusSeeOther)
		}
	}
	form := templates.Typed{}
	if k.Query("m") == staff.ErrSignedOut.Code {
		form.Message = templates.FaultText(k.Lang(), staff.ErrSignedOut)
	}
	return showSignIn(k, fiber.StatusOK, form, k.Query("next"))
}

// signIn opens a session.
func signIn(k *web.Request) error {
	token, err := k.Accounts.SignIn(k.UserContext(), k.FormValue("name"), k.FormValue("password"), k.From())
	if err != nil {
		return signInRefused(k, err)
	}
	if err := leave(k); err != nil {
		return err
	}
	return k.Enter(token, k.FormValue("next"))
}

func signInRefused(k *web.Request, err error) error {
	form, ok := k.Typed(err, "name")
	if !ok {
		return err
	}
	return showSignIn(k, httpx.Status(err), form, k.FormValue("next"))
}

func showSignIn(k *web.Request, status int, form templates.Typed, next string) error {
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendPage(status, p.Theme, templates.SignInPage{Panel: p, Next: web.Inside(next), Passkey: k.Accounts.Passkeys()})
}
