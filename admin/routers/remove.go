package routers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/templates"
)

// routerRemoveForm shows the confirmation to remove a router.
func routerRemoveForm(k *web.Request) error { return confirmRemoveRouter(k, nil) }

// routerRemove takes a router away; it can be brought back.
func routerRemove(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	err = k.TypedName(r.Name)
	if err == nil {
		err = k.Shop.Routers.RemoveRouter(k.AuditContext(), k.Principal.Actor(), r, k.Reason())
	}
	if err == nil {
		return k.Back("/routers", "router_removed", nil)
	}
	if ours(err) {
		return err
	}
	return confirmRemoveRouter(k, err)
}

func confirmRemoveRouter(k *web.Request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	alive, err := k.Store.VouchersAlive(k.AuditContext(), r.ID)
	if err != nil {
		return err
	}
	return sendRouterConfirmation(k, r, "edit", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		return templates.RouterConfirmationPage{Act: "remove_router", Want: r.Name, Back: p.At("/edit"), Action: p.At("/remove"), Effects: []string{
			p.T("routers.effect.vouchers", "n", strconv.FormatInt(alive, 10)), p.T("routers.effect.no_sale"), p.T("routers.effect.undo")}}
	})
}

// sendRouterConfirmation shows the page of an act that cannot be taken back.
func sendRouterConfirmation(k *web.Request, r catalog.Router, tab string, cause error, fill func(templates.RouterPanel) templates.RouterConfirmationPage) error {
	p, err := withRouter(k, r, tab)
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if cause != nil {
		p.Form, status = refusedForm(k, p.Panel, cause, "typed", "reason", "user", "force"), refusal(cause)
	}
	page := fill(p)
	page.RouterPanel = p
	page.Token = k.ConfirmationToken(page.Action)
	return k.SendPage(status, p.Theme, page)
}
