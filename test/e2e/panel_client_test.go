package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"gerai/internal/testenv"
)

// panelClient is a client of the panel without a screen: it keeps cookies and posts forms
// as they stand on the page, quicker than a browser would.
type panelClient struct {
	testing.TB
	d   *demo
	web *http.Client
}

func newPanelClient(t testing.TB, d *demo) *panelClient {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &panelClient{TB: t, d: d, web: &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// paper is what came back.
type paper struct {
	status int
	to     string // path of a redirect
	kind   string // content type
	*goquery.Document
}

func (c *panelClient) send(method, path string, form url.Values) paper {
	c.Helper()
	if form == nil {
		return c.ask(method, path, nil, "")
	}
	return c.ask(method, path, strings.NewReader(form.Encode()), "application/x-www-form-urlencoded")
}

// ask sends a body of a kind, or none.
func (c *panelClient) ask(method, path string, body io.Reader, kind string) paper {
	c.Helper()
	req, err := http.NewRequest(method, c.d.Shop+path, body)
	if err != nil {
		c.Fatal(err)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Origin", c.d.Shop)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")
	res, err := c.web.Do(req)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	p := paper{status: res.StatusCode, to: strings.TrimPrefix(res.Header.Get("Location"), c.d.Shop), kind: res.Header.Get("Content-Type")}
	if !strings.HasPrefix(p.kind, "text/html") { // streams have no end
		return p
	}
	if p.Document, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		c.Fatal(err)
	}
	return p
}

func (c *panelClient) get(path string) paper { c.Helper(); return c.send(http.MethodGet, path, nil) }

// page is a page that has to be there.
func (c *panelClient) page(path string) paper {
	c.Helper()
	p := c.get(path)
	if p.status != http.StatusOK || p.Document == nil {
		c.Fatalf("%s: %d %s", path, p.status, p.to)
	}
	return p
}

// submit fills the form that the selector finds on a page and posts it.
func (c *panelClient) submit(path, selector string, pairs ...string) paper {
	c.Helper()
	return c.post(c.page(path), path, selector, pairs...)
}

// post posts a form of a page that was read before.
func (c *panelClient) post(p paper, path, selector string, pairs ...string) paper {
	c.Helper()
	form := p.Find(selector).First()
	if form.Length() == 0 {
		c.Fatalf("%s has no %s", path, selector)
	}
	values := url.Values{}
	form.Find("input,textarea,select,button[name]").Each(func(_ int, s *goquery.Selection) {
		kind, name := s.AttrOr("type", ""), s.AttrOr("name", "")
		if _, checked := s.Attr("checked"); (kind == "checkbox" || kind == "radio") && !checked {
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
		values.Set(pairs[i], pairs[i+1])
	}
	return c.send(http.MethodPost, form.AttrOr("action", path), values)
}

// uploads submits a form that takes a file.
func (c *panelClient) uploads(path, selector, field string, pairs ...string) {
	c.Helper()
	form := c.page(path).Find(selector).First()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	add := func(name, value string) {
		if err := w.WriteField(name, value); err != nil {
			c.Fatal(err)
		}
	}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) { add(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	for i := 0; i+1 < len(pairs); i += 2 {
		add(pairs[i], pairs[i+1])
	}
	file, err := w.CreateFormFile(field, "bukti.pdf")
	if err == nil {
		_, err = file.Write([]byte("%PDF-1.4\n%%EOF\n"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.Fatal(err)
	}
	if p := c.ask(http.MethodPost, form.AttrOr("action", path), &body, w.FormDataContentType()); p.status != http.StatusSeeOther {
		c.Fatalf("%s %s: %d", path, selector, p.status)
	}
}

// does submits a form that leads on and returns where to, without the message.
func (c *panelClient) does(path, selector string, pairs ...string) string {
	c.Helper()
	p := c.submit(path, selector, pairs...)
	if p.status != http.StatusSeeOther {
		said := ""
		if p.Document != nil {
			said = strings.Join(strings.Fields(p.Find("#wrong, h1").Text()), " ")
		}
		c.Fatalf("%s %s: %d %s", path, selector, p.status, said)
	}
	to, _, _ := strings.Cut(p.to, "?")
	return to
}

// signIn signs in to the panel.
func (c *panelClient) signIn(name, password string) *panelClient {
	c.Helper()
	c.does("/admin/login", "form", "name", name, "password", password)
	return c
}

// longestWait is more than two rounds of what the shop does once a minute, such as the review
// of a router that has just started.
const longestWait = 150 * time.Second

// waits asks for the page until something is on it.
func (c *panelClient) waits(path, selector string) paper {
	c.Helper()
	var p paper
	testenv.Eventually(c, longestWait, func() (bool, string) {
		p = c.page(path)
		return p.Find(selector).Length() > 0, "no " + selector + " at " + path
	})
	return p
}

// foreign makes and pays a charge that none of our orders asked for.
func (d *demo) foreign(t testing.TB, dir, reference string, amount int) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"reference_id": reference, "amount": amount, "currency": "IDR",
		"payment_method": map[string]any{"type": "QR_CODE", "reusability": "ONE_TIME_USE", "reference_id": reference, "qr_code": map[string]any{"channel_code": "QRIS"}}})
	if err != nil {
		t.Fatal(err)
	}
	d.atGateway(t, dir, "/payment_requests", "foreign-"+reference, bytes.NewReader(body))
	d.pay(t, reference, 0)
}

// atGateway does with the shop's key what the shop knows nothing of.
func (d *demo) atGateway(t testing.TB, dir, path, key string, body io.Reader) {
	t.Helper()
	var id struct {
		GatewayKey string `json:"gateway_key"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err == nil {
		err = json.Unmarshal(text, &id)
	}
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, d.Sim+path, body)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(id.GatewayKey, "")
	req.Header.Set("Idempotency-Key", key)
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusBadRequest {
		text, _ := io.ReadAll(res.Body)
		t.Fatalf("%s: %d %s", path, res.StatusCode, text)
	}
}
