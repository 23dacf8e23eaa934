package admin

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"gerai/admin/web"
	"gerai/internal/httpx"
)

// lines is a log that a test reads.
type lines struct {
	mu sync.Mutex
	strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Builder.Write(b)
}

// A person who opens the panel at the machine's own address is told where it
// works, by the configured address and never by the one the request names.
func TestSigningInOverHTTPNamesTheAddressThatWorks(t *testing.T) {
	p := open(t)
	o := p.handler.Options
	o.BaseURL = "https://voucher.example"
	d := web.New(o)
	log := &lines{}
	p.app = httpx.NewServer(httpx.Options{OnError: d.ErrorPage, Log: slog.New(slog.NewTextHandler(log, nil))})
	Mount(d, p.app)
	b := p.browser()
	form := url.Values{"name": {"uji-admin"}, "password": {password}, "csrf": {"of-a-cookie-that-was-not-kept"}}
	for _, path := range []string{"/admin/login", "/admin/setup", "/admin/logout"} {
		for host, origin := range map[string]string{"192.168.88.2:8080": "http://192.168.88.2:8080", "evil.example": "http://evil.example"} {
			a := b.do(http.MethodPost, path, form, "Origin", origin, "Host", host, "Accept-Language", "id")
			page := a.page(http.StatusForbidden)
			if link := page.Find("main a"); link.Length() != 1 || link.AttrOr("href", "") != "https://voucher.example/admin" {
				t.Errorf("%s from %s leads to %q", path, origin, link.AttrOr("href", ""))
			}
			if text := page.Find("main").Text(); !strings.Contains(text, "Panel hanya bisa dipakai lewat alamat aman") || strings.Contains(string(a.body), host) {
				t.Errorf("%s from %s says\n%s", path, origin, text)
			}
		}
	}
	if n := strings.Count(log.String(), "came over http"); n != 6 || !strings.Contains(log.String(), "address=https://voucher.example/admin") || strings.Contains(log.String(), password) {
		t.Errorf("%d lines:\n%s", n, log)
	}
	// What comes over https is refused for its own reason, and a shop on http has no other address.
	if a := b.do(http.MethodPost, "/admin/login", form, "Origin", "https://evil.example"); strings.Contains(string(a.body), "voucher.example") {
		t.Error("a foreign page is told our address")
	}
	p.app = served(p.handler)
	if a := p.browser().do(http.MethodPost, "/admin/login", form, "Origin", "http://evil.example"); a.StatusCode != http.StatusForbidden || strings.Contains(string(a.body), "shop.test/admin") {
		t.Errorf("a shop on http: %d", a.StatusCode)
	}
}
