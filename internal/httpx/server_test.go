package httpx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"gerai/internal/fault"
)

func TestEveryAnswerIsFramed(t *testing.T) {
	app := NewServer(Options{HTTPS: true})
	app.Get("/ok", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/own", func(c *fiber.Ctx) error {
		SetCSP(c, CSP([]string{Hash("a{}")}, nil, "http://login.hotspot.lan"))
		return c.SendString("ok")
	})
	app.Get("/panic", func(*fiber.Ctx) error { panic("boom") })
	for path, status := range map[string]int{"/ok": 200, "/own": 200, "/panic": 500, "/nothing": 404} {
		res := get(t, app, path)
		if res.StatusCode != status {
			t.Errorf("%s answered %d", path, res.StatusCode)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Strict-Transport-Security": "max-age=31536000", "Content-Security-Policy": "default-src 'none'", "Permissions-Policy": "camera=()",
		} {
			if !strings.HasPrefix(res.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, res.Header.Get(name))
			}
		}
		if len(res.Header.Get("X-Request-Id")) != 16 || res.Header.Get("Server") != "" {
			t.Errorf("%s: id %q, server %q", path, res.Header.Get("X-Request-Id"), res.Header.Get("Server"))
		}
		if cache := res.Header.Get("Cache-Control"); (cache == "no-store") != (status != 200) {
			t.Errorf("%s: cache %q", path, cache)
		}
	}
	own := get(t, app, "/own").Header.Get("Content-Security-Policy")
	want := "default-src 'none'; img-src 'self' data:; connect-src 'self'; style-src 'self' 'sha256-X1RutGBrXCt9KkSaXMK7tHftWiRscFHOhxsS8tv8hBk='; " +
		"script-src 'self'; form-action 'self' http://login.hotspot.lan; base-uri 'none'; frame-ancestors 'none'"
	if own != want {
		t.Errorf("policy is\n%s", own)
	}
}

func TestStringsOutliveTheirRequest(t *testing.T) {
	app := NewServer(Options{})
	var kept []string
	app.Get("/o/:token", func(c *fiber.Ctx) error {
		kept = append(kept, c.Params("token"), c.Query("q"), c.Get("X-A"))
		return nil
	})
	for i := range 50 {
		get(t, app, fmt.Sprintf("/o/token-%02d?q=query-%02d", i, i), fmt.Sprintf("X-A: header-%02d", i))
	}
	for i := range 50 {
		want := fmt.Sprintf("[token-%02d query-%02d header-%02d]", i, i, i)
		if got := fmt.Sprint(kept[3*i : 3*i+3]); got != want {
			t.Fatalf("%s became %s", want, got)
		}
	}
}

func TestErrorsBecomeStatuses(t *testing.T) {
	var err error
	app := NewServer(Options{OnError: func(c *fiber.Ctx, status int, err error) error {
		return c.SendString(fmt.Sprint(status, " ", fault.CodeOf(err)))
	}})
	app.Get("/", func(*fiber.Ctx) error { return fmt.Errorf("wrapped: %w", err) })
	app.Post("/only-post", func(*fiber.Ctx) error { return nil })
	for _, c := range []struct {
		err   error
		want  string
		after string
	}{
		{fault.AtField("plan", "a"), "422 a", ""},
		{fault.New(fault.NotFound, "b"), "404 b", ""},
		{fault.New(fault.Conflict, "c"), "409 c", ""},
		{fault.New(fault.Denied, "d"), "403 d", ""},
		{fault.TooOften("e", 2500*time.Millisecond), "429 e", "3"},
		{fault.TooOften("e", time.Millisecond), "429 e", "1"},
		{fault.New(fault.Unavailable, "f"), "503 f", "5"},
		{fault.New(fault.Unknown, "g"), "503 g", "5"},
		{fault.New(fault.Refused, "h"), "500 h", ""},
		{fault.New(fault.Config, "i"), "500 i", ""},
		{errors.New("plain"), "500 internal", ""},
		{fmt.Errorf("read order: %w", context.DeadlineExceeded), "503 internal", "5"},
		{fmt.Errorf("read order: %w", &net.OpError{Op: "read", Err: io.EOF}), "503 internal", "5"},
		{fiber.ErrTeapot, "418 internal", ""},
	} {
		err = c.err
		res := get(t, app, "/")
		if got := text(t, res); got != c.want || !strings.HasPrefix(got, fmt.Sprint(res.StatusCode)) || res.Header.Get("Retry-After") != c.after {
			t.Errorf("%v: %d %q, retry after %q", c.err, res.StatusCode, got, res.Header.Get("Retry-After"))
		}
	}
	if res := get(t, app, "/only-post"); res.StatusCode != 405 || res.Header.Get("Allow") != "POST" {
		t.Errorf("%d %q", res.StatusCode, res.Header.Get("Allow"))
	}
	if Status(nil) != 200 {
		t.Error("no error is no error")
	}
}

