package routers

import (
	"slices"

	"gerai/admin/web"
	"gerai/internal/hotspot"
	"gerai/internal/staff"
)

// routersRoutes are the routers and what is on them.
var Routes = slices.Concat([]web.Route{
	{Method: "GET", Path: "/routers", Right: staff.SeeRouters, Handle: routersPage},
	{Method: "GET", Path: "/routers/new", Right: staff.EditRouters, Reauthenticate: true, Handle: routerNew},
	{Method: "POST", Path: "/routers", Right: staff.EditRouters, Reauthenticate: true, Handle: routerSave},
	{Method: "POST", Path: "/routers/failover", Right: staff.EditRouters, Handle: routerFailover},
	{Method: "POST", Path: "/routers/ended", Right: staff.Settings, AllSites: true, Reauthenticate: true, Handle: keepEnded},
	{Method: "GET", Path: "/routers/:id/review", Right: staff.SeeRouters, Handle: routerReview},
	{Method: "GET", Path: "/routers/:id/review/restore", Right: staff.HotspotUsers, Handle: restoreUsersForm},
	{Method: "POST", Path: "/routers/:id/review/restore", Right: staff.HotspotUsers, Confirm: confirmRestoreUsers, Handle: restoreUsers},
	{Method: "POST", Path: "/routers/:id/restore", Right: staff.EditRouters, Handle: routerRestore},
	{Method: "GET", Path: "/routers/:id", Right: staff.SeeRouters, Handle: routerDashboard},
	{Method: "GET", Path: "/routers/:id/traffic", Right: staff.SeeRouters, Handle: routerTraffic},
	{Method: "GET", Path: "/routers/:id/edit", Right: staff.EditRouters, Reauthenticate: true, Handle: routerEdit},
	{Method: "POST", Path: "/routers/:id/edit", Right: staff.EditRouters, Reauthenticate: true, Handle: routerSave},
	{Method: "GET", Path: "/routers/:id/secret", Right: staff.RouterSecrets, Reauthenticate: true, Handle: routerSecretForm},
	{Method: "POST", Path: "/routers/:id/secret", Right: staff.RouterSecrets, Confirm: confirmSecret, Handle: routerSecret},
	{Method: "GET", Path: "/routers/:id/remove", Right: staff.EditRouters, Reauthenticate: true, Handle: routerRemoveForm},
	{Method: "POST", Path: "/routers/:id/remove", Right: staff.EditRouters, Confirm: confirmRemoveRouter, Handle: routerRemove},
	{Method: "GET", Path: "/routers/:id/log", Right: staff.SeeRouters, Handle: routerLog},
	{Method: "GET", Path: "/routers/:id/health", Right: staff.SeeRouters, Handle: routerHealth},
	{Method: "GET", Path: "/routers/:id/reboot", Right: staff.RebootRouter, Reauthenticate: true, Handle: rebootForm},
	{Method: "POST", Path: "/routers/:id/reboot", Right: staff.RebootRouter, Confirm: confirmReboot, Handle: reboot},
	{Method: "GET", Path: "/routers/:id/back", Right: staff.SeeRouters, Handle: routerBack},
	{Method: "GET", Path: "/routers/:id/kit", Right: staff.SeeRouters, Handle: provisioning},
	{Method: "POST", Path: "/routers/:id/kit/check", Right: staff.SeeRouters, Handle: provisioningCheck},
	{Method: "POST", Path: "/routers/:id/kit/plan", Right: staff.SetupRouter, Handle: provisioningPlan},
	{Method: "POST", Path: "/routers/:id/kit/apply", Right: staff.SetupRouter, Confirm: confirmProvisioning, Handle: provisioningApply},
	{Method: "GET", Path: "/routers/:id/kit/undo", Right: staff.SetupRouter, Reauthenticate: true, Handle: rollbackForm},
	{Method: "POST", Path: "/routers/:id/kit/undo", Right: staff.SetupRouter, Confirm: confirmRollback, Handle: rollback},
	{Method: "GET", Path: "/routers/:id/kit.zip", Right: staff.SetupRouter, Reauthenticate: true, Handle: provisioningZip},
	{Method: "GET", Path: "/routers/:id/kit.rsc", Right: staff.SetupRouter, Reauthenticate: true, Handle: provisioningScript},
	{Method: "POST", Path: "/routers/:id/active/:row/kick", Right: staff.Kick, Handle: kick},
	{Method: "POST", Path: "/routers/:id/cookies/:row/forget", Right: staff.HotspotUsers, Handle: forgetCookie},
	{Method: "POST", Path: "/routers/:id/users/:row/reset", Right: staff.HotspotUsers, Handle: resetUser},
}, menuRoutes())

// menuRoutes are the routes of every menu, as far as its rows can be changed.
func menuRoutes() []web.Route {
	var out []web.Route
	for _, m := range hotspot.Menus {
		spec, _ := hotspot.SpecOf(m)
		list, row := "/routers/:id/"+string(m), "/routers/:id/"+string(m)+"/:row"
		see := staff.SeeRouters
		if m == hotspot.MenuActive {
			see = staff.Kick
		}
		out = append(out, web.Route{Method: "GET", Path: list, Right: see, Handle: func(k *web.Request) error { return routerList(k, m) }})
		if spec.Add {
			out = append(out, web.Route{Method: "GET", Path: list + "/new", Right: staff.HotspotUsers, Handle: func(k *web.Request) error { return itemNew(k, m) }},
				web.Route{Method: "POST", Path: list + "/new", Right: staff.HotspotUsers, Handle: func(k *web.Request) error { return itemAdd(k, m) }})
		}
		if len(spec.Form) > 0 {
			out = append(out, web.Route{Method: "GET", Path: row, Right: staff.HotspotUsers, Handle: func(k *web.Request) error { return item(k, m) }},
				web.Route{Method: "POST", Path: row, Right: staff.HotspotUsers, Handle: func(k *web.Request) error { return itemSet(k, m) }})
		}
		if spec.Toggle {
			out = append(out, web.Route{Method: "POST", Path: row + "/toggle", Right: staff.HotspotUsers, Handle: func(k *web.Request) error { return itemToggle(k, m) }})
		}
		if spec.Remove && m != hotspot.MenuActive && m != hotspot.MenuCookies {
			out = append(out, web.Route{Method: "GET", Path: row + "/remove", Right: staff.HotspotUsers, Reauthenticate: true, Handle: func(k *web.Request) error { return itemRemoveForm(k, m) }},
				web.Route{Method: "POST", Path: row + "/remove", Right: staff.HotspotUsers, Confirm: func(k *web.Request, cause error) error { return confirmRemoveItem(k, m, cause) }, Handle: func(k *web.Request) error { return itemRemove(k, m) }})
		}
	}
	return out
}
