package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// signInForm asks who somebody is.
func (d *Door) signInForm(k *desk) error {
	return d.showSignIn(k, fiber.StatusOK, templates.Typed{}, k.Query("next"))
}

// signIn opens a session.
func (d *Door) signIn(k *desk) error {
	next := k.FormValue("next")
	token, err := d.Office.SignIn(k.UserContext(), k.FormValue("name"), k.FormValue("password"), staff.From{Address: httpx.ClientIP(k.Ctx), Agent: k.Get(fiber.HeaderUserAgent)})
	if err != nil {
		form, ok := k.typed(err, "name")
		if !ok {
			return err
		}
		return d.showSignIn(k, httpx.Status(err), form, next)
	}
	k.Cookie(&fiber.Cookie{Name: d.cookie("session"), Value: token, Path: "/", HTTPOnly: true, Secure: d.secure, SameSite: fiber.CookieSameSiteLaxMode, SessionOnly: true})
	return k.Redirect(inside(next), fiber.StatusSeeOther)
}

func (d *Door) showSignIn(k *desk, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.SignInPage{Panel: p, Next: inside(next)})
}

// signOut ends the session.
func (d *Door) signOut(k *desk) error {
	if err := d.Office.SignOut(k.ctx(), d.token(k.Ctx)); err != nil {
		return err
	}
	k.Cookie(&fiber.Cookie{Name: d.cookie("session"), Path: "/", HTTPOnly: true, Secure: d.secure, SameSite: fiber.CookieSameSiteLaxMode, MaxAge: -1})
	return k.see("/login")
}
