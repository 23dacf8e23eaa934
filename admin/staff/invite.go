package staff

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/templates"
)

// inviteForm is the page of an invitation link: its owner chooses a password.
func inviteForm(k *web.Request) error {
	return showInvite(k, fiber.StatusOK, templates.Typed{}, k.Query("token"))
}

// acceptInvite sets the password and opens a session.
func acceptInvite(k *web.Request) error {
	link := k.FormValue("token")
	token, err := k.Accounts.Accept(k.UserContext(), link, k.FormValue("password"), k.FormValue("again"), k.From())
	if err != nil {
		form, ok := k.Typed(err)
		if !ok {
			return err
		}
		return showInvite(k, httpx.Status(err), form, link)
	}
	if err := leave(k); err != nil {
		return err
	}
	return k.Enter(token, web.Root)
}

func showInvite(k *web.Request, status int, form templates.Typed, link string) error {
	s, err := k.Accounts.Invited(k.UserContext(), link, k.From())
	if err != nil {
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
	return k.SendPage(status, p.Theme, templates.InvitePage{Panel: p, Name: s.Name, Token: link, Rules: rules(policy)})
}
