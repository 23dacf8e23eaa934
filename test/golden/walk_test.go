package golden

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"
)

// look is one page as it was seen.
type look struct {
	path, route, role string
	answer            answer
}

// walk is what every role saw of a busy shop, and an address of each route.
type walk struct {
	*floor
	routes   []fiber.Route
	looks    []look
	examples map[string]string // address by method and route
	known    [][2]string       // drawn values and what stands for them
}

// walkAll goes through every page that each role can reach, link by link from
// the sights of the role, to one page of each route, and through the pages of
// customers.
func walkAll(t testing.TB) *walk {
	t.Helper()
	w := &walk{floor: busy(t), examples: map[string]string{}}
	for _, r := range w.app.Routes() {
		if r.Method != http.MethodHead {
			w.routes = append(w.routes, r)
		}
	}
	asBefore(w.routes)
	w.signInAll()
	w.customersWay()
	for _, role := range []string{admin, ofKos, kasir, teknisi, halfway, visitor} {
		w.way(role)
	}
	w.learn()
	return w
}

// asBefore orders routes as the golden lists them, new ones last: posts to all of them
// change what later ones answer, and the order of their tables is of no matter.
func asBefore(routes []fiber.Route) {
	text, _ := os.ReadFile("testdata/routes.txt") // without it the order stays
	at := map[string]int{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 {
			if _, known := at[f[0]+" "+f[1]]; !known { // a path may have two routes
				at[f[0]+" "+f[1]] = len(at)
			}
		}
	}
	place := func(r fiber.Route) int {
		if n, known := at[r.Method+" "+r.Path]; known {
			return n
		}
		return len(at)
	}
	slices.SortStableFunc(routes, func(a, b fiber.Route) int { return place(a) - place(b) })
}

// signInAll reauthenticates every account: acts that cannot be taken back are shown only
// shortly after.
func (w *walk) signInAll() {
	w.Helper()
	for _, role := range []string{admin, ofKos, kasir, teknisi, halfway} {
		w.staff[role].signIn(accounts[role])
	}
}

// noPages are routes whose answer is a download or a stream.
var noPages = []string{"/admin/audit/export", "/admin/catalogue/export", "/admin/refunds/:id/proof", "/admin/routers/:id/kit.rsc", "/admin/routers/:id/kit.zip", "/admin/routers/:id/traffic"}

// way walks for one role.
func (w *walk) way(role string) {
	w.Helper()
	todo := w.sights(role)
	planned := map[string]bool{}
	for _, s := range todo {
		planned[w.routeOf(http.MethodGet, s)] = true
	}
	for ; len(todo) > 0; todo = todo[1:] {
		path := todo[0]
		a := w.staff[role].get(path)
		w.looks = append(w.looks, look{path, w.routeOf(http.MethodGet, path), role, a})
		if a.Document == nil {
			if a.status == http.StatusSeeOther {
				continue
			}
			w.Errorf("%s as %s: %d %s is no page", path, role, a.status, a.kind)
			continue
		}
		for _, l := range leads(a.Document, path) {
			route := w.routeOf(l.method, l.to)
			if route == "" {
				continue // the routes' golden tells what is there
			}
			if key := l.method + " " + route; w.examples[key] == "" {
				w.examples[key] = l.to
			}
			if l.method == http.MethodGet && strings.HasPrefix(route, "/admin") && !planned[route] && !slices.Contains(noPages, route) {
				planned[route] = true
				todo = append(todo, l.to)
			}
		}
	}
}

// customersWay looks at the shop as customers see it: each order in its state,
// in both languages.
func (w *walk) customersWay() {
	w.Helper()
	see := func(paths ...string) {
		for _, path := range paths {
			a := w.staff[visitor].get(path)
			w.looks = append(w.looks, look{path, w.routeOf(http.MethodGet, path), visitor, a})
			if a.Document == nil {
				continue
			}
			for _, l := range leads(a.Document, path) {
				if key := l.method + " " + w.routeOf(l.method, l.to); w.examples[key] == "" {
					w.examples[key] = l.to
				}
			}
		}
	}
	see("/", "/?lang=en", "/h/kopi-pojok", "/h/kopi-pojok?lang=en", "/h/kos-melati", "/h/kopi-pojok/poster", "/klaim", "/klaim?lang=en", "/h/tidak-ada", "/o/tidak-ada", "/tidak-ada",
		"/h/kopi-pojok?mac=AA:BB:CC:00:20:09&ip=10.5.50.109&link-login-only=http%3A%2F%2Flogin.hotspot%2Flogin&error=invalid+username+or+password")
	names := make([]string, 0, len(w.shops))
	for name := range w.shops {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		at := w.shops[name]
		see(at, at+"?lang=en", at+"/receipt", at+"/status")
	}
	see("/healthz", "/readyz")
	w.examples["GET /h/:site/wifi.png"], w.examples["GET /h/:site/shop.png"] = "/h/kopi-pojok/wifi.png", "/h/kopi-pojok/shop.png"
	w.examples["GET /o/:token/qr.png"] = w.shops["qr"] + "/qr.png"
	w.examples["GET /H/:site"] = "/H/KOPI-POJOK"
	w.examples["GET /admin/routers/:id/traffic"], w.examples["GET /admin/routers/:id/kit/undo"] = "/admin/routers/pojok/traffic?interface=ether1", "/admin/routers/pojok/kit/undo"
	w.examples["GET /admin/routers/:id/back"] = w.back()
	w.examples["GET /admin/refunds/:id/proof"], w.examples["GET /admin/invite"] = w.pages["refunds"][2]+"/proof", w.pages["invite"][0]
	for _, kind := range []string{"events", "status"} {
		w.examples["GET /o/:token/"+kind] = w.shops["qr"] + "/" + kind
	}
}

