package golden

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// pace is how far apart the requests of the routes' golden are, so that no limit
// is met and no proof is asked for again.
const pace = 200 * time.Millisecond

// routesText asks every route as every role, with nothing but the token against
// forged forms, and lists the statuses. Roles with fewer rights ask first.
func (w *walk) routesText() string {
	status := map[string]map[string]string{}
	for _, role := range roles {
		b := w.staff[role]
		name := accounts[role]
		enter := func() string {
			if name != "" {
				b.signIn(name)
				return b.page("/admin/account").Find("input[name=csrf]").AttrOr("value", "")
			}
			return b.page("/admin/login").Find("input[name=csrf]").AttrOr("value", "")
		}
		csrf, entered := enter(), w.clock.Now()
		for _, r := range w.routes {
			key := r.Method + " " + r.Path
			if status[key] == nil {
				status[key] = map[string]string{}
			}
			var form url.Values
			if r.Method != http.MethodGet {
				form = url.Values{"csrf": {csrf}}
			}
			w.clock.Add(pace)
			a := b.send(r.Method, w.example(r.Method, r.Path), form)
			status[key][role] = fmt.Sprint(a.status)
			if a.to != "" {
				status[key][role] += ">" + w.shortened(a.to)
			}
			gone := form != nil && name != "" && b.get("/admin/account").status != http.StatusOK
			if gone || w.clock.Now().Sub(entered) > 3*time.Minute {
				csrf, entered = enter(), w.clock.Now()
			}
		}
	}
	var out []string
	for _, r := range w.routes {
		key := r.Method + " " + r.Path
		line := key
		for _, role := range roles {
			line += "  " + role + "=" + status[key][role]
		}
		out = append(out, line)
	}
	return lines(out)
}

// example is an address of a route: one that a page led to, or one of nothing.
func (w *walk) example(method, route string) string {
	for _, m := range []string{method, http.MethodGet, http.MethodPost} {
		if at := w.examples[m+" "+route]; at != "" {
			if method == http.MethodGet {
				return at
			}
			return pathOf(at)
		}
	}
	parts := strings.Split(route, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "tidak-ada"
		}
	}
	return strings.Join(parts, "/")
}

// shortened is where a redirect leads: the route, and the message if there is
// one.
func (w *walk) shortened(to string) string {
	at := w.routeOf(http.MethodGet, to)
	if at == "" {
		at = w.normal(pathOf(to))
	}
	u, err := url.Parse(to)
	w.must(err)
	if m := u.Query().Get("m"); m != "" {
		at += "?m=" + m
	}
	return at
}
