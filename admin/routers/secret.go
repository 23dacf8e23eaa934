package routers

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/templates"
)

// routerSecretForm shows the confirmation to reveal a router's password.
func routerSecretForm(k *web.Request) error { return confirmSecret(k, nil) }

// routerSecret tells a router's password.
func routerSecret(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	if err := k.TypedName(r.Name); err != nil {
		return confirmSecret(k, err)
	}
	p, err := withRouter(k, r, "edit")
	if err != nil {
		return err
	}
	secret, err := k.Shop.Routers.RouterSecret(k.AuditContext(), k.Principal.Actor(), r, k.Reason())
	if err != nil {
		return err
	}
	return k.SendPage(fiber.StatusOK, p.Theme, templates.RouterSecretPage{RouterPanel: p, User: r.User, Password: secret})
}

func confirmSecret(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	return sendRouterConfirmation(k, r, "edit", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		return templates.RouterConfirmationPage{Act: "secret", Want: r.Name, Back: p.At("/edit"), Action: p.At("/secret"), Effects: []string{p.T("routers.effect.secret", "n", 1)}}
	})
}
