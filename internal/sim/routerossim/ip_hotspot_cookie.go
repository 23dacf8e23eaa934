package routerossim

import "time"

func init() {
	define("ip/hotspot/cookie", viewVerbs, `-user:str -domain:str -mac-address:mac -expires-in:dur -mac-cookie:bool=false`).hook(func(m *menu) {
		m.live = liveCookie
	})
}

func liveCookie(r *Router, x *row, get map[string]string) {
	get["expires-in"] = formatDur(max(0, milli(x.f["#expires"]).Sub(r.now())).Truncate(time.Second))
}

// putCookie replaces the device's mac-cookie.
func (r *Router) putCookie(u, p, a *row) {
	r.dropCookies(a.f["mac-address"])
	life := durOf(value(r.tables[profilePath], p, "mac-cookie-timeout"))
	until := r.now().Add(life)
	r.insert(cookiePath, "", map[string]string{"user": a.f["user"], "mac-address": a.f["mac-address"], "mac-cookie": "true",
		"#expires": unixMilli(until), "#password": u.f["password"]})
	r.wake(until)
}

func (r *Router) dropCookies(mac string) {
	r.sweep(cookiePath, func(x *row) bool { return x.f["mac-address"] == mac && x.f["mac-cookie"] == "true" })
}
