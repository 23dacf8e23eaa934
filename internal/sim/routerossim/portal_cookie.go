package routerossim

import "net/http"

// cookieLogin lets a device in that still has its HTTP cookie.
func (v *visit) cookieLogin() bool {
	k, err := v.q.Cookie(cookieName)
	if err != nil || !v.allows("cookie") {
		return false
	}
	t := v.r.tables[cookiePath]
	x := t.first("#value", k.Value)
	if x == nil || k.Value == "" || x.f["mac-address"] != v.host.f["mac-address"] {
		return false
	}
	if v.r.logIn(v.host, x.f["user"], x.f["#password"], x.f["domain"], "cookie") != nil {
		v.r.delete(t, x)
		return false
	}
	return true
}

const cookieName = "hotspot"

// putCookie gives the browser a cookie after a login by the form.
func (v *visit) putCookie(domain string) {
	if !v.allows("cookie") {
		return
	}
	r, a := v.r, v.active()
	v.dropCookie(a.f["user"])
	t := r.tables["ip/hotspot/profile"]
	life := durOf(value(t, v.profile, "http-cookie-lifetime"))
	until := r.now().Add(life)
	f := map[string]string{"user": a.f["user"], "mac-address": a.f["mac-address"], "#expires": unixMilli(until), "#value": randomHex(16)}
	if u := r.tables[userPath].byID[a.f["#user"]]; u != nil {
		f["#password"] = u.f["password"]
	}
	if domain != "" {
		f["domain"] = domain
	}
	r.insert(cookiePath, "", f)
	r.wake(until)
	v.cookies = []*http.Cookie{{Name: cookieName, Value: f["#value"], Path: "/", HttpOnly: true, MaxAge: int(life.Seconds())}}
}

// dropCookie takes the HTTP cookies of a user on this device back.
func (v *visit) dropCookie(user string) {
	v.r.sweep(cookiePath, func(x *row) bool {
		return x.f["#value"] != "" && x.f["user"] == user && x.f["mac-address"] == v.host.f["mac-address"]
	})
	v.cookies = []*http.Cookie{{Name: cookieName, Path: "/", MaxAge: -1}}
}
