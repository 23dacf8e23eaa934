package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// firstForm greets whoever holds the link of the first start.
func (d *Door) firstForm(k *desk) error {
	return d.showFirst(k, fiber.StatusOK, templates.Typed{}, k.Query("token"))
}

// makeFirst makes the first admin and opens a session.
func (d *Door) makeFirst(k *desk) error {
	link := k.FormValue("token")
	token, err := d.Office.MakeFirst(k.UserContext(), link, k.FormValue("name"), k.FormValue("password"), k.FormValue("again"), k.from())
	if err != nil {
		form, ok := k.typed(err, "name")
		if !ok {
			return err
		}
		return d.showFirst(k, httpx.Status(err), form, link)
	}
	return k.enter(token, root)
}

func (d *Door) showFirst(k *desk, status int, form templates.Typed, link string) error {
	if err := d.Office.First(k.UserContext(), link, k.from()); err != nil {
		return err
	}
	p, err := k.panel("")
	if err != nil {
		return err
	}
	policy, err := d.Office.Policy(k.UserContext())
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.FirstPage{Panel: p, Token: link, Rules: rules(policy)})
}
