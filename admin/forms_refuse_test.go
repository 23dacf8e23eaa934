package admin

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	staffpages "gerai/admin/staff"
	"gerai/admin/web"
	"gerai/internal/staff"
	"gerai/internal/store/storetest"
)

// refusedAs posts a form and fails unless the answer is one of the codes and
// nothing at all was written, to the database or to a router.
func (s *busyShop) refusedAs(what string, b *browser, f form, values url.Values, codes []int, header ...string) {
	s.Helper()
	before := s.snapshot.Tables(passing...)
	s.routersChanged()
	a := s.post(b, f, values, header...)
	if !slices.Contains(codes, a.StatusCode) {
		s.Errorf("%s %s: %d %s, want %v", f.route.Path, what, a.StatusCode, a.Header.Get("Location"), codes)
	}
	if a.StatusCode == http.StatusSeeOther && !strings.HasPrefix(a.moved(), web.Root+"/login") && !strings.HasPrefix(a.moved(), web.Root+"/prove") {
		s.Errorf("%s %s: leads to %s", f.route.Path, what, a.moved())
	}
	changed := storetest.Differ(before, s.snapshot.Tables(passing...))
	if strings.HasPrefix(a.Header.Get("Location"), web.Root+"/prove") { // the form waits for the proof
		changed = slices.DeleteFunc(changed, func(table string) bool { return table == "kept_forms" })
	}
	if len(changed) > 0 || s.routersChanged() {
		s.Errorf("%s %s: refused with %d, and changed %v", f.route.Path, what, a.StatusCode, changed)
		s.snapshot.Restore()
	}
}

var (
	denied = []int{http.StatusForbidden}
	asked  = []int{http.StatusSeeOther}
)

// csrfOf is a token that the browser may use.
func csrfOf(b *browser) string {
	return b.get(web.Root+"/login").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")
}

// Every form without permission: by the wrong role, signed out, with no token, with
// another session's, from a foreign page.
func TestNobodyElsePostsAForm(t *testing.T) {
	t.Parallel()
	s, forms := openQuiet(t)
	stolen := csrfOf(s.staff["again"])
	for _, path := range slices.Sorted(maps.Keys(forms)) {
		s.snapshot.Restore()
		f := s.freshSession(forms[path])
		own, values := s.staff[f.who], s.filled(f)
		with := func(token string) url.Values {
			v := maps.Clone(values)
			v["csrf"] = []string{token}
			return v
		}
		s.refusedAs("without a token", own, f, with(""), denied)
		s.refusedAs("with another session's token", own, f, with(stolen), denied)
		s.refusedAs("from a foreign page", own, f, values, denied, "Origin", "http://evil.example")
		s.refusedAs("from a foreign page that hides", own, f, values, denied, "Origin", "null")
		if slices.ContainsFunc(staffpages.PublicRoutes, func(r web.Route) bool { return r.Path == path && r.Method == f.route.Method }) {
			continue
		}
		s.refusedAs("as nobody", s.staff[signedOut], f, with(csrfOf(s.staff[signedOut])), asked)
		for _, role := range staff.Roles {
			if !staff.Allowed(role, f.route.Right) {
				s.refusedAs("as "+role, s.staff[role], f, with(csrfOf(s.staff[role])), denied)
			}
		}
	}
}

// Every form about a thing of one site, by an admin of another: to them the
// thing is not there.
func TestFormsStayInTheirSite(t *testing.T) {
	t.Parallel()
	s, forms := openQuiet(t)
	b := s.staff[other]
	visible := s.walk(other)
	for _, path := range slices.Sorted(maps.Keys(forms)) {
		s.snapshot.Restore()
		f := forms[path]
		_, theirs := visible[f.action]
		abroad, named := foreign[path]
		switch {
		case siteless[path]:
		case !theirs && strings.Contains(path, ":") && forms[path].who == staff.Admin:
			f = s.freshSession(f)
			values := s.filled(f)
			values.Set("csrf", csrfOf(b))
			s.refusedAs("by another site's admin", b, f, values, []int{http.StatusForbidden, http.StatusNotFound})
		case named:
			mine, found := samples[path].choose(visible, path)
			if !found {
				mine = f
			}
			values := s.filled(s.freshSession(f))
			for i := 0; i+1 < len(abroad); i += 2 {
				values.Set(abroad[i], abroad[i+1])
			}
			values.Set("csrf", csrfOf(b))
			s.refusedAs("about another site", b, mine, values, []int{http.StatusForbidden, http.StatusNotFound, http.StatusUnprocessableEntity})
		case theirs && strings.Contains(path, ":"), f.who != staff.Admin:
		default:
			t.Errorf("%s: is it about one site?", path)
		}
	}
}

// foreign names a thing of the first site in the fields of forms whose address
// names none.
var foreign = map[string][]string{
	"/catalogue/promotions/new": {"site-kopi", "1"},
	"/sell":                     {"site", "kopi", "plan", "sehari"},
	"/routers":                  {"site", "kopi"},
	"/routers/failover":         {"site", "kopi"},
	"/vouchers/levels":          {"plan", "sehari"},
	"/vouchers/new":             {"plan", "sehari", "router", "pojok"},
	"/vouchers/sell":            {"plan", "sehari"},
	"/reports/export":           {"site", "kopi"},
	"/reports/tech/export":      {"site", "kopi"},
	"/catalogue/add/plan":       {"site", "kopi"},
	"/catalogue/methods":        {"site", "kopi"},
}

// siteless are forms about one's own account, or about the whole shop.
var siteless = map[string]bool{"/account": true, "/account/password": true, "/account/second/app": true, "/account/sessions/end": true, "/account/sessions/end-others": true,
	"/prove": true, "/filters": true, "/filters/:id/delete": true, "/shift/:id/close": true, "/shift/:id/cash": true,
	"/reconciliation/run": true, "/reconciliation/export": true, "/money/rules": true, "/routers/ended": true, "/reports/fees": true, "/reports/baseline": true, "/policy": true, "/staff": true, "/backups/now": true, "/backups/drill": true, "/vouchers/outlets": true, "/catalogue/add/site": true, "/setup/gateway": true, "/setup/gateway/forget": true, "/setup/trial": true, "/catalogue/brand": true, "/catalogue/import": true, "/vouchers/print": true, "/vouchers/print/preview": true}
