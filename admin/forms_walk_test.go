package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/PuerkitoBio/goquery"

	"gerai/admin/staff"
	"gerai/admin/web"
)

// form is one form of a page as one account sees it.
type form struct {
	who    string
	page   string // where it stands
	target string // where it goes
	action string // that without parameters
	route  web.Route
	doc    *goquery.Selection
}

// inParts are all routes with the parts of their paths.
var inParts = sync.OnceValue(func() (out []routeInParts) {
	for _, r := range slices.Concat(staff.PublicRoutes, routes) {
		out = append(out, routeInParts{r, strings.Split(r.Path, "/")})
	}
	return out
})

type routeInParts struct {
	web.Route
	parts []string
}

// routeOf finds the route that an address leads to, as the router does: the
// first that fits.
func routeOf(method, path string) (web.Route, bool) {
	parts := strings.Split(strings.TrimPrefix(path, web.Root), "/")
	for _, r := range inParts() {
		if r.Method == method && fits(r.parts, parts) {
			return r.Route, true
		}
	}
	return web.Route{}, false
}

func fits(want, parts []string) bool {
	if len(want) != len(parts) {
		return false
	}
	for i, w := range want {
		if !strings.HasPrefix(w, ":") && w != parts[i] {
			return false
		}
	}
	return true
}

func pathOf(address string) string { return strings.SplitN(address, "?", 2)[0] }

// perRoute bounds how many addresses of one page are visited.
const perRoute = 24

// walk visits every page that an account can reach by links, starting at the dashboard,
// and returns the forms on them by address.
func (s *busyShop) walk(who string, start ...string) map[string]form {
	s.Helper()
	return s.walkBelow(who, web.Root, append(start, web.Root, web.Root+"/login")...)
}

// walkBelow walks the pages below an address.
func (s *busyShop) walkBelow(who, below string, start ...string) map[string]form {
	s.Helper()
	b, forms := s.staff[who], map[string]form{}
	seen, times := map[string]bool{}, map[string]int{}
	for queue := start; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		u, err := url.Parse(at)
		if err != nil {
			s.Fatalf("%s links to %q", who, at)
		}
		r, known := routeOf(http.MethodGet, u.Path)
		if !known || seen[at] || times[r.Path] >= perRoute {
			continue
		}
		seen[at] = true
		times[r.Path]++
		a := b.get(at)
		if a.StatusCode == http.StatusSeeOther {
			queue = append(queue, a.moved())
			continue
		}
		if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
			continue
		}
		doc := a.page(http.StatusOK)
		s.formsOn(who, at, doc, forms)
		doc.Find("a[href^='" + below + "']").Each(func(_ int, x *goquery.Selection) {
			queue = append(queue, strings.SplitN(x.AttrOr("href", ""), "#", 2)[0])
		})
	}
	return forms
}

// formsOn notes the forms of a page; of those that go to one address the first.
func (s *busyShop) formsOn(who, at string, doc *goquery.Document, into map[string]form) {
	s.Helper()
	doc.Find("form").Each(func(_ int, x *goquery.Selection) {
		if !strings.EqualFold(x.AttrOr("method", "get"), "post") {
			return
		}
		target := x.AttrOr("action", at)
		action := pathOf(target)
		r, known := routeOf(http.MethodPost, action)
		if !known {
			s.Errorf("%s: a form of %s goes to %s, which is no route", who, at, action)
			return
		}
		if _, already := into[action]; !already {
			into[action] = form{who: who, page: at, target: target, action: action, route: r, doc: x}
		}
		if way, other := x.Find("button[formaction]").Attr("formaction"); other {
			r, _ := routeOf(http.MethodPost, way)
			into[way] = form{who: who, page: at, target: way, action: way, route: r, doc: x}
		}
	})
}
