package admin

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// signInForm is the sign-in page.
func signInForm(k *request) error {
	// A request that was under way while another tab renewed the session came
	// here with the old token; the browser has the new one by now.
	if next := k.Query("next"); next != "" {
		if _, err := k.Accounts.Peek(k.UserContext(), k.token(k.Ctx)); err == nil {
			return k.Redirect(inside(next), fiber.StatusSeeOther)
		}
	}
	form := templates.Typed{}
	if k.Query("m") == "staff.signed_out" {
		form.Message = templates.Text(k.lang(), "fault.staff.signed_out")
	}
	return showSignIn(k, fiber.StatusOK, form, k.Query("next"))
}

// signIn opens a session.
func signIn(k *request) error {
	token, err := k.Accounts.SignIn(k.UserContext(), k.FormValue("name"), k.FormValue("password"), k.from())
	if err != nil {
		return signInRefused(k, err)
	}
	if err := leave(k); err != nil {
		return err
	}
	return k.enter(token, k.FormValue("next"))
}

// leave ends the session that the browser brought: one browser, one session.
func leave(k *request) error {
	if old := k.token(k.Ctx); old != "" {
		return k.Accounts.SignOut(k.UserContext(), old)
	}
	return nil
}

func signInRefused(k *request, err error) error {
	form, ok := k.typed(err, "name")
	if !ok {
		return err
	}
	return showSignIn(k, httpx.Status(err), form, k.FormValue("next"))
}

func showSignIn(k *request, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.SignInPage{Panel: p, Next: inside(next), Passkey: k.Accounts.Passkeys()})
}

// signOut ends the session.
func signOut(k *request) error {
	if err := k.Accounts.SignOut(k.ctx(), k.token(k.Ctx)); err != nil {
		return err
	}
	// Fiber writes no negative Max-Age: a time long past has the browser forget it.
	k.Cookie(&fiber.Cookie{Name: k.cookie("session"), Path: "/", HTTPOnly: true, Secure: k.secure, SameSite: fiber.CookieSameSiteLaxMode, Expires: time.Unix(1, 0)})
	return k.seeOther("/login")
}
