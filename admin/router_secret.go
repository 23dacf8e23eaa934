package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/templates"
)

// routerSecretForm shows the confirmation to reveal a router's password.
func (d *Handler) routerSecretForm(k *request) error { return d.confirmSecret(k, nil) }

// routerSecret tells a router's password.
func (d *Handler) routerSecret(k *request) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	if err := k.typedName(r.Name); err != nil {
		return d.confirmSecret(k, err)
	}
	p, err := k.onRouter(r, "edit")
	if err != nil {
		return err
	}
	secret, err := d.Shop.Routers.RouterSecret(k.ctx(), k.principal.AuditName(), r, k.reason())
	if err != nil {
		return err
	}
	return k.send(fiber.StatusOK, p.Theme, templates.RouterSecretPage{RouterPanel: p, User: r.User, Password: secret})
}

func (d *Handler) confirmSecret(k *request, cause error) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	return d.sendRouterConfirmation(k, r, "edit", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		return templates.RouterConfirmationPage{Act: "secret", Want: r.Name, Back: p.At("/edit"), Action: p.At("/secret"), Effects: []string{p.T("adm.effect.secret", "n", 1)}}
	})
}
