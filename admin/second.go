package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/staff"
	"gerai/templates"
)

// secondForm asks for the second factor after the password.
func (d *Door) secondForm(k *desk) error {
	if k.person.Owes != staff.OwesSecond {
		return k.see("")
	}
	return d.showSecond(k, fiber.StatusOK, templates.Typed{}, k.Query("next"))
}

// second checks a code. The browser gets a new session.
func (d *Door) second(k *desk) error {
	next := k.FormValue("next")
	token, err := d.Office.Second(k.ctx(), k.person, k.FormValue("code"))
	if err != nil {
		return d.secondRefused(k, err, next)
	}
	return k.enter(token, next)
}

// secondPasskey checks a passkey's answer.
func (d *Door) secondPasskey(k *desk) error {
	next := k.FormValue("next")
	token, err := d.Office.SecondPasskey(k.ctx(), k.person, k.FormValue("ceremony"), []byte(k.FormValue("credential")))
	if err != nil {
		return d.secondRefused(k, err, next)
	}
	return k.enter(token, next)
}

func (d *Door) secondRefused(k *desk, err error, next string) error {
	form, ok := k.typed(err)
	if !ok || k.person.Owes != staff.OwesSecond {
		return err
	}
	if _, out := d.Office.Who(k.UserContext(), d.token(k.Ctx)); out != nil {
		return k.see("/login", "m", "staff.signed_out", "next", inside(next)) // too many tries
	}
	return d.showSecond(k, httpx.Status(err), form, next)
}

func (d *Door) showSecond(k *desk, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	keys, err := d.Store.CountPasskeys(k.ctx(), k.person.ID)
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.SecondPage{Panel: p, Next: inside(next), App: k.person.TOTP != "", Passkey: keys > 0 && d.Office.Passkeys()})
}
