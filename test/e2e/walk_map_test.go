package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gerai/admin"
	"gerai/internal/staff"
)

// noPages are GET routes behind which there is no page, and what there is.
var noPages = map[string]string{
	"/admin/bans/:site/:mac":                    "the demo has no ban: TestBanningADevice",
	"/admin/catalogue/promotions/:id":           "the demo has no promotion: TestPromotionsInThePanel",
	"/admin/catalogue/promotions/:id/end":       "the demo has no promotion: TestPromotionsInThePanel",
	"/admin/setup":                              "the demo has sold already: TestFirstRunInTheBrowser",
	"/admin/catalogue/export":                   "a download",
	"/admin/audit/export":                       "a download",
	"/admin/backups/recovery/end":               "needs a shop that was restored: TestRecoveryPage",
	"/admin/refunds/:id/proof":                  "a download",
	"/admin/reconciliation/months/:month/close": "needs a month that is over and settled: TestMonthIsClosedInThePanel",
	"/admin/routers/:id/kit.rsc":                "a download",
	"/admin/routers/:id/kit.zip":                "a download",
	"/admin/routers/:id/traffic":                "an event stream",
	"/admin/setup/gateway/forget":               "the demo's keys are in its environment: TestKeysOfTheGateway",
}

// Beside the roles two more look at the panel: a browser without a session, and a session
// that lacks the second factor.
const (
	signedOut = "nobody"
	halfway   = "halfway"
	factored  = "factored" // has a second factor
)

// walks reports whether a role walks a page: every role with its right does, or the one
// for whom it is made.
func walks(role string, e admin.Entry) bool {
	switch {
	case e.Path == "/admin/second":
		return role == halfway
	case role == factored:
		return false // its pages are a kasir's
	case e.Right == "":
		return role == signedOut
	}
	return staff.Allowed(role, e.Right)
}

// routeOf is the first line of the tables that an address fits.
func routeOf(table []admin.Entry, method, path string) (admin.Entry, bool) {
	parts := strings.Split(path, "/")
	for _, e := range table {
		names := strings.Split(e.Path, "/")
		if e.Method == method && len(names) == len(parts) && alike(names, parts) {
			return e, true
		}
	}
	return admin.Entry{}, false
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

// stop is one address on a role's way.
type stop struct {
	path  string
	route string
	name  string   // of its pictures
	looks []string // what kinds of things are on the page
	axe   bool     // the checker has to look at it
}

// way finds every page that a role can reach: from the sights that the shop has
// for it, link by link, to one page of each kind. Links and forms must lead to
// where the role may go.
func (f *floor) way(t *testing.T, role string, who *panelClient) (out []stop) {
	table := admin.Routes()
	todo := f.sights(role)
	if len(todo) == 0 {
		t.Fatalf("nothing to see for %s", role)
	}
	planned, named := map[string]bool{}, map[string]int{}
	for _, s := range todo {
		e, _ := routeOf(table, http.MethodGet, pathOf(s))
		planned[e.Path] = true
	}
	for ; len(todo) > 0; todo = todo[1:] {
		path := todo[0]
		e, known := routeOf(table, http.MethodGet, pathOf(path))
		p := who.get(path)
		if !known || p.status != http.StatusOK || p.Document == nil {
			t.Errorf("%s as %s: %d %s", path, role, p.status, p.to)
			continue
		}
		f.seen.add(e.Path, p.Document)
		named[e.Path]++
		out = append(out, stop{path: path, route: e.Path, name: slug(e.Path, named[e.Path]), looks: looks(p.Document)})
		for _, l := range leads(p.Document, path) {
			to, known := routeOf(table, l.method, pathOf(l.to))
			switch {
			case !known:
				t.Errorf("%s as %s: %s %s leads nowhere", path, role, l.method, l.to)
			case to.Right != "" && !staff.Allowed(roleOf(role), to.Right) && l.to != "/admin": // home leads to all
				t.Errorf("%s as %s: %s %s is not theirs", path, role, l.method, l.to)
			case l.method == http.MethodGet && !planned[to.Path] && noPages[to.Path] == "" && walks(role, to):
				planned[to.Path] = true
				todo = append(todo, l.to)
			}
		}
	}
	for _, path := range f.stateStops(role) {
		e, _ := routeOf(table, http.MethodGet, pathOf(path))
		p := who.page(path)
		f.seen.add(e.Path, p.Document)
		s := stop{path: path, route: e.Path, name: slug(e.Path, named[e.Path]+1), looks: looks(p.Document)}
		if isNew := slices.ContainsFunc(s.looks, func(l string) bool {
			return !slices.ContainsFunc(out, func(o stop) bool { return slices.Contains(o.looks, l) })
		}); isNew {
			named[e.Path]++
			out = append(out, s)
		}
	}
	for _, e := range table {
		if e.Method == http.MethodGet && noPages[e.Path] == "" && walks(role, e) && !planned[e.Path] {
			t.Errorf("nothing leads %s to %s: give the walk a sight", role, e.Path)
		}
	}
	return out
}

// slug names the pictures of the nth page of a route.
func slug(route string, n int) string {
	name := strings.Trim(strings.NewReplacer("/admin", "", ":", "", "/", "-").Replace(route), "-")
	if name == "" {
		name = "board"
	}
	if n > 1 {
		name = fmt.Sprint(name, "-", n)
	}
	return name
}

// roleOf is the role behind a walker.
func roleOf(role string) string {
	if role == halfway || role == factored {
		return staff.Kasir
	}
	return role
}

// sights are the addresses that the walk wants to see in particular; from there
// it finds the rest.
func (f *floor) sights(role string) (out []string) {
	order := func(names ...string) {
		for _, n := range names {
			out = append(out, "/admin/orders/"+f.orders[n])
		}
	}
	// A router that has been up for fifty minutes is back from a restart.
	back := fmt.Sprint("/admin/routers/pojok/back?since=", time.Now().Add(later-50*time.Minute).UnixMilli())
	switch role {
	case signedOut:
		return []string{"/admin/login", f.invite}
	case halfway:
		return []string{"/admin/second"}
	case factored:
		return []string{"/admin/account", "/admin/account/second", "/admin/prove", "/admin/sell", "/admin/shift", "/admin/vouchers/sell"}
	case staff.Admin:
		out = append(out, "/admin", "/admin/prove", "/admin/account", "/admin/orders?site=kopi", "/admin/orders?view=attention", "/admin/sell?phone=7890", "/admin/orders/"+f.orders["cancelled"]+"/force")
		order("online", "qr", "short", "back", "credit", "bank")
		out = append(out, f.pages["refunds"]...)
		out = append(out, f.pages["reconciliation"]...)
		out = append(out, f.voucher("taken"), f.voucher("kept out")+"/unsuspend", "/admin/routers/pojok/review")
		out = append(out, f.pages["batches"]...)
		out = append(out, f.pages["closed shift"]...)
		out = append(out, f.pages["vouchers"]...)
		out = append(out, f.pages["admin's sale"]...)
		out = append(out, f.pages["prints"][0], "/admin/vouchers/find?state=stock", "/admin/vouchers/outlets", f.pages["outlet"][0], "/admin/audit?action=staff.", "/admin/audit", "/admin/backups/recovery",
			"/admin/routers/pojok", "/admin/routers/melati-b", "/admin/routers/pojok/users", "/admin/routers/melati-b/users", back)
		out = append(out, f.pages["users"]...)
	case staff.Kasir:
		out = append(out, "/admin", "/admin/prove", "/admin/sell?phone=7890")
		order("counter", "qr", "waiting")
		out = append(out, f.voucher("taken"))
		out = append(out, f.pages["refunds"][0], f.pages["refunds"][1], f.pages["batches"][0], f.pages["closed shift"][0], f.pages["kasir's shift"][0], f.pages["kasir's sale"][0], f.pages["prints"][1])
	case staff.Teknisi:
		out = append(out, "/admin", "/admin/prove", "/admin/routers/pojok", "/admin/routers/pojok/review", "/admin/routers/melati-b", back, f.voucher("kept out")+"/unsuspend")
		out = append(out, f.pages["users"]...)
		order("online", "qr")
	}
	return out
}
