package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/templates"
)

// inviteForm is the page of an invitation link: its owner chooses a password.
func inviteForm(k *request) error {
	return showInvite(k, fiber.StatusOK, templates.Typed{}, k.Query("token"))
}

// acceptInvite sets the password and opens a session.
func acceptInvite(k *request) error {
	link := k.FormValue("token")
	token, err := k.Accounts.Accept(k.UserContext(), link, k.FormValue("password"), k.FormValue("again"), k.from())
	if err != nil {
		form, ok := k.typed(err)
		if !ok {
			return err
		}
		return showInvite(k, httpx.Status(err), form, link)
	}
	if err := leave(k); err != nil {
		return err
	}
	return k.enter(token, root)
}

func showInvite(k *request, status int, form templates.Typed, link string) error {
	s, err := k.Accounts.Invited(k.UserContext(), link, k.from())
	if err != nil {
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
	return k.send(status, p.Theme, templates.InvitePage{Panel: p, Name: s.Name, Token: link, Rules: rules(policy)})
}
