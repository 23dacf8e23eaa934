package admin

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"

	"gerai/admin/web"
	"gerai/internal/actor"
	"gerai/internal/httpx"
	"gerai/internal/secret"
	"gerai/internal/shop/shoptest"
	"gerai/internal/staff"
)

const password = "correct horse battery"

// panel is the handler on a real shop.
type panel struct {
	*shoptest.Harness
	handler  *web.Handler
	app      *fiber.App
	accounts *staff.Accounts
}

func open(t testing.TB, options ...shoptest.Option) *panel {
	t.Helper()
	return around(t, shoptest.New(t, options...))
}

// around is the panel of a shop.
func around(t testing.TB, k *shoptest.Harness) *panel {
	t.Helper()
	streams := httpx.NewStreams(0)
	keys, err := secret.Parse(secret.Generate())
	if err != nil {
		t.Fatal(err)
	}
	office := staff.New(k.Store, k.Cache, k.Clock)
	office.SetPasswordCost(staff.LeastCost)
	// Only the cases about second factors require one.
	lenient := staff.DefaultPolicy
	lenient.SecondFactor = nil
	if err := office.SetPolicy(context.Background(), actor.Named("test"), "", lenient); err != nil {
		t.Fatal(err)
	}
	d := web.New(web.Options{Shop: k.Shop, Accounts: office, Store: k.Store, Bus: k.Cache, Streams: streams, Clock: k.Clock, Keys: keys,
		Log: slog.New(slog.DiscardHandler), Zone: k.Shop.Zone, BaseURL: "http://shop.test", Live: k.Shop.Live})
	t.Cleanup(streams.Close)
	return &panel{Harness: k, handler: d, app: served(d), accounts: office}
}

// served is a server with the panel alone.
func served(d *web.Handler) *fiber.App {
	app := httpx.NewServer(httpx.Options{OnError: d.ErrorPage})
	Mount(d, app)
	return app
}

// browser is one person's browser: it keeps cookies and posts forms as they
// are on the page.
type browser struct {
	*panel
	cookies map[string]string
}

func (p *panel) browser() *browser { return &browser{panel: p, cookies: map[string]string{}} }

// as makes an account of the role and signs it in.
func (p *panel) as(role string) *browser {
	p.Helper()
	b := p.browser()
	name := "uji-" + role
	if _, err := p.accounts.Add(context.Background(), actor.Named("test"), name, role, password); err != nil {
		p.Fatal(err)
	}
	b.submit("/admin/login", "form", "name", name, "password", password).moved()
	return b
}

// answer is one response, read whole.
type answer struct {
	*http.Response
	body []byte
	t    testing.TB
}

func (b *browser) do(method, path string, form url.Values, header ...string) answer {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req := httptest.NewRequest(method, path, body)
	req.Host = "shop.test"
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "http://shop.test")
	}
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return b.send(req)
}

// sendFile posts a form with a file as a browser would; name is "" where none was chosen.
func (b *browser) sendFile(path string, values url.Values, field, name string, content []byte, header ...string) answer {
	b.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, all := range values {
		for _, v := range all {
			b.Must(w.WriteField(name, v))
		}
	}
	if name != "" {
		part, err := w.CreateFormFile(field, name)
		b.Must(err)
		_, err = part.Write(content)
		b.Must(err)
	}
	b.Must(w.Close())
	req := httptest.NewRequest(http.MethodPost, path, &body)
	req.Host = "shop.test"
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Origin", "http://shop.test")
	for name, value := range b.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return b.send(req)
}

// send has the panel answer a request and keeps its cookies.
func (b *browser) send(req *http.Request) answer {
	b.Helper()
	res, err := b.app.Test(req, -1)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range res.Cookies() {
		if !c.Expires.IsZero() && c.Expires.Before(shoptest.Start) {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c.Value
	}
	return answer{Response: res, body: all, t: b.TB}
}

func (b *browser) get(path string) answer { b.Helper(); return b.do(http.MethodGet, path, nil) }

// submit opens a page, fills the form the selector finds and posts it.
func (b *browser) submit(page, selector string, pairs ...string) answer {
	b.Helper()
	form := b.get(page).page(http.StatusOK).Find(selector).First()
	if form.Length() == 0 {
		b.Fatalf("%s has no %s", page, selector)
	}
	return b.fill(form, append([]string{"", page}, pairs...)...)
}

// fill posts a form of a page that was read before, with fields replaced; the
// field without a name is the page, for a form without an action.
func (b *browser) fill(form *goquery.Selection, pairs ...string) answer {
	b.Helper()
	page := ""
	if len(pairs) > 0 && pairs[0] == "" {
		page, pairs = pairs[1], pairs[2:]
	}
	values := url.Values{}
	form.Find("input,textarea,select").Each(func(_ int, s *goquery.Selection) {
		kind, name := s.AttrOr("type", ""), s.AttrOr("name", "")
		if _, checked := s.Attr("checked"); (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value := s.AttrOr("value", "")
		switch goquery.NodeName(s) {
		case "textarea":
			value = s.Text()
		case "select":
			value = s.Find("option[selected]").AttrOr("value", s.Find("option").First().AttrOr("value", ""))
		}
		values.Set(name, value)
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	action := form.AttrOr("action", page)
	return b.do(http.MethodPost, action, values)
}

// page asserts the status and parses the HTML.
func (a answer) page(status int) *goquery.Document {
	a.t.Helper()
	if a.StatusCode != status || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		a.t.Fatalf("%d %s to %s, want a page with %d: %.300s", a.StatusCode, a.Header.Get("Content-Type"), a.Header.Get("Location"), status, a.body)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc
}

// moved asserts a redirect and returns where to.
func (a answer) moved() string {
	a.t.Helper()
	if a.StatusCode != http.StatusSeeOther {
		a.t.Fatalf("%d, want 303: %.500s", a.StatusCode, a.body)
	}
	return strings.TrimPrefix(a.Header.Get("Location"), "http://shop.test")
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }
