package staff

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

// inviteAgain makes a new one-time link and shows it, once.
func inviteAgain(k *web.Request) error {
	link, err := k.Accounts.Invite(k.AuditContext(), k.Principal.Actor(), k.Params("id"), confirmed(k))
	if err != nil {
		return managed(k, "link", "", err)
	}
	s, err := k.Store.StaffByID(k.AuditContext(), k.Params("id"))
	if err != nil {
		return err
	}
	return showLink(k, s.ID, s.Name, link)
}

// showLink shows a one-time link, once.
func showLink(k *web.Request, id, name, link string) error {
	p, err := k.Panel("staff")
	if err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, templates.LinkPage{Panel: p, ID: id, Name: name, URL: k.Handler.BaseURL + web.Root + "/invite?" + url.Values{"token": {link}}.Encode()})
}
