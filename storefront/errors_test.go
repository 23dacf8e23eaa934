package storefront

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"gerai/internal/catalog"
	"gerai/internal/httpx"
	"gerai/internal/shop/shoptest"
	"gerai/templates"
)

// TestUnknownOrdersLookAlike: whatever is made up, in every route, the answer
// is the same page.
func TestUnknownOrdersLookAlike(t *testing.T) {
	v := open(t)
	want := v.get("/o/" + strings.Repeat("0", 40)).page(http.StatusNotFound)
	for _, p := range []string{"/o/x", "/o/" + strings.Repeat("f", 40) + "/status", "/o/" + strings.Repeat("0", 39) + "é/qr.png", "/nowhere", "/o/" + strings.Repeat("0", 40) + "/events", "/assets/x.js", "/brand/logo-0"} {
		if got := v.get(p).page(http.StatusNotFound); text(got.Find("body")) != text(want.Find("body")) {
			t.Errorf("%s: %s", p, text(got.Find("main")))
		}
	}
	for _, action := range []string{"check", "method", "connect", "renew"} {
		if got := v.post("/o/"+strings.Repeat("0", 40)+"/"+action, "method", "qris", "nonce", "n").page(http.StatusNotFound); text(got.Find("body")) != text(want.Find("body")) {
			t.Errorf("%s: %s", action, text(got.Find("main")))
		}
	}
	a, b := v.get("/o/"+strings.Repeat("0", 40)), v.get("/o/"+strings.Repeat("f", 40))
	if len(a.body) != len(b.body) {
		t.Error("the size tells them apart")
	}
	if got := v.get("/nowhere?lang=en").page(http.StatusNotFound).Find("h1").Text(); got != "Page not found" {
		t.Errorf("%q", got)
	}
}

func TestErrorsAreHumanAndSilentAboutCauses(t *testing.T) {
	v := open(t)
	dead, cancel := context.WithCancel(t.Context())
	cancel() // every read fails, as with a database that is away
	v.app = httpx.NewServer(httpx.Options{OnError: v.handler.ErrorPage, Base: dead})
	v.handler.Mount(v.app)
	a := v.get("/h/kopi-pojok")
	if a.StatusCode < 500 || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	body := strings.ToLower(a.page(a.StatusCode).Find("main").Text())
	for _, word := range []string{"sql", "database", "store", "panic", "gagal"} {
		if strings.Contains(body, word) {
			t.Errorf("people read %q: %s", word, body)
		}
	}
	if !strings.Contains(body, "aman") {
		t.Errorf("%s", body)
	}
	if big := v.do(http.MethodPost, "/klaim", strings.NewReader("code="+strings.Repeat("x", 20<<10))); big.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", big.StatusCode)
	}
}

func TestAssets(t *testing.T) {
	logo := []byte("\x89PNG\r\n\x1a\nnot really a picture")
	v := open(t, shoptest.Selling(func(c *catalog.Catalogue) { c.Brand.Logo, c.Brand.LogoType = logo, "image/png" }))
	doc := v.get("/h/kopi-pojok").page(http.StatusOK)
	for sel, attr := range map[string]string{"script": "src", "link[rel=icon]": "href", ".brand img": "src"} {
		p := doc.Find(sel).AttrOr(attr, "")
		a := v.get(p)
		if a.StatusCode != http.StatusOK || a.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %q: %d %v", sel, p, a.StatusCode, a.Header)
		}
	}
	for _, a := range templates.Assets() {
		if got := v.get(a.Path); string(got.body) != string(a.Body) || got.Header.Get("Content-Type") != a.Type {
			t.Errorf("%s: %v", a.Path, got.Header)
		}
	}
}