func TestABrokenErrorPageStillAnswers(t *testing.T) {
	app := NewServer(Options{OnError: func(c *fiber.Ctx, _ int, _ error) error {
		c.SendString("half a pa")
		return errors.New("template")
	}})
	res := get(t, app, "/nothing")
	if body := text(t, res); res.StatusCode != 500 || strings.Contains(body, "half") {
		t.Fatalf("%d %q", res.StatusCode, body)
	}
}

func TestLogTellsRoutesNotPaths(t *testing.T) {
	log := &record{}
	app := NewServer(Options{Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelInfo})), Quiet: []string{"/healthz"}})
	app.Use("/admin", func(c *fiber.Ctx) error { return c.Next() })
	app.Get("/o/:token", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/denied", func(c *fiber.Ctx) error { return fault.New(fault.Denied, "staff.denied") })
	app.Get("/broken", func(c *fiber.Ctx) error { return errors.New("disk full") })
	for _, path := range []string{"/o/SECRETTOKEN?mac=SECRETMAC", "/SECRETPATH", "/admin/SECRETPATH", "/healthz", "/denied", "/broken"} {
		get(t, app, path)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	for i, want := range []string{
		`level=INFO msg=request request=`, `status=404`, `route=unmatched`, `status=403 ms=`, `level=ERROR`,
	} {
		if len(lines) != 5 || !strings.Contains(lines[i], want) {
			t.Fatalf("line %d lacks %q:\n%s", i, want, log)
		}
	}
	if strings.Contains(log.String(), "SECRET") || strings.Count(log.String(), "client=") != 1 || !strings.Contains(lines[0], "route=/o/:token status=200") ||
		!strings.Contains(lines[3], "code=staff.denied") || !strings.Contains(lines[4], `error="disk full"`) || strings.Count(log.String(), "unmatched") != 2 {
		t.Errorf("\n%s", log)
	}
}

func TestPanicIsLoggedWithItsStack(t *testing.T) {
	log := &record{}
	app := NewServer(Options{Log: slog.New(slog.NewTextHandler(log, nil))})
	app.Get("/", func(c *fiber.Ctx) error { Log(c).Info("mine"); var m map[string]int; m["x"] = 1; return nil })
	id := get(t, app, "/").Header.Get("X-Request-Id")
	if s := log.String(); strings.Count(s, "request="+id) != 3 || !strings.Contains(s, "nil map") || !strings.Contains(s, "server_test.go") {
		t.Errorf("\n%s", s)
	}
}

func TestContextEndsWithItsRequest(t *testing.T) {
	base, stop := context.WithCancel(context.Background())
	var seen context.Context
	app := NewServer(Options{Base: base, Deadline: time.Hour})
	app.Get("/", func(c *fiber.Ctx) error {
		seen = c.UserContext()
		if end, ok := seen.Deadline(); !ok || time.Until(end) > time.Hour || time.Until(end) < 50*time.Minute {
			t.Errorf("deadline %v %v", end, ok)
		}
		return seen.Err()
	})
	if res := get(t, app, "/"); res.StatusCode != 200 || seen.Err() == nil {
		t.Errorf("%d, context %v", res.StatusCode, seen.Err())
	}
	stop()
	if res := get(t, app, "/"); res.StatusCode != 500 {
		t.Errorf("a stopped server answered %d", res.StatusCode)
	}
}

// What fails because the time of a request is over says that the database is slow,
// whatever words the driver has for it.
func TestDeadlineOf(t *testing.T) {
	app := NewServer(Options{Deadline: time.Hour, DeadlineOf: func(method, path string) time.Duration {
		if method == http.MethodGet && path == "/soon" {
			return time.Millisecond
		}
		return 0
	}})
	app.Get("/soon", func(c *fiber.Ctx) error {
		<-c.UserContext().Done()
		return errors.New("interrupted (9)")
	})
	app.Get("/late", func(c *fiber.Ctx) error {
		if at, ok := c.UserContext().Deadline(); !ok || time.Until(at) < time.Minute {
			return errors.New("another deadline")
		}
		return nil
	})
	if res := get(t, app, "/soon"); res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if res := get(t, app, "/late"); res.StatusCode != http.StatusOK {
		t.Error(res.StatusCode)
	}
}

func TestLimitsOfARequest(t *testing.T) {
	app := NewServer(Options{BodyLimit: 8 << 10})
	app.Post("/", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Post("/small", BodyMax(100), func(c *fiber.Ctx) error { return c.SendString("ok") })
	addr := listen(t, app, nil)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for _, c := range []struct {
		path         string
		body, header int
		want         int
	}{{"/", 8000, 12 << 10, 200}, {"/", 9000, 0, 413}, {"/", 10, 20 << 10, 431}, {"/small", 100, 0, 200}, {"/small", 101, 0, 413}} {
		req, _ := http.NewRequestWithContext(t.Context(), "POST", "http://"+addr+c.path, bytes.NewReader(make([]byte, c.body)))
		req.Header.Set("X-Long", strings.Repeat("x", c.header))
		res, err := client.Do(req)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		res.Body.Close()
		if res.StatusCode != c.want || res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%+v: %d, %v", c, res.StatusCode, res.Header)
		}
	}
}

// A field costs far more in memory than on the wire.
func TestFieldsOfAFormAreBounded(t *testing.T) {
	app := NewServer(Options{})
	app.Post("/", BodyMax(64<<10), func(c *fiber.Ctx) error { return c.SendString(c.FormValue("a")) })
	for fields, want := range map[int]int{1: 200, mostFields: 200, mostFields + 1: 413, 30_000: 413} {
		if res := do(t, app, "POST", "/", "a=b"+strings.Repeat("&c", fields-1)); res.StatusCode != want {
			t.Errorf("%d fields: %d, want %d", fields, res.StatusCode, want)
		}
	}
}

func TestClientBehindProxies(t *testing.T) {
	var ip, net, id string
	handler := func(c *fiber.Ctx) error { ip, net, id = ClientIP(c), ClientNet(c), RequestID(c); return nil }
	// A request without a network comes from 0.0.0.0.
	behind := NewServer(Options{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:ffff::/48")}})
	direct := NewServer(Options{})
	behind.Get("/", handler)
	direct.Get("/", handler)
	for _, c := range []struct {
		header  []string
		ip, net string
	}{
		{nil, "0.0.0.0", "0.0.0.0"},
		{[]string{"X-Forwarded-For: 192.0.2.7"}, "192.0.2.7", "192.0.2.7"},
		{[]string{"X-Forwarded-For: 1.1.1.1, 192.0.2.7"}, "192.0.2.7", "192.0.2.7"},
		{[]string{"X-Forwarded-For: 1.1.1.1, 192.0.2.7, 10.0.0.9"}, "192.0.2.7", "192.0.2.7"},
		{[]string{"X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 192.0.2.8,10.0.0.9"}, "192.0.2.8", "192.0.2.8"},
		{[]string{"X-Forwarded-For: 10.0.0.1, 10.0.0.9"}, "10.0.0.1", "10.0.0.1"},
		{[]string{"X-Forwarded-For: 192.0.2.7, garbage, 10.0.0.9"}, "10.0.0.9", "10.0.0.9"},
		{[]string{"X-Forwarded-For: 192.0.2.7:4711"}, "192.0.2.7", "192.0.2.7"},
		{[]string{"X-Forwarded-For: ::ffff:192.0.2.7"}, "192.0.2.7", "192.0.2.7"},
		{[]string{"X-Forwarded-For: [2001:db8:1:2:3::4]:99, 2001:db8:ffff::1"}, "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
		{[]string{"X-Real-Ip: 9.9.9.9"}, "0.0.0.0", "0.0.0.0"},
	} {
		get(t, behind, "/", c.header...)
		if ip != c.ip || net != c.net {
			t.Errorf("%v: %s, %s", c.header, ip, net)
		}
		get(t, direct, "/", c.header...)
		if ip != "0.0.0.0" {
			t.Errorf("%v believed from anybody: %s", c.header, ip)
		}
	}
	get(t, behind, "/", "X-Request-Id: trace-12345678")
	if id != "trace-12345678" {
		t.Errorf("the proxy's id became %s", id)
	}
	get(t, behind, "/", "X-Request-Id: bad id\"; x=y")
	if len(id) != 16 {
		t.Errorf("took %q", id)
	}
	get(t, direct, "/", "X-Request-Id: trace-12345678")
	if len(id) != 16 {
		t.Errorf("took a stranger's id %q", id)
	}
}

func TestWantsJSON(t *testing.T) {
	app := NewServer(Options{})
	app.Get("/", func(c *fiber.Ctx) error { return c.SendString(fmt.Sprint(WantsJSON(c))) })
	for accept, want := range map[string]string{
		"": "false", "*/*": "false", "application/json": "true", "text/html,application/xhtml+xml,*/*;q=0.8": "false", "text/html;q=0.5,application/json": "true",
	} {
		if got := text(t, get(t, app, "/", "Accept: "+accept)); got != want {
			t.Errorf("%q: %s", accept, got)
		}
	}
}
