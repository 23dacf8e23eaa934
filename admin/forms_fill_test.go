package admin

import (
	"bytes"
	"image"
	"image/png"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"gerai/admin/web"
)

// allForms walks the panel as every account and returns for every POST route the form
// that its sample means.
func (s *busyShop) allForms() map[string]form {
	s.Helper()
	byPerson, out := map[string]map[string]form{}, map[string]form{}
	for _, path := range slices.Sorted(maps.Keys(samples)) {
		x := samples[path]
		who := x.person()
		if byPerson[who] == nil {
			byPerson[who] = s.walk(who, web.Root+"/prove", web.Root+"/invite?token="+s.link)
			s.plans(who, byPerson[who])
		}
		f, found := x.choose(byPerson[who], path)
		if !found {
			s.Errorf("%s sees no form for %s", who, path)
			continue
		}
		out[path] = f
	}
	return out
}

func (x sample) person() string {
	if x.role == "" {
		return "admin"
	}
	return x.role
}

// plans adds the form that stands on the answer to another form: a router's
// setup, once it was planned.
func (s *busyShop) plans(who string, forms map[string]form) {
	s.Helper()
	plan, found := forms[web.Root+"/routers/kosong/kit/plan"]
	if !found {
		return
	}
	at := plan.page
	s.formsOn(who, at, s.post(s.staff[who], plan, s.filled(plan)).page(http.StatusOK), forms)
}

// freshSession opens the form's page again: tokens and nonces are of now. What an earlier
// form did to a router is repaired first.
func (s *busyShop) freshSession(f form) form {
	s.Helper()
	if again, found := s.look(f); found {
		return again
	}
	s.repair(f)
	if again, found := s.look(f); found {
		return again
	}
	again, found := s.look(s.elsewhereOn(f))
	if !found {
		s.Fatalf("%s has no form for %s any more", f.page, f.action)
	}
	return again
}

// elsewhereOn is the form of a row of the same menu: the one that the sample
// names, or the newest.
func (s *busyShop) elsewhereOn(f form) form {
	s.Helper()
	menu, rest, _ := strings.Cut(strings.TrimPrefix(f.action, web.Root+"/routers/pojok/"), "/")
	list := web.Root + "/routers/pojok/" + menu
	doc, x := s.staff[f.who].get(list+"?fresh=1").page(http.StatusOK), samples[f.route.Path]
	here := map[string]form{}
	if s.formsOn(f.who, list, doc, here); len(here) > 0 {
		if again, found := x.choose(here, f.route.Path); found {
			return again
		}
	}
	rows := doc.Find("tbody th a")
	if named := rows.FilterFunction(func(_ int, a *goquery.Selection) bool { return text(a) == x.at }); named.Length() > 0 {
		rows = named
	}
	at := rows.Last().AttrOr("href", "")
	_, act, _ := strings.Cut(rest, "/")
	f.page, f.action = at, strings.TrimSuffix(at+"/"+act, "/")
	if f.target = f.action; act == "remove" {
		f.page = f.action
	}
	return f
}

func (s *busyShop) look(f form) (form, bool) {
	s.Helper()
	b := s.staff[f.who]
	var doc *goquery.Document
	if f.route.Path == "/routers/:id/kit/apply" {
		plan := f
		plan.action = strings.TrimSuffix(f.action, "apply") + "plan"
		plan.target = plan.action
		plan.route, _ = routeOf(http.MethodPost, plan.action)
		doc = s.post(b, plan, s.filled(s.freshSession(plan))).page(http.StatusOK)
	} else {
		page := f.page
		if strings.HasPrefix(page, web.Root+"/routers/pojok/") && !strings.Contains(page, "?") {
			page += "?fresh=1" // a list is remembered for a while, and rows may have gone
		}
		a := b.get(page)
		if strings.Contains(a.Header.Get("Location"), "/prove") {
			b.submit(web.Root+"/prove", "main form", "password", password).moved()
			a = b.get(page)
		}
		if a.StatusCode == http.StatusNotFound {
			return f, false
		}
		doc = a.page(http.StatusOK)
	}
	f.doc = doc.Find("form[method=post]").FilterFunction(func(_ int, x *goquery.Selection) bool {
		return pathOf(x.AttrOr("action", f.page)) == f.action || x.Find("button[formaction='"+f.action+"']").Length() > 0
	}).First()
	return f, f.doc.Length() > 0
}

// filled is what a person posts who fills the form in as its sample says, and
// types what it asks to be typed.
func (s *busyShop) filled(f form) url.Values {
	s.Helper()
	values := url.Values{}
	f.doc.Find("input,textarea,select").Each(func(_ int, x *goquery.Selection) {
		kind, name := x.AttrOr("type", ""), x.AttrOr("name", "")
		if _, checked := x.Attr("checked"); (kind == "checkbox" || kind == "radio") && !checked || kind == "file" {
			return
		}
		value := x.AttrOr("value", "")
		switch goquery.NodeName(x) {
		case "textarea":
			value = x.Text()
		case "select":
			value = x.Find("option[selected]").AttrOr("value", x.Find("option").First().AttrOr("value", ""))
		}
		values.Add(name, value)
	})
	if buttons := f.doc.Find("button[name]"); buttons.Length() == 1 {
		values.Set(buttons.AttrOr("name", ""), buttons.AttrOr("value", ""))
	}
	if label := text(f.doc.Find("label[for^=typed]")); label != "" {
		values.Set("typed", strings.TrimSuffix(strings.TrimPrefix(label, "Ketik "), " untuk memastikan"))
		values.Set("reason", "sudah dibicarakan")
	}
	x := samples[f.route.Path]
	pairs := x.fill
	if f.route.Path == "/invite" {
		values.Set("token", s.link)
	}
	if x.more != nil {
		pairs = append(slices.Clone(pairs), x.more(s, f)...)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if values.Set(pairs[i], pairs[i+1]); pairs[i+1] == none {
			values.Del(pairs[i])
		}
	}
	return values
}

// proofFile is a file that passes for a proof, and is a picture.
var proofFile = func() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // into memory
	return b.Bytes()
}()

// post sends a form as its page would. The browser's cookies stay as they were.
func (s *busyShop) post(b *browser, f form, values url.Values, header ...string) answer {
	s.Helper()
	before := maps.Clone(b.cookies)
	defer func() { b.cookies = before }()
	if !strings.HasPrefix(f.doc.AttrOr("enctype", ""), "multipart/") {
		return b.do(http.MethodPost, f.target, values, header...)
	}
	return b.sendFile(f.target, values, samples[f.route.Path].file, "bukti.png", proofFile, header...)
}
