package admin

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/templates"
)

// routerRemoveForm shows the confirmation to remove a router.
func routerRemoveForm(k *request) error { return confirmRemoveRouter(k, nil) }

// routerRemove takes a router away; it can be brought back.
func routerRemove(k *request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	err = k.typedName(r.Name)
	if err == nil {
		err = k.Shop.Routers.RemoveRouter(k.ctx(), k.principal.AuditName(), r, k.reason())
	}
	if err == nil {
		return k.back("/routers", "router_removed", nil)
	}
	if ours(err) {
		return err
	}
	return confirmRemoveRouter(k, err)
}

func confirmRemoveRouter(k *request, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	alive, err := k.Store.VouchersAlive(k.ctx(), r.ID)
	if err != nil {
		return err
	}
	return sendRouterConfirmation(k, r, "edit", cause, func(p templates.RouterPanel) templates.RouterConfirmationPage {
		return templates.RouterConfirmationPage{Act: "remove_router", Want: r.Name, Back: p.At("/edit"), Action: p.At("/remove"), Effects: []string{
			p.T("adm.effect.vouchers", "n", strconv.FormatInt(alive, 10)), p.T("adm.effect.no_sale"), p.T("adm.effect.undo")}}
	})
}

// sendRouterConfirmation shows the page of an act that cannot be taken back.
func sendRouterConfirmation(k *request, r catalog.Router, tab string, cause error, fill func(templates.RouterPanel) templates.RouterConfirmationPage) error {
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
	page.Token = k.confirmationToken(page.Action)
	return k.send(status, p.Theme, page)
}
