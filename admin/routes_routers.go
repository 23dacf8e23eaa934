package admin

import (
	"slices"

	"gerai/internal/hotspot"
	"gerai/internal/staff"
)

// routersRoutes are the routers and what is on them.
var routersRoutes = slices.Concat([]route{
	{method: "GET", path: "/routers", right: staff.SeeRouters, handle: routersPage},
	{method: "GET", path: "/routers/new", right: staff.EditRouters, reauthenticate: true, handle: routerNew},
	{method: "POST", path: "/routers", right: staff.EditRouters, reauthenticate: true, handle: routerSave},
	{method: "POST", path: "/routers/failover", right: staff.EditRouters, handle: routerFailover},
	{method: "POST", path: "/routers/:id/restore", right: staff.EditRouters, handle: routerRestore},
	{method: "GET", path: "/online", right: staff.Kick, handle: online},
	{method: "GET", path: "/routers/:id", right: staff.SeeRouters, handle: routerDashboard},
	{method: "GET", path: "/routers/:id/traffic", right: staff.SeeRouters, handle: routerTraffic},
	{method: "GET", path: "/routers/:id/edit", right: staff.EditRouters, reauthenticate: true, handle: routerEdit},
	{method: "POST", path: "/routers/:id/edit", right: staff.EditRouters, reauthenticate: true, handle: routerSave},
	{method: "GET", path: "/routers/:id/secret", right: staff.RouterSecrets, reauthenticate: true, handle: routerSecretForm},
	{method: "POST", path: "/routers/:id/secret", right: staff.RouterSecrets, confirm: confirmSecret, handle: routerSecret},
	{method: "GET", path: "/routers/:id/remove", right: staff.EditRouters, reauthenticate: true, handle: routerRemoveForm},
	{method: "POST", path: "/routers/:id/remove", right: staff.EditRouters, confirm: confirmRemoveRouter, handle: routerRemove},
	{method: "GET", path: "/routers/:id/log", right: staff.SeeRouters, handle: routerLog},
	{method: "GET", path: "/routers/:id/health", right: staff.SeeRouters, handle: routerHealth},
	{method: "GET", path: "/routers/:id/reboot", right: staff.RebootRouter, reauthenticate: true, handle: rebootForm},
	{method: "POST", path: "/routers/:id/reboot", right: staff.RebootRouter, confirm: confirmReboot, handle: reboot},
	{method: "GET", path: "/routers/:id/back", right: staff.SeeRouters, handle: routerBack},
	{method: "GET", path: "/routers/:id/kit", right: staff.SeeRouters, handle: provisioning},
	{method: "POST", path: "/routers/:id/kit/check", right: staff.SeeRouters, handle: provisioningCheck},
	{method: "POST", path: "/routers/:id/kit/plan", right: staff.SetupRouter, handle: provisioningPlan},
	{method: "POST", path: "/routers/:id/kit/apply", right: staff.SetupRouter, confirm: confirmProvisioning, handle: provisioningApply},
	{method: "GET", path: "/routers/:id/kit/undo", right: staff.SetupRouter, reauthenticate: true, handle: rollbackForm},
	{method: "POST", path: "/routers/:id/kit/undo", right: staff.SetupRouter, confirm: confirmRollback, handle: rollback},
	{method: "GET", path: "/routers/:id/kit.zip", right: staff.SetupRouter, reauthenticate: true, handle: provisioningZip},
	{method: "GET", path: "/routers/:id/kit.rsc", right: staff.SetupRouter, reauthenticate: true, handle: provisioningScript},
	{method: "POST", path: "/routers/:id/active/:row/kick", right: staff.Kick, handle: kick},
	{method: "POST", path: "/routers/:id/cookies/:row/forget", right: staff.HotspotUsers, handle: forgetCookie},
	{method: "POST", path: "/routers/:id/users/:row/reset", right: staff.HotspotUsers, handle: resetUser},
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
		out = append(out, route{method: "GET", path: list, right: see, handle: func(k *request) error { return routerList(k, m) }})
		if spec.Add {
			out = append(out, route{method: "GET", path: list + "/new", right: staff.HotspotUsers, handle: func(k *request) error { return itemNew(k, m) }},
				route{method: "POST", path: list + "/new", right: staff.HotspotUsers, handle: func(k *request) error { return itemAdd(k, m) }})
		}
		if len(spec.Form) > 0 {
			out = append(out, route{method: "GET", path: row, right: staff.HotspotUsers, handle: func(k *request) error { return item(k, m) }},
				route{method: "POST", path: row, right: staff.HotspotUsers, handle: func(k *request) error { return itemSet(k, m) }})
		}
		if spec.Toggle {
			out = append(out, route{method: "POST", path: row + "/toggle", right: staff.HotspotUsers, handle: func(k *request) error { return itemToggle(k, m) }})
		}
		if spec.Remove && m != hotspot.MenuActive && m != hotspot.MenuCookies {
			out = append(out, route{method: "GET", path: row + "/remove", right: staff.HotspotUsers, reauthenticate: true, handle: func(k *request) error { return itemRemoveForm(k, m) }},
				route{method: "POST", path: row + "/remove", right: staff.HotspotUsers, confirm: func(k *request, cause error) error { return confirmRemoveItem(k, m, cause) }, handle: func(k *request) error { return itemRemove(k, m) }})
		}
	}
	return out
}
