package admin

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// signInForm asks who somebody is.
func (d *Door) signInForm(k *desk) error {
	form := templates.Typed{}
	if k.Query("m") == "staff.signed_out" {
		form.Message = templates.Text(k.lang(), "fault.staff.signed_out")
	}
	return d.showSignIn(k, fiber.StatusOK, form, k.Query("next"))
}

// signIn opens a session.
func (d *Door) signIn(k *desk) error {
	token, err := d.Office.SignIn(k.UserContext(), k.FormValue("name"), k.FormValue("password"), k.from())
	if err != nil {
		return d.signInRefused(k, err)
	}
	if err := d.leave(k); err != nil {
		return err
	}
	k.keepSession(token)
	return k.Redirect(inside(k.FormValue("next")), fiber.StatusSeeOther)
}

// leave ends the session that the browser brought: one browser, one session.
func (d *Door) leave(k *desk) error {
	if old := d.token(k.Ctx); old != "" {
		return d.Office.SignOut(k.UserContext(), old)
	}
	return nil
}

func (d *Door) signInRefused(k *desk, err error) error {
	form, ok := k.typed(err, "name")
	if !ok {
		return err
	}
	return d.showSignIn(k, httpx.Status(err), form, k.FormValue("next"))
}

func (d *Door) showSignIn(k *desk, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.SignInPage{Panel: p, Next: inside(next), Passkey: d.Office.Passkeys()})
}

// signOut ends the session.
func (d *Door) signOut(k *desk) error {
	if err := d.Office.SignOut(k.ctx(), d.token(k.Ctx)); err != nil {
		return err
	}
	// An age below zero is not written at all: only a time that is over takes it away.
	k.Cookie(&fiber.Cookie{Name: d.cookie("session"), Path: "/", HTTPOnly: true, Secure: d.secure, SameSite: fiber.CookieSameSiteLaxMode, Expires: time.Unix(0, 0).UTC()})
	return k.see("/login")
}
