package routers

import (
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/hotspot"
	"gerai/templates"
)

// itemNew is the empty form.
func itemNew(k *web.Request, m hotspot.Menu) error {
	return showNew(k, m, fiber.StatusOK, nil)
}

// itemAdd makes a row.
func itemAdd(k *web.Request, m hotspot.Menu) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	err = k.Shop.Routers.AddItem(k.AuditContext(), k.Principal.Actor(), r, m, itemForm(k, m))
	switch {
	case err == nil:
		return k.Back("/routers/"+r.ID+"/"+string(m), "item_added", nil)
	case ours(err):
		return err
	}
	return showNew(k, m, refusal(err), err)
}

func showNew(k *web.Request, m hotspot.Menu, status int, cause error) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	p, err := withRouter(k, r, string(m))
	if err != nil {
		return err
	}
	page := templates.RouterItemPage{RouterPanel: p, List: m}
	return sendItem(k, r, page, status, cause, nil)
}
