package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/templates"
)

// setupForm is the page of the setup link, which creates the first admin. Without a link it is the
// guided page of those who are signed in, which is another route.
func setupForm(k *web.Request) error {
	if k.Query("token") == "" {
		return k.Next()
	}
	return showSetup(k, fiber.StatusOK, templates.Typed{}, k.Query("token"))
}

// setup makes the first admin and opens a session.
func setup(k *web.Request) error {
	link := k.FormValue("token")
	token, err := k.Accounts.SetUp(k.UserContext(), link, k.FormValue("name"), k.FormValue("password"), k.FormValue("again"), k.From())
	if err != nil {
		form, ok := k.Typed(err, "name")
		if !ok {
			return err
		}
		return showSetup(k, httpx.Status(err), form, link)
	}
	return k.Enter(token, web.Root+"/setup")
}

func showSetup(k *web.Request, status int, form templates.Typed, link string) error {
	if err := k.Accounts.CheckSetupLink(k.UserContext(), link, k.From()); err != nil {
		return err
	}
	p, err := k.Panel("")
	if err != nil {
		return err
	}
	policy, err := k.Accounts.Policy(k.UserContext())
	if err != nil {
		return err
	}
	p.Form = form
	return k.SendPage(status, p.Theme, templates.SetupPage{Panel: p, Token: link, Rules: rules(policy)})
}
