package routerossim

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// served is an answer of the servlet.
type served struct {
	status int
	header http.Header
	body   string
}

func (a served) send(w http.ResponseWriter) {
	for name, list := range a.header {
		w.Header()[name] = list
	}
	w.WriteHeader(a.status)
	_, _ = w.Write([]byte(a.body)) // the phone may be gone
}

// visit is one request of a device to the servlet.
type visit struct {
	r               *Router
	host            *row
	server, profile *row // nil when they were removed
	q               *http.Request
	form            url.Values
	dir             string // chosen page set, "" or "lv/"
	orig            string // $(link-orig)
	to              string // $(link-redirect)
	user            string // as typed
	login           bool   // this is the login page: it may show a challenge
	failed          *loginError
	cookies         []*http.Cookie
}

// portal answers for the hotspot's own address, or (remote) in the place of a
// host the device may not reach. ok is false when the device has no network.
func (r *Router) portal(mac string, q *http.Request, remote string) (a served, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return served{}, false
	}
	r.applyDue()
	defer r.keep()
	host := r.present(mac)
	if host == nil {
		return served{}, false
	}
	v := &visit{r: r, host: host, q: q, form: q.Form}
	v.server, v.profile = r.hotspotOf(host)
	if remote != "" {
		v.orig = remote
		a = v.gate()
	} else {
		a = v.answer()
	}
	for _, c := range v.cookies {
		a.header.Add("Set-Cookie", c.String())
	}
	return a, true
}

// answer follows the manual's table of servlet pages.
func (v *visit) answer() served {
	dir, name := path.Split(strings.TrimPrefix(path.Clean("/"+v.q.URL.Path), "/"))
	v.orig, v.user = v.r.safeDst(v.form.Get("dst")), v.form.Get("username")
	if v.dir = dir; dir == "" {
		if t := strings.Trim(path.Clean("/"+v.form.Get("target")), "/"); t != "" {
			v.dir = t + "/"
		}
	}
	switch {
	case name == "login":
		return v.logIn()
	case name == "logout":
		return v.logOut()
	case name == "status" && v.active() != nil:
		return v.page("status.html")
	case name == "status":
		return v.stranger("fstatus.html")
	case name == "api": // before 7.3 there is no such file
		return v.page("api.json")
	case name != "":
		v.dir = dir
		v.to = v.orig
		return v.page(name)
	case v.active() == nil && !v.cookieLogin():
		return v.gate()
	}
	v.to = v.link("status")
	return v.first("rstatus.html", "redirect.html")
}

// gate is what a device sees that is not logged in.
func (v *visit) gate() served {
	v.to = v.linkLogin()
	return v.first("rlogin.html", "redirect.html")
}

// stranger answers status and logout to a device without a session.
func (v *visit) stranger(name string) served {
	v.failed = refuse("not-logged-in", "")
	v.to = v.link("login")
	return v.first(name, "redirect.html")
}

// welcome is the end of a login, or of a visit to the login page without need.
func (v *visit) welcome() served {
	if v.to = v.orig; v.to == "" {
		v.to = v.link("status")
	}
	return v.first("alogin.html", "redirect.html")
}

func (v *visit) active() *row { return v.r.sessionOf(v.host) }

// first shows the first of the pages that exists.
func (v *visit) first(names ...string) served {
	for _, name := range names {
		if _, ok := v.r.pageText(v.profile, v.dir, name); ok {
			return v.page(name)
		}
	}
	return notFound()
}

func (v *visit) page(name string) served { return v.show(name, v.vars()) }

// show expands a page with the variables given; pictures and scripts are sent
// as they are.
func (v *visit) show(name string, vars map[string]string) served {
	text, ok := v.r.pageText(v.profile, v.dir, name)
	if !ok {
		return notFound()
	}
	a := served{status: http.StatusOK, header: http.Header{"Cache-Control": {"no-cache"}, "Expires": {"0"}}, body: text}
	kind, isText := pageKind(name)
	a.header.Set("Content-Type", kind)
	if !isText {
		return a
	}
	p := expand(text, func(name string) string { return v.variable(vars, name) })
	a.body = p.body
	if p.status != 0 {
		a.status = p.status
	}
	for _, h := range p.header {
		switch name := http.CanonicalHeaderKey(h[0]); name {
		case "Content-Length", "Transfer-Encoding", "Connection": // these are not a page's to say
		default:
			a.header.Set(name, h[1])
		}
	}
	return a
}

func notFound() served {
	return served{http.StatusNotFound, http.Header{"Content-Type": {"text/plain"}}, "Error 404: Not Found\n"}
}
