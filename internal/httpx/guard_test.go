package httpx

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

func TestForeignPagesCannotPost(t *testing.T) {
	for _, allowMissing := range []bool{false, true} {
		app := NewServer(Options{})
		app.Use(SameOrigin(OriginOptions{Origins: []string{"https://shop.example"}, AllowMissing: allowMissing}))
		app.All("/", func(c *fiber.Ctx) error { return c.SendString("ok") })
		for _, c := range []struct {
			method string
			header []string
			want   bool
		}{
			{"POST", []string{"Sec-Fetch-Site: same-origin", "Origin: null"}, true},
			{"POST", []string{"Sec-Fetch-Site: none"}, true},
			{"POST", []string{"Sec-Fetch-Site: cross-site"}, false},
			{"POST", []string{"Sec-Fetch-Site: same-site", "Origin: http://gerai.test"}, false},
			{"POST", []string{"Sec-Fetch-Site: cross-site", "Origin: https://shop.example"}, true},
			{"POST", []string{"Origin: http://gerai.test"}, true},
			{"POST", []string{"Origin: http://GERAI.test"}, true},
			{"POST", []string{"Origin: http://gerai.test:81"}, false},
			{"POST", []string{"Origin: http://evil.test"}, false},
			{"POST", []string{"Origin: http://gerai.test.evil"}, false},
			{"POST", []string{"Origin: %%%"}, false},
			{"POST", nil, allowMissing},
			{"POST", []string{"Origin: null"}, allowMissing},
			{"DELETE", nil, allowMissing},
			{"GET", []string{"Sec-Fetch-Site: cross-site"}, true},
			{"HEAD", []string{"Origin: http://evil.test"}, true},
		} {
			res := do(t, app, c.method, "http://gerai.test/", "", c.header...)
			if got := res.StatusCode == 200; got != c.want || !got && res.StatusCode != 403 {
				t.Errorf("missing allowed %v: %s %v: %d", allowMissing, c.method, c.header, res.StatusCode)
			}
		}
	}
}

func TestReferrerForDoorsWithCookies(t *testing.T) {
	app := NewServer(Options{})
	app.Get("/", ReferrerSameOrigin, func(c *fiber.Ctx) error { return nil })
	if got := get(t, app, "/").Header.Get("Referrer-Policy"); got != "same-origin" {
		t.Errorf("%q", got)
	}
}

func csrfApp(key string, session *string) *fiber.App {
	g := CSRF{Key: []byte(key), Cookie: "csrf", Secure: true, Session: func(*fiber.Ctx) string { return *session }}
	app := NewServer(Options{})
	app.Use(g.Guard)
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString(g.Token(c) + " " + g.Token(c)) })
	app.Post("/", func(c *fiber.Ctx) error { return c.SendString("done") })
	return app
}

func TestCSRFTokens(t *testing.T) {
	session := "s1"
	app := csrfApp("0123456789abcdef0123456789abcdef", &session)
	page := get(t, app, "/")
	var cookie *http.Cookie
	for _, c := range page.Cookies() {
		cookie = c
	}
	if cookie == nil || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || !cookie.Expires.IsZero() {
		t.Fatalf("%+v", cookie)
	}
	tokens := strings.Fields(text(t, page))
	if len(tokens) != 2 || tokens[0] == tokens[1] {
		t.Fatalf("tokens are not fresh: %v", tokens)
	}
	with := "Cookie: csrf=" + cookie.Value
	if again := get(t, app, "/", with); len(again.Cookies()) != 0 {
		t.Error("a good cookie was replaced, which breaks forms in other tabs")
	}
	post := func(app *fiber.App, body string, header ...string) int {
		return do(t, app, "POST", "/", body, header...).StatusCode
	}
	if post(app, "csrf="+tokens[0], with) != 200 || post(app, "a=b", with, "X-Csrf-Token: "+tokens[1]) != 200 {
		t.Error("an honest form was refused")
	}
	flipped := "A" + tokens[0][1:]
	if flipped == tokens[0] {
		flipped = "B" + tokens[0][1:]
	}
	other := csrfApp("another key another key another k", &session)
	for name, status := range map[string]int{
		"no token": post(app, "a=b", with), "no cookie": post(app, "csrf="+tokens[0]), "flipped": post(app, "csrf="+flipped, with),
		"foreign cookie": post(app, "csrf="+tokens[0], "Cookie: csrf=AAAAAAAAAAAAAAAAAAAAAA"), "short": post(app, "csrf=AAAA", with),
		"no base64": post(app, "csrf=!!!", with), "other key": post(other, "csrf="+tokens[0], with), "bad cookie": post(app, "csrf="+tokens[0], "Cookie: csrf=x"),
	} {
		if status != 403 {
			t.Errorf("%s: %d", name, status)
		}
	}
	session = "s2"
	if post(app, "csrf="+tokens[0], with) != 403 {
		t.Error("a token of another session passed")
	}
}
