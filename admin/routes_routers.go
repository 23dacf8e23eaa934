package admin

import (
	"slices"

	"gerai/internal/hotspot"
	"gerai/internal/staff"
)

// hotspotRoutes are the routers and what is on them.
var hotspotRoutes = slices.Concat([]route{
	{method: "GET", path: "/routers", right: staff.SeeRouters, handle: (*Handler).routers},
	{method: "GET", path: "/routers/new", right: staff.EditRouters, reauthenticate: true, handle: (*Handler).routerNew},
	{method: "POST", path: "/routers", right: staff.EditRouters, reauthenticate: true, handle: (*Handler).routerSave},
	{method: "POST", path: "/routers/failover", right: staff.EditRouters, handle: (*Handler).routerFailover},
	{method: "POST", path: "/routers/:id/restore", right: staff.EditRouters, handle: (*Handler).routerRestore},
	{method: "GET", path: "/online", right: staff.Kick, handle: (*Handler).online},
	{method: "GET", path: "/routers/:id", right: staff.SeeRouters, handle: (*Handler).routerDashboard},
	{method: "GET", path: "/routers/:id/traffic", right: staff.SeeRouters, handle: (*Handler).routerTraffic},
	{method: "GET", path: "/routers/:id/edit", right: staff.EditRouters, reauthenticate: true, handle: (*Handler).routerEdit},
	{method: "POST", path: "/routers/:id/edit", right: staff.EditRouters, reauthenticate: true, handle: (*Handler).routerSave},
	{method: "GET", path: "/routers/:id/secret", right: staff.RouterSecrets, reauthenticate: true, handle: (*Handler).routerSecretForm},
	{method: "POST", path: "/routers/:id/secret", right: staff.RouterSecrets, confirm: (*Handler).confirmSecret, handle: (*Handler).routerSecret},
	{method: "GET", path: "/routers/:id/remove", right: staff.EditRouters, reauthenticate: true, handle: (*Handler).routerRemoveForm},
	{method: "POST", path: "/routers/:id/remove", right: staff.EditRouters, confirm: (*Handler).confirmRemoveRouter, handle: (*Handler).routerRemove},
	{method: "GET", path: "/routers/:id/log", right: staff.SeeRouters, handle: (*Handler).routerLog},
	{method: "GET", path: "/routers/:id/health", right: staff.SeeRouters, handle: (*Handler).routerHealth},
	{method: "GET", path: "/routers/:id/reboot", right: staff.RebootRouter, reauthenticate: true, handle: (*Handler).rebootForm},
	{method: "POST", path: "/routers/:id/reboot", right: staff.RebootRouter, confirm: (*Handler).confirmReboot, handle: (*Handler).reboot},
	{method: "GET", path: "/routers/:id/back", right: staff.SeeRouters, handle: (*Handler).routerBack},
	{method: "GET", path: "/routers/:id/kit", right: staff.SeeRouters, handle: (*Handler).provisioning},
	{method: "POST", path: "/routers/:id/kit/check", right: staff.SeeRouters, handle: (*Handler).provisioningCheck},
	{method: "POST", path: "/routers/:id/kit/plan", right: staff.SetupRouter, handle: (*Handler).provisioningPlan},
	{method: "POST", path: "/routers/:id/kit/apply", right: staff.SetupRouter, confirm: (*Handler).confirmProvisioning, handle: (*Handler).provisioningApply},
	{method: "GET", path: "/routers/:id/kit/undo", right: staff.SetupRouter, reauthenticate: true, handle: (*Handler).rollbackForm},
	{method: "POST", path: "/routers/:id/kit/undo", right: staff.SetupRouter, confirm: (*Handler).confirmRollback, handle: (*Handler).rollback},
	{method: "GET", path: "/routers/:id/kit.zip", right: staff.SetupRouter, reauthenticate: true, handle: (*Handler).provisioningZip},
	{method: "GET", path: "/routers/:id/kit.rsc", right: staff.SetupRouter, reauthenticate: true, handle: (*Handler).provisioningScript},
	{method: "POST", path: "/routers/:id/active/:row/kick", right: staff.Kick, handle: (*Handler).kick},
	{method: "POST", path: "/routers/:id/cookies/:row/forget", right: staff.HotspotUsers, handle: (*Handler).forgetCookie},
	{method: "POST", path: "/routers/:id/users/:row/reset", right: staff.HotspotUsers, handle: (*Handler).resetUser},
}, menuRoutes())

// menuRoutes are the routes of every menu, as far as its rows can be changed.
func menuRoutes() []route {
	var out []route
	for _, m := range hotspot.Menus {
		spec, _ := hotspot.SpecOf(m)
		list, row := "/routers/:id/"+string(m), "/routers/:id/"+string(m)+"/:row"
		see := staff.SeeRouters
		if m == hotspot.MenuActive {
			see = staff.Kick
		}
		out = append(out, route{method: "GET", path: list, right: see, handle: func(d *Handler, k *request) error { return d.routerList(k, m) }})
		if spec.Add {
			out = append(out, route{method: "GET", path: list + "/new", right: staff.HotspotUsers, handle: func(d *Handler, k *request) error { return d.itemNew(k, m) }},
				route{method: "POST", path: list + "/new", right: staff.HotspotUsers, handle: func(d *Handler, k *request) error { return d.itemAdd(k, m) }})
		}
		if len(spec.Form) > 0 {
			out = append(out, route{method: "GET", path: row, right: staff.HotspotUsers, handle: func(d *Handler, k *request) error { return d.item(k, m) }},
				route{method: "POST", path: row, right: staff.HotspotUsers, handle: func(d *Handler, k *request) error { return d.itemSet(k, m) }})
		}
		if spec.Toggle {
			out = append(out, route{method: "POST", path: row + "/toggle", right: staff.HotspotUsers, handle: func(d *Handler, k *request) error { return d.itemToggle(k, m) }})
		}
		if spec.Remove && m != hotspot.MenuActive && m != hotspot.MenuCookies {
			out = append(out, route{method: "GET", path: row + "/remove", right: staff.HotspotUsers, reauthenticate: true, handle: func(d *Handler, k *request) error { return d.itemRemoveForm(k, m) }},
				route{method: "POST", path: row + "/remove", right: staff.HotspotUsers, confirm: func(d *Handler, k *request, cause error) error { return d.confirmRemoveItem(k, m, cause) }, handle: func(d *Handler, k *request) error { return d.itemRemove(k, m) }})
		}
	}
	return out
}
