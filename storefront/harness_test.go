package storefront

import (
	"bytes"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gofiber/fiber/v2"

	"gerai/internal/httpx"
	"gerai/internal/order"
	"gerai/internal/shop/shoptest"
)

// visit is the handler on a real shop, as a browser without scripts and cookies meets it.
type visit struct {
	*shoptest.Harness
	handler *Handler
	app     *fiber.App
}

func open(t *testing.T, options ...shoptest.Option) *visit {
	t.Helper()
	return on(t, shoptest.New(t, options...))
}

func on(t *testing.T, k *shoptest.Harness) *visit {
	t.Helper()
	streams := httpx.NewStreams(0)
	d := New(Options{Shop: k.Shop, Store: k.Store, Bus: k.Cache, Streams: streams, Clock: k.Clock, Random: rand.Reader,
		Log: slog.New(slog.DiscardHandler), Zone: k.Shop.Zone, BaseURL: "http://shop.test", Live: k.Shop.Live, Pace: 20 * time.Millisecond})
	app := httpx.NewServer(httpx.Options{OnError: d.ErrorPage, Deadline: time.Minute})
	d.Mount(app)
	t.Cleanup(func() {
		streams.Close()
		d.Close()
	})
	return &visit{Harness: k, handler: d, app: app}
}

// answer is one response, read whole.
type answer struct {
	*http.Response
	body []byte
	t    testing.TB
}

func (v *visit) do(method, path string, body io.Reader, header ...string) answer {
	v.Helper()
	req := httptest.NewRequest(method, path, body)
	req.Host = "shop.test"
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := v.app.Test(req, -1)
	if err != nil {
		v.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		v.Fatal(err)
	}
	return answer{Response: res, body: all, t: v.TB}
}

func (v *visit) get(path string, header ...string) answer {
	v.Helper()
	return v.do(http.MethodGet, path, nil, header...)
}

func (v *visit) post(path string, pairs ...string) answer {
	v.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return v.do(http.MethodPost, path, strings.NewReader(form.Encode()))
}

// page asserts the status and parses the HTML.
func (a answer) page(status int) *goquery.Document {
	a.t.Helper()
	if a.StatusCode != status || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		a.t.Fatalf("%d %s, want a page with %d: %.300s", a.StatusCode, a.Header.Get("Content-Type"), status, a.body)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc
}

// moved asserts a redirect after a post and returns where to.
func (a answer) moved() string {
	a.t.Helper()
	if a.StatusCode != http.StatusSeeOther {
		a.t.Fatalf("%d, want 303: %.500s", a.StatusCode, a.body)
	}
	return strings.TrimPrefix(a.Header.Get("Location"), "http://shop.test")
}

// fields reads a form as a browser would send it with its first choices.
func fields(form *goquery.Selection) (action string, pairs []string) {
	form.Find("input").Each(func(_ int, s *goquery.Selection) {
		if _, checked := s.Attr("checked"); s.AttrOr("type", "") == "radio" && !checked {
			return
		}
		pairs = append(pairs, s.AttrOr("name", ""), s.AttrOr("value", ""))
	})
	return form.AttrOr("action", ""), pairs
}

func path(o order.Order) string { return "/o/" + string(o.Token) }

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }
