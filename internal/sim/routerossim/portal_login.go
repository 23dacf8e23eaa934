package routerossim

import (
	"errors"
	"strconv"
	"strings"
)

// logIn serves /login, by GET as well as by POST.
func (v *visit) logIn() served {
	if v.active() != nil {
		return v.welcome()
	}
	if v.user == "" {
		if v.cookieLogin() {
			return v.welcome()
		}
		v.login = true
		return v.page("login.html")
	}
	err := v.try()
	if err == nil {
		return v.welcome()
	}
	if !errors.As(err, &v.failed) {
		v.failed = refuse("internal-error", v.user)
	}
	if v.failed.key == "internal-error" || v.failed.key == "config-error" {
		return v.first("error.html", "login.html")
	}
	v.login = true
	return v.first("flogin.html", "login.html")
}

// try logs in with what was typed, by the first method that fits.
func (v *visit) try() error {
	r, mac, password := v.r, v.host.f["mac-address"], v.form.Get("password")
	domain := v.form.Get("domain")
	if v.user == "T-"+mac && v.allows("trial") {
		return v.tryTrial()
	}
	by := "http-pap"
	if v.allows("http-chap") {
		c := r.chapOf(mac)
		delete(r.chaps, mac) // one answer each
		u := r.hotspotUser(v.user, v.host.f["server"])
		if c != nil && u != nil && same(c.answer(u.f["password"]), strings.ToLower(password)) {
			password, by = u.f["password"], "http-chap"
		} else if c != nil && !v.allows("http-pap") && isDigest(password) {
			return refuse("invalid-username", v.user)
		}
	}
	if by == "http-pap" && !v.allows("http-pap") {
		return refuse("chap-missing", v.user)
	}
	if err := r.logIn(v.host, v.user, password, domain, by); err != nil {
		return err
	}
	v.putCookie(domain)
	return nil
}

func isDigest(s string) bool {
	return len(s) == 32 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

// allows says whether the server's login-by has a method.
func (v *visit) allows(method string) bool {
	return strings.Contains(","+v.r.loginBy(v.host.f["server"])+",", ","+method+",")
}

// logOut serves /logout. The page still tells of the session that ends.
func (v *visit) logOut() served {
	a := v.active()
	if a == nil {
		return v.stranger("flogout.html")
	}
	v.to = v.link("login")
	vars := v.vars()
	vars["logged-in"] = "no"
	user := a.f["user"]
	v.r.endSession(a, causeUser)
	if e := v.form.Get("erase-cookie"); e == "on" || e == "true" {
		v.dropCookie(user)
	}
	return v.show("logout.html", vars)
}

// safeDst keeps a destination. Up to 7.19.1 any would do, javascript: too
// (CVE-2025-6563); since then other schemes than http and https are dropped.
func (r *Router) safeDst(dst string) string {
	if !r.ver.fixed(7, 19, 2) {
		return dst
	}
	plain := strings.Map(func(c rune) rune { // browsers skip these inside a scheme
		if c <= ' ' {
			return -1
		}
		return c
	}, dst)
	if i := strings.IndexAny(plain, ":/?#"); i >= 0 && plain[i] == ':' {
		if s := strings.ToLower(plain[:i]); s != "http" && s != "https" {
			return ""
		}
	}
	return dst
}

// fixed compares all three numbers of the version.
func (v version) fixed(major, minor, patch int) bool {
	if v.major != major || v.minor != minor {
		return v.atLeast(major, minor)
	}
	parts := strings.Split(v.text, ".")
	if len(parts) < 3 {
		return patch == 0
	}
	n, _ := strconv.Atoi(parts[2])
	return n >= patch
}