// back is the page of a router that comes back from a restart: one that has been
// up for fifty minutes is.
func (w *walk) back() string {
	return fmt.Sprint("/admin/routers/pojok/back?since=", w.clock.Now().Add(-50*time.Minute).UnixMilli())
}

// sights are the addresses that a role wants to see in particular.
func (w *walk) sights(role string) (out []string) {
	order := func(names ...string) {
		for _, n := range names {
			out = append(out, "/admin/orders/"+w.orders[n])
		}
	}
	back := w.back()
	switch role {
	case visitor:
		return []string{"/admin/login", w.pages["invite"][0], "/admin/setup", "/admin/second", "/admin", "/admin/orders", "/admin/tidak-ada"}
	case halfway:
		return []string{"/admin/second", "/admin"}
	case admin:
		out = append(out, "/admin", "/admin/prove", "/admin/account", "/admin/orders?site=kopi", "/admin/orders?view=attention", "/admin/sell?phone=7890", "/admin/orders/"+w.orders["cancelled"]+"/force")
		order("online", "qr", "va", "late", "expired", "short", "over", "cancelled", "back", "credit", "bank", "counter", "transfer")
		for _, kind := range []string{"refunds", "batches", "closed shift", "vouchers", "admin's sale"} {
			out = append(out, w.pages[kind]...)
		}
		out = append(out, w.pages["prints"][0], "/admin/vouchers/find?state=stock", "/admin/vouchers/outlets", w.pages["outlet"][0], "/admin/audit?action=staff.", "/admin/audit",
			"/admin/routers/pojok", "/admin/routers/melati-b", "/admin/routers/pojok/users", "/admin/routers/melati-b/users", back, "/admin/tidak-ada", "/admin/orders/TIDAKADA")
	case kasir:
		out = append(out, "/admin", "/admin/prove", "/admin/sell?phone=7890", "/admin/reports")
		order("counter", "qr", "kept")
		out = append(out, w.pages["refunds"][0], w.pages["refunds"][1], w.pages["batches"][0], w.pages["closed shift"][0], w.pages["kasir's shift"][0], w.pages["kasir's sale"][0], w.pages["prints"][1])
	case teknisi:
		out = append(out, "/admin", "/admin/prove", "/admin/routers/pojok", "/admin/routers/melati-b", back, "/admin/sell")
		order("online", "qr")
	case ofKos:
		out = append(out, "/admin", "/admin/orders", "/admin/orders/"+w.orders["online"], "/admin/orders/"+w.orders["short"], "/admin/routers/pojok", "/admin/routers/melati-b", "/admin/vouchers",
			w.pages["batches"][0], w.pages["batches"][2], "/admin/policy", "/admin/money", "/admin/reports", "/admin/alerts")
	}
	return out
}

// routeOf is the first route that an address fits, "" for none.
func (w *walk) routeOf(method, address string) string {
	parts := strings.Split(pathOf(address), "/")
	for _, r := range w.routes {
		names := strings.Split(r.Path, "/")
		if r.Method == method && len(names) == len(parts) && alike(names, parts) {
			return r.Path
		}
	}
	return ""
}

// alike reports whether the parts of an address fit those of a route.
func alike(names, parts []string) bool {
	for i, name := range names {
		if name != parts[i] && (!strings.HasPrefix(name, ":") || parts[i] == "") {
			return false
		}
	}
	return true
}

// lead is something on a page that asks the program for something.
type lead struct{ method, to string }

// leads lists the links, forms and requests of a page, in their order.
func leads(doc *goquery.Document, at string) (out []lead) {
	base := &url.URL{Path: pathOf(at)}
	add := func(method, to string) {
		u, err := base.Parse(strings.TrimPrefix(to, baseURL))
		if err == nil && u.Host == "" && !strings.HasPrefix(to, "#") {
			out = append(out, lead{method, u.RequestURI()})
		}
	}
	doc.Find("a[href], form, [formaction], [src], [hx-get], [hx-post], [data-live], [data-ask]").Each(func(_ int, s *goquery.Selection) {
		for _, x := range []struct{ attribute, method string }{{"href", http.MethodGet}, {"src", http.MethodGet}, {"hx-get", http.MethodGet}, {"hx-post", http.MethodPost},
			{"data-live", http.MethodGet}, {"data-ask", http.MethodPost}} {
			if to, ok := s.Attr(x.attribute); ok {
				add(x.method, to)
			}
		}
		if goquery.NodeName(s) == "form" {
			add(strings.ToUpper(s.AttrOr("method", "get")), s.AttrOr("action", at))
		}
		if to, ok := s.Attr("formaction"); ok {
			add(strings.ToUpper(s.Closest("form").AttrOr("method", "get")), to)
		}
	})
	return out
}
