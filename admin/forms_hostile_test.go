package admin

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"gerai/admin/web"
	"gerai/internal/store/storetest"
	"gerai/internal/testenv"
)

const (
	scripted = "<script>alert(1)</script>"
	escaping = `"><img src=x onerror=alert(1)>`
)

// hostile is what a form must bear in any field that is typed. The last ones are things of another site.
var hostile = []string{"", strings.Repeat("a", 10_000), scripted, escaping, "a\x00\xffb", "'; DROP TABLE orders; --", `=HYPERLINK("http://x")`, "../../etc/passwd", "a\x01\x1b[31m\r\nb", "\xfe", "\u202egnp.exe", "-1", "-99999999999999999999", "99999999999999999999", "1e9", "NaN", "kos", "melati-b", "bulanan"}

// tampered is enough for fields that are not typed.
var tampered = []string{"", strings.Repeat("a", 10_000), escaping, "\xff\x00", "-1", "//evil.example", "kos"}

// Every form with hostile input in every field, one at a time.
func TestEveryFormBearsHostileInput(t *testing.T) {
	t.Parallel()
	s := openBusy(t)
	forms, asked := s.allForms(), 0
	for _, path := range slices.Sorted(maps.Keys(forms)) {
		s.snapshot.Restore()
		f := s.freshSession(forms[path])
		for _, field := range fieldsOf(f) {
			values := inTurn(hostile, asked, 5)
			asked++
			switch box := f.doc.Find("[name='" + field + "']"); {
			case field == "csrf":
				continue // see TestNobodyElsePostsAForm
			case box.AttrOr("type", "") == "checkbox", field == "back":
				values = []string{escaping}
			case !typeable(box):
				values = inTurn(tampered, asked, 3)
			}
			for _, value := range values {
				s.suffers(f, field, value, func(v url.Values) { v.Set(field, value) })
			}
			s.suffers(f, field, "the same twice", func(v url.Values) { v[field] = append(v[field], v.Get(field), escaping) })
		}
	}
}

// inTurn picks some of the values: of neighbouring fields different ones, and every value within a few fields. Where everything
// is asked for it picks all.
func inTurn(values []string, field, count int) []string {
	if testenv.Full() {
		return values
	}
	var some []string
	for i := range count {
		some = append(some, values[(field*count+i)%len(values)])
	}
	return some
}

// suffers posts the form with one field changed and looks at what becomes of it.
func (s *busyShop) suffers(f form, field, value string, change func(url.Values)) {
	s.Helper()
	if f.route.Confirm != nil || f.route.Path == "/account/second/app" {
		f = s.freshSession(f)
	}
	values, before := s.filled(f), s.routerState
	change(values)
	s.snapshot.Changed()
	a := s.post(s.staff[f.who], f, values)
	what := f.route.Path + " " + field + "=" + shown(value)
	if a.StatusCode >= http.StatusInternalServerError {
		s.Errorf("%s: %d %.300s", what, a.StatusCode, a.body)
	}
	s.harmless(what, a)
	if a.StatusCode == http.StatusSeeOther {
		if u, err := url.Parse(a.moved()); err != nil || strings.ContainsAny(a.moved(), " \"<>\r\n") || u.Host != "" {
			s.Errorf("%s: leads to %q", what, a.moved())
		} else {
			s.harmless(what, s.staff[f.who].get(a.moved()))
		}
	}
	changed := s.snapshot.Changed()
	if changed && a.StatusCode >= http.StatusBadRequest && !stepwise[f.route.Path] {
		differ := storetest.Differ(before, s.snapshot.Tables(append(passing, "audit", "audit_head", "kept_forms")...))
		if len(differ) > 0 {
			s.Errorf("%s: refused with %d, and changed %v", what, a.StatusCode, differ)
		}
	}
	if a.StatusCode == http.StatusUnprocessableEntity && value != "the same twice" {
		s.told(what, f, field, a, values)
	}
	if changed {
		s.snapshot.Restore()
	}
}

// stepwise are acts of many steps on a router: one that fails has done those
// before it, says so, and goes on from there.
var stepwise = map[string]bool{"/routers/:id/kit/apply": true, "/routers/:id/kit/undo": true}

// harmless fails if a page holds anything that a browser would run.
func (s *busyShop) harmless(what string, a answer) {
	s.Helper()
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return
	}
	a.page(a.StatusCode).Find("*").Each(func(_ int, x *goquery.Selection) {
		node := goquery.NodeName(x)
		if node == "script" && (x.Text() != "" || !strings.HasPrefix(x.AttrOr("src", ""), "/assets/")) {
			s.Errorf("%s: the page has a script %s", what, x.Text())
		}
		for _, attr := range x.Get(0).Attr {
			if strings.HasPrefix(attr.Key, "on") || attr.Key == "src" && attr.Val == "x" || strings.HasPrefix(strings.ToLower(strings.TrimSpace(attr.Val)), "javascript:") && attr.Key != "value" {
				s.Errorf("%s: the page has <%s %s=%s>", what, node, attr.Key, attr.Val)
			}
		}
	})
}

// told checks a form that was refused: it says why, at the field when that is
// one to type into, and keeps what was typed except secrets.
func (s *busyShop) told(what string, f form, field string, a answer, values url.Values) {
	s.Helper()
	doc := a.page(a.StatusCode)
	if !typeable(f.doc.Find("[name='" + field + "']")) {
		return // no person fills that in: any page that says no will do
	}
	if text(doc.Find("#wrong")) == "" {
		if text(doc.Find("[role=alert]")) == "" { // what a router says belongs to no field
			s.Errorf("%s: refused without a word: %s", what, text(doc.Find("main")))
		}
		return
	}
	again := doc.Find("form[method=post]").FilterFunction(func(_ int, x *goquery.Selection) bool {
		return pathOf(x.AttrOr("action", "")) == f.action || x.Find("[formaction='"+f.action+"']").Length() > 0
	})
	if again.Length() == 0 {
		s.Errorf("%s: the form is gone", what)
		return
	}
	if again.Find("[aria-invalid=true][aria-describedby~=wrong]").Length() != 1 {
		s.Errorf("%s: the message %q is at no field", what, text(doc.Find("#wrong")))
	}
	again.Find("input,textarea").Each(func(_ int, x *goquery.Selection) {
		name, value := x.AttrOr("name", ""), x.AttrOr("value", x.Text())
		switch want := values.Get(name); {
		case x.AttrOr("type", "") == "password" && value != "":
			s.Errorf("%s: a secret comes back", what)
		case typeable(x) && !slices.Contains(oneTime, name) && want == web.Truncate(want) && !strings.ContainsAny(want, "\x00\x01\r\n") && value != want:
			s.Errorf("%s: %s was %q and comes back as %q", what, name, want, value)
		}
	})
}

// oneTime are codes that are of no use a second time.
var oneTime = []string{"code"}

func typeable(x *goquery.Selection) bool {
	return x.Length() > 0 && slices.Contains([]string{"", "text", "tel", "number"}, x.AttrOr("type", "")) && goquery.NodeName(x) != "select"
}

func fieldsOf(f form) (out []string) {
	f.doc.Find("[name]").Each(func(_ int, x *goquery.Selection) {
		if name := x.AttrOr("name", ""); !slices.Contains(out, name) && x.AttrOr("type", "") != "file" {
			out = append(out, name)
		}
	})
	return out
}

func shown(value string) string {
	if len(value) > 40 {
		value = value[:40] + "…"
	}
	return value
}
