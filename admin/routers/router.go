package routers

import (
	"context"
	"time"

	"gerai/admin/web"
	"gerai/internal/catalog"
	"gerai/internal/fault"
	"gerai/internal/hotspot"
	"gerai/internal/staff"
	"gerai/internal/store"
	"gerai/templates"
)

// RouterWait bounds what one page waits for a router. A page that gets no
// answer says so and shows what is known.
const RouterWait = 5 * time.Second

func soon(k *web.Request) (context.Context, context.CancelFunc) {
	return context.WithTimeout(k.AuditContext(), RouterWait)
}

// router is the router of the address, if it is one of the account's sites.
// Errors: NotFound "router.not_found".
func router(k *web.Request) (catalog.Router, error) {
	r, err := k.Handler.Shop.Routers.FindRouter(k.AuditContext(), k.Params("id"))
	if err == nil && (r.ID != k.Params("id") || !k.Principal.Serves(r.SiteID)) {
		err = store.ErrRouterNotFound
	}
	return r, err
}

// tabs are the pages of a router.
var tabs = []struct {
	key, path string
	right     staff.Right
}{
	{"board", "", staff.SeeRouters},
	{"users", "/users", staff.SeeRouters},
	{"active", "/active", staff.Kick},
	{"profiles", "/profiles", staff.SeeRouters},
	{"hosts", "/hosts", staff.SeeRouters},
	{"cookies", "/cookies", staff.SeeRouters},
	{"bindings", "/bindings", staff.SeeRouters},
	{"garden", "/garden", staff.SeeRouters},
	{"garden-ip", "/garden-ip", staff.SeeRouters},
	{"servers", "/servers", staff.SeeRouters},
	{"log", "/log", staff.SeeRouters},
	{"review", "/review", staff.SeeRouters},
	{"health", "/health", staff.SeeRouters},
	{"kit", "/kit", staff.SeeRouters},
	{"edit", "/edit", staff.EditRouters},
}

// withRouter starts a page of one router.
func withRouter(k *web.Request, r catalog.Router, tab string) (templates.RouterPanel, error) {
	p, err := k.Panel("routers")
	if err != nil {
		return templates.RouterPanel{}, err
	}
	if !k.Principal.May(staff.SeeRouters) {
		p.Section = "online"
	}
	out := templates.RouterPanel{Panel: p, Router: lineOf(r)}
	states, err := k.Handler.Store.RouterStates(k.AuditContext())
	if err != nil {
		return out, err
	}
	for _, s := range states {
		if s.ID == r.ID {
			out.Router.SeenAt = s.SeenAt
		}
	}
	for _, t := range tabs {
		if k.Principal.May(t.right) {
			out.Tabs = append(out.Tabs, templates.RouterTab{Key: t.key, Path: web.Root + "/routers/" + r.ID + t.path, Open: t.key == tab})
		}
	}
	return out, nil
}

func lineOf(r catalog.Router) templates.RouterLine {
	return templates.RouterLine{ID: r.ID, Name: r.Name, Address: r.Address, TLS: r.TLS, Disabled: r.Disabled, Priority: r.Priority, Hotspot: r.Hotspot}
}

// trouble says in plain words why a router did not do something; "" for nil.
func trouble(p templates.Panel, err error) string {
	switch code := fault.CodeOf(err); {
	case err == nil:
		return ""
	case templates.HasText("trouble." + code):
		return p.Trouble(code)
	default:
		return templates.FaultText(p.Lang, err)
	}
}

// ours reports whether an error is our own: everything else is the router's
// and a page can say it.
func ours(err error) bool { return fault.Is(err, fault.Internal) }

// refusedForm is a form that was refused, for errors of every kind but our
// own. The router's reasons are translated.
func refusedForm(k *web.Request, p templates.Panel, err error, fields ...string) templates.Typed {
	form, ok := k.Typed(err, fields...)
	if !ok {
		form = templates.Typed{Values: map[string]string{}}
		for _, name := range fields {
			form.Values[name] = web.Truncate(k.FormValue(name))
		}
	}
	if code := fault.CodeOf(err); templates.HasText("trouble."+code) || !templates.HasText("fault."+code) {
		form.Message = trouble(p, err)
	}
	return form
}

// row is the id of the row in the address.
func row(k *web.Request) (id string, err error) {
	if id = k.Params("row"); !hotspot.IsItemID(id) {
		return "", fault.New(fault.NotFound, "router.no_item")
	}
	return id, nil
}
