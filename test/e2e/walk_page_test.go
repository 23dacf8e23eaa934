package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/staff"
)

func pathOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

// lead is something on a page that asks the panel for something.
type lead struct{ method, to string }

// leads lists the links, forms and requests of a page that stay in the panel.
func leads(doc *goquery.Document, at string) (out []lead) {
	base := &url.URL{Path: pathOf(at)}
	add := func(method, to string) {
		u, err := base.Parse(to)
		if err != nil || u.Host != "" || (u.Path != "/admin" && !strings.HasPrefix(u.Path, "/admin/")) || strings.HasPrefix(to, "#") {
			return
		}
		out = append(out, lead{method, u.RequestURI()})
	}
	doc.Find("a[href]").Each(func(_ int, s *goquery.Selection) { add(http.MethodGet, s.AttrOr("href", "")) })
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		add(strings.ToUpper(s.AttrOr("method", "get")), s.AttrOr("action", at))
		s.Find("[formaction]").Each(func(_ int, b *goquery.Selection) {
			add(strings.ToUpper(s.AttrOr("method", "get")), b.AttrOr("formaction", ""))
		})
	})
	for attribute, method := range map[string]string{"hx-get": http.MethodGet, "hx-post": http.MethodPost, "data-live": http.MethodGet, "data-ask": http.MethodPost} {
		doc.Find("[" + attribute + "]").Each(func(_ int, s *goquery.Selection) { add(method, s.AttrOr(attribute, "")) })
	}
	return out
}

// looks lists the kinds of elements on a page, each with its parent's kind, so
// that two pages can be told apart by what they look like.
func looks(doc *goquery.Document) (out []string) {
	kind := func(s *goquery.Selection) string { return goquery.NodeName(s) + "." + s.AttrOr("class", "") }
	doc.Find("body *").Each(func(_ int, s *goquery.Selection) { out = append(out, kind(s.Parent())+">"+kind(s)) })
	sort.Strings(out)
	return slices.Compact(out)
}

// differing marks the stops that the checker has to look at: all of admin's,
// and of the others those with something on the page that admin's have not.
func differing(all map[string][]stop) {
	seen := map[string]bool{}
	for _, role := range []string{staff.Admin, staff.Kasir, staff.Teknisi, halfway, factored, signedOut} {
		for i, s := range all[role] {
			for _, l := range s.looks {
				if key := s.route + " " + l; !seen[key] {
					seen[key], all[role][i].axe = true, true
				}
			}
			all[role][i].axe = all[role][i].axe || role == staff.Admin
		}
	}
}
