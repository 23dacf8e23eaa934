package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// askProof sends a person to type the password again. A form that was posted
// is not kept: its page is where they come back to.
func (d *Door) askProof(k *desk) error {
	next := string(k.Request().URI().RequestURI())
	if k.Method() != fiber.MethodGet {
		next = inside(k.FormValue("back"))
	}
	return k.see("/prove", "next", next)
}

func (d *Door) proveForm(k *desk) error {
	return d.showProve(k, fiber.StatusOK, templates.Typed{}, k.Query("next"))
}

// prove checks the password and goes on.
func (d *Door) prove(k *desk) error {
	next := k.FormValue("next")
	if err := d.Office.Prove(k.ctx(), k.person, k.FormValue("password")); err != nil {
		form, ok := k.typed(err)
		if !ok {
			return err
		}
		return d.showProve(k, httpx.Status(err), form, next)
	}
	return k.Redirect(inside(next), fiber.StatusSeeOther)
}

func (d *Door) showProve(k *desk, status int, form templates.Typed, next string) error {
	p, err := k.panel("")
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.ProvePage{Panel: p, Next: inside(next)})
}
