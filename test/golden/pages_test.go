package golden

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// What people see, the forms, the routes and the metrics of a busy day.
func TestProgramFromOutside(t *testing.T) {
	t.Parallel()
	w := walkAll(t)
	t.Run("pages", func(t *testing.T) { w.pagesGolden(t) })
	t.Run("forms", func(t *testing.T) { compare(t, "forms.txt", w.formsText()) })
	t.Run("routes", func(t *testing.T) { compare(t, "routes.txt", w.routesText()) }) // last but one: it posts to everything
	t.Run("metrics", func(t *testing.T) { compare(t, "metrics.txt", w.metricsText()) })
}

// group is the file that a page is in.
func group(route string) string {
	parts := strings.Split(strings.TrimPrefix(route, "/"), "/")
	switch {
	case parts[0] != "admin":
		return "storefront"
	case len(parts) == 1:
		return "board"
	}
	return strings.TrimPrefix(parts[1], ":")
}

func (w *walk) pagesGolden(t *testing.T) {
	texts, seen := map[string]*strings.Builder{}, map[string]map[string]bool{}
	add := func(file, heading string, a answer) {
		if texts[file] == nil {
			texts[file], seen[file] = &strings.Builder{}, map[string]bool{}
		}
		s := sketch{seen: seen[file]}
		if a.Document != nil {
			s.node(a.Document.Nodes[0])
		} else {
			s.line.WriteString(a.body)
		}
		s.flush()
		fmt.Fprintf(texts[file], "=== %s\n%s", heading, s.out.String())
	}
	add("setup", "/admin/setup?token={setup} before there is an admin: 200", w.setup)
	for _, l := range w.looks {
		file := group(l.route)
		if l.route == "" {
			file = "errors"
		}
		status := fmt.Sprint(l.answer.status)
		if l.answer.to != "" {
			status += " " + l.answer.to
		}
		add(file, fmt.Sprintf("%s as %s: %s", l.path, l.role, status), l.answer)
	}
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		compare(t, "pages/"+file+".txt", w.normal(texts[file].String()))
	}
}

// formsText lists the forms that each role sees, with their fields.
func (w *walk) formsText() string {
	rolesOf := map[string][]string{}
	for _, l := range w.looks {
		if l.answer.Document == nil {
			continue
		}
		l.answer.Find("form").Each(func(_ int, form *goquery.Selection) {
			method := strings.ToUpper(form.AttrOr("method", "get"))
			action := form.AttrOr("action", pathOf(l.path))
			if route := w.routeOf(method, strings.TrimPrefix(action, baseURL)); route != "" {
				action = route
			}
			line := fmt.Sprintf("%s: %s %s %s", l.route, method, action, w.normal(strings.Join(fieldsOf(form), " ")))
			if !slices.Contains(rolesOf[line], l.role) {
				rolesOf[line] = append(rolesOf[line], l.role)
			}
		})
	}
	var out []string
	for line, who := range rolesOf {
		slices.Sort(who)
		out = append(out, line+" ("+strings.Join(who, ", ")+")")
	}
	slices.Sort(out)
	return lines(out)
}

// fieldsOf names the fields of a form with their types, each once.
func fieldsOf(form *goquery.Selection) (out []string) {
	form.Find("input,textarea,select,button[name]").Each(func(_ int, s *goquery.Selection) {
		kind := s.AttrOr("type", "text")
		if node := goquery.NodeName(s); node != "input" {
			kind = node
		}
		field := s.AttrOr("name", "") + ":" + kind
		if _, must := s.Attr("required"); must {
			field += "!"
		}
		if !slices.Contains(out, field) {
			out = append(out, field)
		}
	})
	slices.Sort(out)
	return out
}

// metricsText lists what /metrics tells: names, kinds, texts, and the names of labels.
func (w *walk) metricsText() string {
	req, err := http.NewRequest(http.MethodGet, baseURL+"/metrics", nil) // the client has a time-out
	w.must(err)
	req.Header.Set("Authorization", "Bearer "+metricsToken)
	res, err := w.staff[visitor].web.Do(req)
	w.must(err)
	defer res.Body.Close()
	return metricLines(w, res.Body)
}
