package golden

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// browser is one person's browser without a screen: it keeps cookies and posts
// forms as they stand on the page.
type browser struct {
	*world
	web *http.Client
}

func (w *world) browser() *browser {
	w.Helper()
	jar, err := cookiejar.New(nil)
	w.must(err)
	b := &browser{world: w, web: &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, w.addr)
		}}}}
	w.Cleanup(b.web.CloseIdleConnections)
	return b
}

// answer is what came back.
type answer struct {
	status int
	to     string // address of a redirect, below the base URL
	kind   string // content type
	body   string
	*goquery.Document
}

func (b *browser) send(method, path string, form url.Values) answer {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequest(method, baseURL+path, body) // the client has a time-out
	b.must(err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodPost {
		req.Header.Set("Origin", baseURL)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	res, err := b.web.Do(req)
	b.must(err)
	defer res.Body.Close()
	a := answer{status: res.StatusCode, to: strings.TrimPrefix(res.Header.Get("Location"), baseURL), kind: res.Header.Get("Content-Type")}
	if strings.HasPrefix(a.kind, "text/event-stream") { // has no end
		return a
	}
	all, err := io.ReadAll(res.Body)
	b.must(err)
	a.body = string(all)
	if strings.HasPrefix(a.kind, "text/html") {
		a.Document, err = goquery.NewDocumentFromReader(strings.NewReader(a.body))
		b.must(err)
	}
	return a
}

func (b *browser) get(path string) answer { b.Helper(); return b.send(http.MethodGet, path, nil) }

// page is a page that has to be there.
func (b *browser) page(path string) answer {
	b.Helper()
	a := b.get(path)
	if a.status != http.StatusOK || a.Document == nil {
		b.Fatalf("%s: %d %s %.300s", path, a.status, a.to, a.body)
	}
	return a
}

// unset is the value of a field that a person takes the tick from.
const unset = "\x00"

// fields are what a browser would send of a form, with some changed.
func fields(form *goquery.Selection, pairs ...string) url.Values {
	values := url.Values{}
	form.Find("input,textarea,select,button[name]").Each(func(_ int, s *goquery.Selection) {
		kind, name := s.AttrOr("type", ""), s.AttrOr("name", "")
		if _, checked := s.Attr("checked"); name == "" || (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		value := s.AttrOr("value", "")
		switch goquery.NodeName(s) {
		case "button":
			if values.Has(name) {
				return // Enter is the first one
			}
		case "textarea":
			value = s.Text()
		case "select":
			value = s.Find("option[selected]").AttrOr("value", s.Find("option").First().AttrOr("value", ""))
		}
		values.Set(name, value)
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == unset {
			values.Del(pairs[i])
			continue
		}
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

// submit fills the form that the selector finds on a page and posts it. Every
// act has a moment of its own, and what follows from it is done.
func (b *browser) submit(path, selector string, pairs ...string) answer {
	b.Helper()
	return b.post(b.page(path), path, selector, pairs...)
}

func (b *browser) post(p answer, path, selector string, pairs ...string) answer {
	b.Helper()
	form := p.Find(selector).First()
	if form.Length() == 0 {
		b.Fatalf("%s has no %s", path, selector)
	}
	b.clock.Add(time.Second)
	a := b.send(http.MethodPost, form.AttrOr("action", path), fields(form, pairs...))
	b.runAll()
	return a
}

// does submits a form that leads on and returns where to, without the message.
func (b *browser) does(path, selector string, pairs ...string) string {
	b.Helper()
	a := b.submit(path, selector, pairs...)
	if a.status != http.StatusSeeOther {
		said := a.body
		if a.Document != nil {
			said = squeeze(a.Find("#wrong, h1").Text())
		}
		b.Fatalf("%s %s: %d %.300s", path, selector, a.status, said)
	}
	return pathOf(a.to)
}

func (b *browser) signIn(name string) *browser {
	b.Helper()
	b.does("/admin/login", "form", "name", name, "password", phrase)
	return b
}

func pathOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
