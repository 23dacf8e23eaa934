package proc

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// Panel is one person's browser in a program's panel: it keeps cookies and
// posts forms as they are on the page.
type Panel struct {
	testing.TB
	base   string
	client *http.Client
}

// SignIn opens the panel of a program at base, an http address.
func SignIn(t testing.TB, base, name, password string) (*Panel, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	p := &Panel{TB: t, base: base, client: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
	doc, err := p.Submit("/admin/login", "main form", "name", name, "password", password)
	if err == nil && doc.Find(".who").Length() == 0 {
		err = fmt.Errorf("not signed in: %s", strings.TrimSpace(doc.Find("main").Text()))
	}
	return p, err
}

// Get reads a page.
func (p *Panel) Get(path string) (*goquery.Document, error) {
	res, err := p.client.Get(p.base + path)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusInternalServerError {
		return nil, fmt.Errorf("%s: %s", path, res.Status)
	}
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err == nil {
		doc.Url = res.Request.URL
	}
	return doc, err
}

// Submit fills the form on a page and posts it; the answer's own address is in
// its Url.
func (p *Panel) Submit(path, selector string, pairs ...string) (*goquery.Document, error) {
	doc, err := p.Get(path)
	if err != nil {
		return nil, err
	}
	form := doc.Find(selector).First()
	if form.Length() == 0 {
		return nil, fmt.Errorf("%s has no %s", path, selector)
	}
	values := url.Values{}
	form.Find("input,select").Each(func(_ int, s *goquery.Selection) {
		kind, value := s.AttrOr("type", ""), s.AttrOr("value", "")
		if _, checked := s.Attr("checked"); (kind == "checkbox" || kind == "radio") && !checked {
			return
		}
		if goquery.NodeName(s) == "select" {
			value = s.Find("option[selected]").AttrOr("value", s.Find("option").First().AttrOr("value", ""))
		}
		values.Set(s.AttrOr("name", ""), value)
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest(http.MethodPost, p.base+form.AttrOr("action", path), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", p.base)
	res, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusBadRequest {
		return nil, fmt.Errorf("post %s: %s", path, res.Status)
	}
	answer, err := goquery.NewDocumentFromReader(res.Body)
	if err == nil {
		answer.Url = res.Request.URL
	}
	return answer, err
}
