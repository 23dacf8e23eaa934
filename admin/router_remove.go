package admin

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/templates"
)

// routerRemoveForm asks for consent to take a router away.
func (d *Door) routerRemoveForm(k *desk) error { return d.askRemoveRouter(k, nil) }

// routerRemove takes a router away; it can be brought back.
func (d *Door) routerRemove(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	err = k.typedName(r.Name)
	if err == nil {
		err = d.Shop.RemoveRouter(k.ctx(), k.person.Actor(), r, k.reason())
	}
	if err == nil {
		return k.back("/routers", "router_removed", nil)
	}
	if ours(err) {
		return err
	}
	return d.askRemoveRouter(k, err)
}

func (d *Door) askRemoveRouter(k *desk, cause error) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	alive, err := d.Store.VouchersAlive(k.ctx(), r.ID)
	if err != nil {
		return err
	}
	return d.askConsent(k, r, "edit", cause, func(p templates.RouterPanel) templates.RouterConsentPage {
		return templates.RouterConsentPage{Act: "remove_router", Want: r.Name, Back: p.At("/edit"), Action: p.At("/remove"), Effects: []string{
			p.T("adm.effect.vouchers", "n", strconv.FormatInt(alive, 10)), p.T("adm.effect.no_sale"), p.T("adm.effect.undo")}}
	})
}

// askConsent shows the page of an act that cannot be taken back.
func (d *Door) askConsent(k *desk, r catalog.Router, tab string, cause error, fill func(templates.RouterPanel) templates.RouterConsentPage) error {
	p, err := k.onRouter(r, tab)
	if err != nil {
		return err
	}
	status := fiber.StatusOK
	if cause != nil {
		p.Form, status = k.refusedForm(p.Panel, cause, "typed", "reason", "user", "force"), refusal(cause)
	}
	page := fill(p)
	page.RouterPanel = p
	page.Token = k.consentToken(page.Action)
	return k.send(status, p.Theme, page)
}
