package setup

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/httpx"
	"gerai/internal/shop/setup"
	"gerai/templates"
)

// gatewayForm shows which keys are used, and asks for others. No key is in it.
func gatewayForm(k *web.Request) error { return showGateway(k, fiber.StatusOK, templates.Typed{}) }

// gateway checks keys and keeps them. What was typed is not shown again: it is secret.
func gateway(k *web.Request) error {
	err := k.Shop.Setup.SaveKeys(k.AuditContext(), k.Actor(), setup.KeysForm{Key: k.FormValue("key"), Tokens: k.FormValue("tokens"), Typed: k.FormValue("typed"), Reason: k.Reason()})
	if err != nil {
		form, ok := k.Typed(err, "typed", "reason")
		if !ok {
			return err
		}
		return showGateway(k, httpx.Status(err), form)
	}
	return k.SeeOther("/setup", "m", "setup.gateway")
}

func showGateway(k *web.Request, status int, form templates.Typed) error {
	p, err := k.Panel("catalogue")
	if err != nil {
		return err
	}
	p.Form = form
	st, err := k.Shop.Setup.GatewayState(k.AuditContext())
	if err != nil {
		return err
	}
	return k.SendPage(status, p.Theme, templates.GatewayPage{Panel: p, CatalogueTabs: templates.CatalogueTabs{Tab: "gateway", Whole: true}, Gateway: gatewayView(st), Webhook: k.Shop.BaseURL + "/webhooks/xendit"})
}

// gatewayView is the state as pages show it.
func gatewayView(g setup.GatewayState) templates.GatewayView {
	return templates.GatewayView{Environment: g.FromEnvironment, Stored: g.Stored, Connected: g.Connected, Live: g.Live, SavedBy: web.Named(g.SavedBy), SavedAt: g.SavedAt, LastMessage: g.LastMessage}
}
