package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// setupForm is the page of the setup link, which creates the first admin.
func setupForm(k *request) error {
	return showSetup(k, fiber.StatusOK, templates.Typed{}, k.Query("token"))
}

// setup makes the first admin and opens a session.
func setup(k *request) error {
	link := k.FormValue("token")
	token, err := k.Accounts.SetUp(k.UserContext(), link, k.FormValue("name"), k.FormValue("password"), k.FormValue("again"), k.from())
	if err != nil {
		form, ok := k.typed(err, "name")
		if !ok {
			return err
		}
		return showSetup(k, httpx.Status(err), form, link)
	}
	return k.enter(token, root)
}

func showSetup(k *request, status int, form templates.Typed, link string) error {
	if err := k.Accounts.CheckSetupLink(k.UserContext(), link, k.from()); err != nil {
		return err
	}
	p, err := k.panel("")
	if err != nil {
		return err
	}
	policy, err := k.Accounts.Policy(k.UserContext())
	if err != nil {
		return err
	}
	p.Form = form
	return k.send(status, p.Theme, templates.SetupPage{Panel: p, Token: link, Rules: rules(policy)})
}
