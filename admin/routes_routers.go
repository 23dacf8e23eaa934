package admin

import (
	"slices"

	"gerai/internal/hotspot"
	"gerai/internal/staff"
)

// hotspotRoutes are the routers and what is on them.
var hotspotRoutes = slices.Concat([]route{
	{method: "GET", path: "/routers", right: staff.SeeRouters, act: (*Door).routers},
	{method: "GET", path: "/routers/new", right: staff.EditRouters, fresh: true, act: (*Door).routerNew},
	{method: "POST", path: "/routers", right: staff.EditRouters, fresh: true, act: (*Door).routerSave},
	{method: "POST", path: "/routers/failover", right: staff.EditRouters, act: (*Door).routerFailover},
	{method: "POST", path: "/routers/:id/restore", right: staff.EditRouters, act: (*Door).routerRestore},
	{method: "GET", path: "/online", right: staff.Kick, act: (*Door).online},
	{method: "GET", path: "/routers/:id", right: staff.SeeRouters, act: (*Door).routerBoard},
	{method: "GET", path: "/routers/:id/traffic", right: staff.SeeRouters, act: (*Door).routerTraffic},
	{method: "GET", path: "/routers/:id/edit", right: staff.EditRouters, fresh: true, act: (*Door).routerEdit},
	{method: "POST", path: "/routers/:id/edit", right: staff.EditRouters, fresh: true, act: (*Door).routerSave},
	{method: "GET", path: "/routers/:id/secret", right: staff.RouterSecrets, fresh: true, act: (*Door).routerSecretForm},
	{method: "POST", path: "/routers/:id/secret", right: staff.RouterSecrets, sure: (*Door).askSecret, act: (*Door).routerSecret},
	{method: "GET", path: "/routers/:id/remove", right: staff.EditRouters, fresh: true, act: (*Door).routerRemoveForm},
	{method: "POST", path: "/routers/:id/remove", right: staff.EditRouters, sure: (*Door).askRemoveRouter, act: (*Door).routerRemove},
	{method: "GET", path: "/routers/:id/log", right: staff.SeeRouters, act: (*Door).routerLog},
	{method: "GET", path: "/routers/:id/health", right: staff.SeeRouters, act: (*Door).routerHealth},
	{method: "GET", path: "/routers/:id/reboot", right: staff.RebootRouter, fresh: true, act: (*Door).rebootForm},
	{method: "POST", path: "/routers/:id/reboot", right: staff.RebootRouter, sure: (*Door).askReboot, act: (*Door).reboot},
	{method: "GET", path: "/routers/:id/back", right: staff.SeeRouters, act: (*Door).routerBack},
	{method: "GET", path: "/routers/:id/kit", right: staff.SeeRouters, act: (*Door).kit},
	{method: "POST", path: "/routers/:id/kit/check", right: staff.SeeRouters, act: (*Door).kitCheck},
	{method: "POST", path: "/routers/:id/kit/plan", right: staff.SetupRouter, act: (*Door).kitPlan},
	{method: "POST", path: "/routers/:id/kit/apply", right: staff.SetupRouter, sure: (*Door).askKit, act: (*Door).kitApply},
	{method: "GET", path: "/routers/:id/kit/undo", right: staff.SetupRouter, fresh: true, act: (*Door).kitUndoForm},
	{method: "POST", path: "/routers/:id/kit/undo", right: staff.SetupRouter, sure: (*Door).askUndo, act: (*Door).kitUndo},
	{method: "GET", path: "/routers/:id/kit.zip", right: staff.SetupRouter, fresh: true, act: (*Door).kitZip},
	{method: "GET", path: "/routers/:id/kit.rsc", right: staff.SetupRouter, fresh: true, act: (*Door).kitScript},
	{method: "POST", path: "/routers/:id/active/:row/kick", right: staff.Kick, act: (*Door).kick},
	{method: "POST", path: "/routers/:id/cookies/:row/forget", right: staff.HotspotUsers, act: (*Door).forgetCookie},
	{method: "POST", path: "/routers/:id/users/:row/reset", right: staff.HotspotUsers, act: (*Door).resetUser},
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
		out = append(out, route{method: "GET", path: list, right: see, act: func(d *Door, k *desk) error { return d.routerList(k, m) }})
		if spec.Add {
			out = append(out, route{method: "GET", path: list + "/new", right: staff.HotspotUsers, act: func(d *Door, k *desk) error { return d.itemNew(k, m) }},
				route{method: "POST", path: list + "/new", right: staff.HotspotUsers, act: func(d *Door, k *desk) error { return d.itemAdd(k, m) }})
		}
		if len(spec.Form) > 0 {
			out = append(out, route{method: "GET", path: row, right: staff.HotspotUsers, act: func(d *Door, k *desk) error { return d.item(k, m) }},
				route{method: "POST", path: row, right: staff.HotspotUsers, act: func(d *Door, k *desk) error { return d.itemSet(k, m) }})
		}
		if spec.Toggle {
			out = append(out, route{method: "POST", path: row + "/toggle", right: staff.HotspotUsers, act: func(d *Door, k *desk) error { return d.itemToggle(k, m) }})
		}
		if spec.Remove && m != hotspot.MenuActive && m != hotspot.MenuCookies {
			out = append(out, route{method: "GET", path: row + "/remove", right: staff.HotspotUsers, fresh: true, act: func(d *Door, k *desk) error { return d.itemRemoveForm(k, m) }},
				route{method: "POST", path: row + "/remove", right: staff.HotspotUsers, sure: func(d *Door, k *desk, cause error) error { return d.askRemoveItem(k, m, cause) }, act: func(d *Door, k *desk) error { return d.itemRemove(k, m) }})
		}
	}
	return out
}
