package routers

import (
	"cmp"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/shop/routers"
	"gerai/internal/staff"
	"gerai/internal/typed"
	"gerai/templates"
)

// routerNew is the empty form.
func routerNew(k *web.Request) error {
	return showRouter(k, fiber.StatusOK, catalog.Router{}, templates.RouterEditPage{})
}

// routerEdit is the form of a router; its password is not in it.
func routerEdit(k *web.Request) error {
	r, err := router(k)
	if err != nil {
		return err
	}
	return showRouter(k, fiber.StatusOK, r, templates.RouterEditPage{})
}

// routerFields are what a refused form shows again: everything but the
// password.
var routerFields = []string{"name", "address", "user", "server", "priority", "hotspot", "fingerprint"}

// routerSave tries a router out, and keeps it unless only that was asked for.
func routerSave(k *web.Request) error {
	var r catalog.Router
	var err error
	if k.Params("id") != "" {
		if r, err = router(k); err != nil {
			return err
		}
	}
	f, err := routerForm(k)
	if err == nil && !k.Principal.Serves(f.SiteID) {
		err = fault.AtField("site", "router.site_unknown")
	}
	if err == nil && f.Fingerprint != r.Fingerprint { // else it is the pin that TLS leaves behind
		err = k.OnlyWith(f.TLS, errPinWithoutTLS)
	}
	var t routers.RouterTest
	switch {
	case err != nil:
	case k.FormValue("act") == "test":
		t, err = k.Shop.Routers.TestRouter(k.AuditContext(), r.ID, f)
	default:
		var id string
		if id, t, err = k.Shop.Routers.SaveRouter(k.AuditContext(), k.Principal.Actor(), r.ID, f); err == nil {
			return k.Back("/routers/"+id, "router_saved", nil)
		}
	}
	if ours(err) {
		return err
	}
	page := templates.RouterEditPage{Found: t.Found}
	status := fiber.StatusOK
	if err == nil {
		page.Tested = &t.Health
	} else {
		status = fiber.StatusUnprocessableEntity
	}
	switch {
	case errors.Is(err, errPinWithoutTLS):
		page.Found = f.Fingerprint // to be let go, or kept with TLS
	case t.Found == f.Fingerprint:
		page.Found = "" // it is the pinned one: nothing to decide
	}
	r.Fingerprint, r.TLS, r.Disabled, r.SiteID = cmp.Or(f.Fingerprint, r.Fingerprint), f.TLS, f.Disabled, f.SiteID
	return showTyped(k, status, r, page, err)
}

// routerForm reads the form.
func routerForm(k *web.Request) (routers.RouterForm, error) {
	f := routers.RouterForm{Name: k.FormValue("name"), SiteID: k.FormValue("site"), Address: strings.TrimSpace(k.FormValue("address")), User: strings.TrimSpace(k.FormValue("user")),
		Password: k.FormValue("password"), Fingerprint: k.FormValue("fingerprint"), Server: strings.TrimSpace(k.FormValue("server")), Hotspot: strings.TrimSpace(k.FormValue("hotspot")),
		TLS: k.FormValue("tls") == "yes", Disabled: k.FormValue("disabled") == "yes", Untested: k.FormValue("untested") == "yes"}
	if text := k.FormValue("priority"); text != "" {
		n, ok := typed.Count(text)
		if !ok {
			return f, fault.AtField("priority", "router.priority_form")
		}
		f.Priority = n
	}
	return f, nil
}

// showTyped shows the form again with what was typed and what came of it.
func showTyped(k *web.Request, status int, r catalog.Router, page templates.RouterEditPage, cause error) error {
	p, err := k.Panel("routers")
	if err != nil {
		return err
	}
	page.Form = refusedForm(k, p, cause, routerFields...)
	if cause != nil && !fault.Is(cause, fault.Invalid) && !errors.Is(cause, routers.ErrPinAsk) && !fault.Is(cause, fault.Conflict) {
		page.Trouble, page.Offer, page.Form.Message = trouble(p, cause), true, ""
	}
	return showRouter(k, status, r, page)
}

func showRouter(k *web.Request, status int, r catalog.Router, page templates.RouterEditPage) error {
	p, err := withRouter(k, r, "edit")
	if err != nil {
		return err
	}
	p.Form, p.Trouble = page.Form, page.Trouble
	page.RouterPanel, page.ID, page.Was, page.User, page.Pin, page.Server, page.Selected = p, r.ID, lineOf(r), r.User, r.Fingerprint, r.Server, r.SiteID
	page.Secret = k.Principal.May(staff.RouterSecrets)
	sites, err := k.Store.Sites(k.AuditContext())
	if err != nil {
		return err
	}
	for _, s := range sites {
		if k.Principal.Serves(s.ID) {
			page.Sites = append(page.Sites, templates.Pick{Value: s.ID, Text: s.Name})
		}
	}
	return k.SendPage(status, p.Theme, page)
}
