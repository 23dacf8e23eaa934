package admin

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/templates"
)

// routerRemoveForm asks for consent to take a router away.
func (d *Door) routerRemoveForm(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	return d.askRemoveRouter(k, fiber.StatusOK, r, nil)
}

// routerRemove takes a router away; it can be brought back.
func (d *Door) routerRemove(k *desk) error {
	r, err := k.router()
	if err != nil {
		return err
	}
	err = k.consents("remove_router", r.ID, r.Name)
	if err == nil {
		err = d.Shop.RemoveRouter(k.ctx(), k.person.Actor(), r, k.reason())
	}
	if err == nil {
		return k.back("/routers", "router_removed", nil)
	}
	if ours(err) {
		return err
	}
	return d.askRemoveRouter(k, httpx.Status(err), r, err)
}

func (d *Door) askRemoveRouter(k *desk, status int, r catalog.Router, cause error) error {
	alive, err := d.Store.VouchersAlive(k.ctx(), r.ID)
	if err != nil {
		return err
	}
	return d.askConsent(k, status, r, "edit", cause, func(p templates.RouterPanel) templates.RouterConsentPage {
		return templates.RouterConsentPage{Act: "remove_router", Want: r.Name, Back: p.At("/edit"), Action: p.At("/remove"), Effects: []string{
			p.T("adm.effect.vouchers", "n", strconv.FormatInt(alive, 10)), p.T("adm.effect.no_sale"), p.T("adm.effect.undo")}}
	})
}

// askConsent shows the page of an act that cannot be taken back.
func (d *Door) askConsent(k *desk, status int, r catalog.Router, tab string, cause error, fill func(templates.RouterPanel) templates.RouterConsentPage) error {
	p, err := k.onRouter(r, tab)
	if err != nil {
		return err
	}
	if cause != nil {
		p.Form = k.refusedForm(p.Panel, cause, "typed", "reason", "user")
	}
	page := fill(p)
	page.RouterPanel = p
	page.Token = k.consentToken(page.Act, k.thing(r))
	if status >= fiber.StatusInternalServerError {
		status = fiber.StatusConflict // the router's reasons are no failure of ours
	}
	return k.send(status, p.Theme, page)
}

// thing is what consent is given for: the router, or one of its rows.
func (k *desk) thing(r catalog.Router) string {
	if row := k.Params("row"); row != "" {
		return r.ID + "/" + row
	}
	return r.ID
}
