package admin

import (
	"github.com/gofiber/fiber/v2"

	"gerai/templates"
)

// routerSecretForm asks for consent to tell a router's password.
func (d *Door) routerSecretForm(k *desk) error { return d.askSecret(k, nil) }

// routerSecret tells a router's password.
func (d *Door) routerSecret(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	if err := k.typedName(r.Name); err != nil {
		return d.askSecret(k, err)
	}
	p, err := k.onRouter(r, "edit")
	if err != nil {
		return err
	}
	secret, err := d.Shop.RouterSecret(k.ctx(), k.person.Actor(), r, k.reason())
	if err != nil {
		return err
	}
	return k.send(fiber.StatusOK, p.Theme, templates.RouterSecretPage{RouterPanel: p, User: r.User, Password: secret})
}

func (d *Door) askSecret(k *desk, cause error) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	return d.askConsent(k, r, "edit", cause, func(p templates.RouterPanel) templates.RouterConsentPage {
		return templates.RouterConsentPage{Act: "secret", Want: r.Name, Back: p.At("/edit"), Action: p.At("/secret"), Effects: []string{p.T("adm.effect.secret", "n", 1)}}
	})
}
