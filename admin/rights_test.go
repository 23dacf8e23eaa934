package admin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gerai/admin/web"
	"gerai/internal/staff"
)

// concrete fills a route's parameters with things that do not exist: only the
// authorization is tested.
func concrete(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, ":") {
			parts[i] = "tidak-ada"
		}
	}
	return web.Root + strings.Join(parts, "/")
}

// Every route signed out and as every role: without the right the answer is 403 and
// nothing else happens.
func TestEveryRouteAsEveryRole(t *testing.T) {
	p := open(t)
	nobody := p.browser()
	token := nobody.get("/admin/login").page(http.StatusOK).Find("input[name=csrf]").AttrOr("value", "")
	people := map[string]*browser{}
	for _, role := range staff.Roles {
		people[role] = p.as(role)
	}
	for _, r := range routes {
		path := concrete(r.Path)
		form := func(b *browser, token string) url.Values {
			if r.Method == http.MethodGet {
				return nil
			}
			return url.Values{"csrf": {token}}
		}
		if r.Path == "/logout" {
			continue
		}
		if a := nobody.do(r.Method, path, form(nobody, token)); a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/admin/login") {
			t.Errorf("%s %s as nobody: %d %s", r.Method, path, a.StatusCode, a.Header.Get("Location"))
		}
		for role, b := range people {
			token := b.get("/admin/prove").page(http.StatusOK).Find("main input[name=csrf]").AttrOr("value", "")
			a := b.do(r.Method, path, form(b, token))
			if denied := a.StatusCode == http.StatusForbidden; denied == staff.Allowed(role, r.Right) {
				t.Errorf("%s %s as %s: %d", r.Method, path, role, a.StatusCode)
			}
			if a.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%s %s as %s: %d %.200s", r.Method, path, role, a.StatusCode, a.body)
			}
			if r.Method == http.MethodPost {
				if a := b.do(r.Method, path, url.Values{}); a.StatusCode != http.StatusForbidden {
					t.Errorf("%s %s without a token: %d", r.Method, path, a.StatusCode)
				}
			}
		}
	}
}

// Every route has a right that some role has.
func TestEveryRouteNamesARight(t *testing.T) {
	for _, r := range routes {
		if !staff.Allowed(staff.Admin, r.Right) {
			t.Errorf("%s %s needs %q, which not even admin has", r.Method, r.Path, r.Right)
		}
	}
}
